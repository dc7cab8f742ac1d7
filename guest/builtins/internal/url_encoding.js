'use strict';
// What whatwg-url asks of TextEncoder and TextDecoder.
const bytes = internal('bytes');

module.exports = {
  utf8Encode: (string) => bytes.encode(string, 0),
  utf8DecodeWithoutBOM: (view) => bytes.decode(view, 0),
};
