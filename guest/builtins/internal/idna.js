'use strict';
// What whatwg-url asks of the package tr46, whose tables alone are larger than all other built-ins:
// UTS #46 by the engine's own Unicode data. Its mapping is NFKC with case folded and ignorable
// characters left out; what has no such mapping and is no letter, mark, number or joiner is
// refused.
const punycode = require('punycode');

const ignored =
  /[\u00AD\u034F\u180B-\u180F\u200B\u2060\u2064\uFE00-\uFE0F\uFEFF\u{E0100}-\u{E01EF}]/gu;
const folded = { '\u03C2': '\u03C2', '\u00DF': '\u00DF', '\u1E9E': 'ss' };

function map(domain) {
  let out = '';
  for (const c of domain.replace(ignored, '').replace(/[\u3002\uFF0E\uFF61]/g, '.')) {
    out += folded[c] ?? c.toLowerCase();
  }
  out = out.normalize('NFKC').toLowerCase().replace(ignored, '').normalize('NFC');
  return out;
}

const valid =
  /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Po}\p{S}\u200C\u200D\u00B7\u0375\u05F3\u05F4\u30FB\0-\x7f]*$/u;
const ascii = /^[\0-\x7f]*$/;

function isValidLabel(label) {
  if (label !== label.normalize('NFC') || /^\p{M}/u.test(label) || !valid.test(label)) return false;
  if (/[\u2FF0-\u2FFB\uFFF9-\uFFFD\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u.test(label.replace(/[\0-\x7f]/g, '')))
    return false;
  if (/[\u200C\u200D]/u.test(label) && !/\p{M}[\u200C\u200D]|\p{L}\u200C\p{L}/u.test(label))
    return false;
  return map(label) === label;
}

function toASCII(domain, options = {}) {
  const labels = map(domain).split('.');
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label.startsWith('xn--')) {
      let unicode;
      try {
        unicode = punycode.decode(label.slice(4));
      } catch {
        return null;
      }
      if (unicode === '' || ascii.test(unicode) || !isValidLabel(unicode)) return null;
      if (`xn--${punycode.encode(unicode)}` !== label) return null;
    } else if (!ascii.test(label)) {
      if (!isValidLabel(label)) return null;
      labels[i] = `xn--${punycode.encode(label)}`;
    }
  }
  const result = labels.join('.');
  if (options.verifyDNSLength && (result.length === 0 || result.length > 253)) return null;
  return result;
}

function toUnicode(domain) {
  let error = false;
  const labels = map(domain)
    .split('.')
    .map((label) => {
      if (!label.startsWith('xn--')) return label;
      try {
        const unicode = punycode.decode(label.slice(4));
        if (isValidLabel(unicode)) return unicode;
      } catch {
        // Shown as it is.
      }
      error = true;
      return label;
    });
  return { domain: labels.join('.'), error };
}

module.exports = { toASCII, toUnicode };
