module.exports = require('internal/packages/readable_stream');
