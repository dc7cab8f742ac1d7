'use strict';
module.exports = require('internal/unavailable')(
  'tls',
  ['checkServerIdentity', 'connect', 'createSecureContext', 'createServer', 'getCiphers'],
  ['SecureContext', 'Server', 'TLSSocket'],
  {
    rootCertificates: [],
    DEFAULT_MIN_VERSION: 'TLSv1.2',
    DEFAULT_MAX_VERSION: 'TLSv1.3',
    DEFAULT_ECDH_CURVE: 'auto',
  },
);
