'use strict';
const names = [
  'getServers',
  'lookup',
  'lookupService',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCaa',
  'resolveCname',
  'resolveMx',
  'resolveNaptr',
  'resolveNs',
  'resolvePtr',
  'resolveSoa',
  'resolveSrv',
  'resolveTlsa',
  'resolveTxt',
  'reverse',
  'setServers',
];
const codes =
  'NODATA FORMERR SERVFAIL NOTFOUND NOTIMP REFUSED BADQUERY BADNAME BADFAMILY BADRESP ' +
  'CONNREFUSED TIMEOUT EOF FILE NOMEM DESTRUCTION BADSTR BADFLAGS NONAME BADHINTS ' +
  'NOTINITIALIZED LOADIPHLPAPI ADDRGETNETWORKPARAMS CANCELLED';
const others = {
  getDefaultResultOrder: () => 'verbatim',
  setDefaultResultOrder() {},
};
for (const name of codes.split(' ')) others[name] = name === 'EOF' ? name : `E${name}`;

module.exports = require('internal/unavailable')('dns', names, ['Resolver'], {
  ...others,
  ADDRCONFIG: 1024,
  ALL: 256,
  V4MAPPED: 2048,
  promises: require('internal/unavailable')('dns.promises', names, ['Resolver'], others),
});
