'use strict';
module.exports = Object.freeze({
  ...require('os').constants.errno,
  ...require('os').constants.signals,
  ...require('internal/fs_constants'),
});
