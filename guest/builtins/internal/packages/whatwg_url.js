'use strict';
// The parser of the URL Standard; the classes over it are in internal/url.js.
module.exports = {
  ...require('whatwg-url/lib/url-state-machine.js'),
  ...require('whatwg-url/lib/urlencoded.js'),
};
