#include "helpers.hpp"

namespace pac {

const char* const kHelpers = R"js(
'use strict';

// ---- hosts and domains ----

globalThis.isPlainHostName = host => !/[.:]/.test(host);

globalThis.dnsDomainIs = (host, domain) => String(host).endsWith(domain);

// "www" and "www.example.com" both mean "www.example.com".
globalThis.localHostOrDomainIs = (host, full) =>
  host === full || String(full).startsWith(host + '.');

globalThis.dnsDomainLevels = host => String(host).split('.').length - 1;

globalThis.isResolvable = host => dnsResolve(host) !== null;
globalThis.isResolvableEx = host => dnsResolveEx(host) !== '';

// ---- addresses ----

{
  // Four decimal parts up to 255, or undefined.
  const parts = text => {
    if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
    const numbers = text.split('.').map(Number);
    return numbers.every(number => number <= 255) ? numbers : undefined;
  };

  // A signed number of 32 bits, as it has always been.
  globalThis.convert_addr = text => {
    const [a, b, c, d] = parts(text) ?? [0, 0, 0, 0];
    return (a << 24) | (b << 16) | (c << 8) | d;
  };

  globalThis.isInNet = (host, pattern, mask) => {
    const address = parts(host) !== undefined ? host : dnsResolve(host);
    if (address === null || !parts(pattern) || !parts(mask)) return false;
    const bits = convert_addr(mask);
    return (convert_addr(address) & bits) === (convert_addr(pattern) & bits);
  };
}

// ---- patterns ----

// * is any text, ? one character. Without a regular expression, so that no pattern takes more than
// length times length steps.
globalThis.shExpMatch = (text, pattern) => {
  text = String(text);
  pattern = String(pattern);
  let at = 0, next = 0, star = -1, resume = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      resume = at;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      ++at;
      ++next;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[next] === '*') ++next;
  return next === pattern.length;
};

// ---- days and hours ----

{
  const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN',
                  'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

  // The arguments without a trailing "GMT", and what the clock shows there.
  const clock = args => {
    const utc = args.at(-1) === 'GMT';
    const now = new Date();
    const get = unit => utc ? now['getUTC' + unit]() : now['get' + unit]();
    return [utc ? args.slice(0, -1) : args, get];
  };

  // Lists of numbers, the most significant first.
  const compare = (a, b) => {
    for (let i = 0; i < a.length; ++i) if (a[i] !== b[i]) return a[i] - b[i];
    return 0;
  };

  // Both ends belong to the range. One that ends before it begins goes round: FRI to MON, 22 to 6.
  const between = (from, now, to) =>
    compare(from, to) <= 0 ? compare(from, now) <= 0 && compare(now, to) <= 0
                           : compare(from, now) <= 0 || compare(now, to) <= 0;

  globalThis.weekdayRange = (...args) => {
    const [names, get] = clock(args);
    if (names.length < 1 || names.length > 2) return false;
    const [from, to = from] = names.map(name => days.indexOf(name));
    return from >= 0 && to >= 0 && between([from], [get('Day')], [to]);
  };

  // A point in time as the file writes it: which units it has is told by its arguments.
  const point = args => {
    const found = {};
    for (const arg of args) {
      const unit = months.includes(arg) ? 'Month' : arg > 31 ? 'FullYear' : 'Date';
      if (unit in found) return undefined;
      const value = unit === 'Month' ? months.indexOf(arg) : Number(arg);
      if (!Number.isInteger(value) || value < 0 || (unit === 'Date' && value < 1)) return undefined;
      found[unit] = value;
    }
    return found;
  };

  globalThis.dateRange = (...args) => {
    const [list, get] = clock(args);
    let from, to;
    const whole = point(list);
    if (list.length >= 1 && list.length <= 3 && whole !== undefined) {
      from = to = whole;
    } else if ([2, 4, 6].includes(list.length)) {
      from = point(list.slice(0, list.length / 2));
      to = point(list.slice(list.length / 2));
    }
    if (from === undefined || to === undefined) return false;
    const units = ['FullYear', 'Month', 'Date'].filter(unit => unit in from);
    if (units.length !== Object.keys(to).length || units.some(unit => !(unit in to))) return false;
    const [first, now, last] = [units.map(unit => from[unit]), units.map(get),
                                units.map(unit => to[unit])];
    if (units[0] === 'FullYear' && compare(first, last) > 0) return false;  // years do not go round
    return between(first, now, last);
  };

  const maxima = [23, 59, 59];

  globalThis.timeRange = (...args) => {
    const [list, get] = clock(args);
    if (![1, 2, 4, 6].includes(list.length)) return false;
    const half = Math.max(1, list.length / 2);
    const from = list.slice(0, half).map(Number);
    const to = list.length === 1 ? from : list.slice(half).map(Number);
    const fits = (value, i) => Number.isInteger(value) && value >= 0 && value <= maxima[i];
    if (!from.every(fits) || !to.every(fits)) return false;
    return between(from, ['Hours', 'Minutes', 'Seconds'].slice(0, half).map(get), to);
  };
}
)js";

}  // namespace pac
