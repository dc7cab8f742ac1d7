'use strict';
// Globs as path.matchesGlob takes them: *, ?, [...], {a,b}, and ** for any number of folders.
function toPattern(glob, separator) {
  const notSlash = separator === '/' ? '[^/]' : '[^\\\\/]';
  const slash = separator === '/' ? '/' : '[\\\\/]';
  let out = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i];
    const isStart = i === 0 || glob[i - 1] === '/';
    if (c === '*') {
      if (glob[i + 1] === '*' && isStart && (i + 2 >= glob.length || glob[i + 2] === '/')) {
        if (i + 2 >= glob.length) {
          out += `(?:(?!\\.)${notSlash}+(?:${slash}(?!\\.)${notSlash}+)*)?`;
          i++;
        } else {
          out += `(?:(?!\\.)${notSlash}+${slash})*`;
          i += 2;
        }
      } else {
        out += `${isStart ? '(?!\\.)' : ''}${notSlash}*`;
        while (glob[i + 1] === '*') i++;
      }
    } else if (c === '?') out += notSlash;
    else if (c === '[') {
      const end = glob.indexOf(']', i + 2);
      if (end < 0) out += '\\[';
      else {
        out += `[${glob
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replace(/\\/g, '\\\\')}]`;
        i = end;
      }
    } else if (c === '{') {
      out += '(?:';
      depth++;
    } else if (c === '}' && depth > 0) {
      out += ')';
      depth--;
    } else if (c === ',' && depth > 0) out += '|';
    else if (c === '/') out += slash;
    else if (c === '\\' && separator === '/' && i + 1 < glob.length)
      out += glob[++i].replace(/[|\\{}()[\]^$+*?.]/, '\\$&');
    else out += c.replace(/[|\\{}()[\]^$+*?.]/, '\\$&');
  }
  return new RegExp(`^${out}$`);
}

module.exports = {
  matchesGlob: (path, glob, separator) => toPattern(glob, separator).test(path),
};
