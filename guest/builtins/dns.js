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
  'resolveTxt',
  'reverse',
  'setServers',
];
const others = {
  ADDRCONFIG: 1024,
  ALL: 256,
  V4MAPPED: 2048,
  NOTFOUND: 'ENOTFOUND',
  getDefaultResultOrder: () => 'verbatim',
  setDefaultResultOrder() {},
};
module.exports = require('internal/unavailable')('dns', names, ['Resolver'], {
  ...others,
  promises: require('internal/unavailable')('dns.promises', names, ['Resolver'], others),
});
