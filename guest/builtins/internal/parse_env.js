'use strict';
// The text of a .env file, as an object.
const { validateString } = require('internal/validators');

function parseEnv(content) {
  validateString(content, 'content');
  const result = {};
  const key_ = '[ \\t]*(?:export[ \\t]+)?([^#=\\s][^=\\n]*?)[ \\t]*=[ \\t]*';
  const value = '(?:"([^"]*)"|\'([^\']*)\'|`([^`]*)`|([^\\n#]*))?[^\\n]*';
  const line = new RegExp(`^${key_}${value}$`, 'gm');
  for (const [, key, double, single, back, plain] of content
    .replace(/\r\n?/g, '\n')
    .matchAll(line)) {
    result[key] =
      double !== undefined
        ? double.replace(/\\n/g, '\n')
        : (single ?? back ?? (plain ?? '').trim());
  }
  return result;
}

module.exports = { parseEnv };
