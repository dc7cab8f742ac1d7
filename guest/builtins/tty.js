'use strict';
const { codes } = require('internal/errors');
const stream = (name) =>
  class {
    constructor() {
      throw new codes.ERR_UNAVAILABLE(name);
    }
  };

module.exports = {
  isatty: () => false,
  ReadStream: stream('tty.ReadStream'),
  WriteStream: stream('tty.WriteStream'),
};
