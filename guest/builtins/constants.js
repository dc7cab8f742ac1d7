'use strict';
const { dlopen, errno, priority, signals } = require('internal/os_constants');

module.exports = Object.freeze({
  ...dlopen,
  ...errno,
  ...priority,
  ...signals,
  ...require('internal/fs_constants'),
});
