'use strict';
module.exports = require('internal/unavailable')(
  'http2',
  [
    'connect',
    'createSecureServer',
    'createServer',
    'getDefaultSettings',
    'getPackedSettings',
    'getUnpackedSettings',
  ],
  ['Http2ServerRequest', 'Http2ServerResponse'],
  { constants: {}, sensitiveHeaders: Symbol('nodejs.http2.sensitiveHeaders') },
);
