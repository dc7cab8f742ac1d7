'use strict';
module.exports = require('internal/unavailable')(
  'inspector',
  ['open', 'waitForDebugger'],
  ['Session'],
  { close() {}, url: () => undefined, console },
);
