'use strict';
module.exports = Object.assign(
  require('internal/packages/readable_stream'),
  require('internal/lazy').functionsFrom('internal/duplex_pair', ['duplexPair']),
);
