'use strict';
const names = [
  'clearLine',
  'clearScreenDown',
  'createInterface',
  'cursorTo',
  'emitKeypressEvents',
  'moveCursor',
];
module.exports = require('internal/unavailable')('readline', names, ['Interface'], {
  promises: require('internal/unavailable')(
    'readline.promises',
    ['createInterface'],
    ['Interface', 'Readline'],
  ),
});
