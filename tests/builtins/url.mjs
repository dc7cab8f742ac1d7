// node:url.
import url, {
  URL,
  URLSearchParams,
  fileURLToPath,
  pathToFileURL,
  urlToHttpOptions,
  domainToASCII,
  domainToUnicode,
} from 'node:url';
const show = (...args) => console.log(...args);
const thrown = (f) => {
  try {
    show('no error', f());
  } catch (error) {
    show(error.name, error.code, error.message, error.input, error.base);
  }
};
const inputs = [
  'http://example.com',
  'https://user:pa%20ss@EXAMPLE.com:8080/a/../b?q=1&r=é#h h',
  'file:///C:/a/./b',
  'data:text/plain,hi there',
  'http://[::1]:80/',
  'http://1.2.3',
  'http://0x7f.1/',
  'mailto:a@b',
  'javascript:alert(1)',
  'http://münchen.de/ä',
  'http://faß.de',
  'http://日本語.jp',
  'ws://a:80',
  'http://a b',
  '',
  'foo',
  '//x',
  'http://',
  'http://a.com:99999',
  'HTTP://A.COM/%7Efoo/%zz',
  'non-special://h/p?q',
  'http://a.com/\\b',
  'http://xn--mnchen-3ya.de',
  'http://a%41.com',
  'blob:https://a.com/x',
  'http://user@:80/',
  'http://ex.com./',
  'http://\u{1F600}.com',
  'http://a..b',
];
for (const input of inputs) {
  try {
    const u = new URL(input);
    show(
      input,
      u.href,
      u.origin,
      [
        u.protocol,
        u.username,
        u.password,
        u.host,
        u.hostname,
        u.port,
        u.pathname,
        u.search,
        u.hash,
      ].join('|'),
    );
  } catch (error) {
    show(input, error.name, error.code, error.message, error.input);
  }
}
for (const [rel, base] of [
  ['../x', 'http://a/b/c/d'],
  ['//h/p', 'https://a/b'],
  ['?q', 'http://a/b?c#d'],
  ['#f', 'http://a/b?c'],
  ['x', 'data:text/plain,a'],
  ['', 'http://a/b'],
  ['/abs', 'file:///x/y'],
  ['a', 'nope'],
])
  thrown(() => new URL(rel, base).href);
show(
  URL.canParse('x:y'),
  URL.canParse('x'),
  URL.canParse('x', 'http://a'),
  URL.parse('nope'),
  URL.parse('http://a/b').href,
);
const u = new URL('https://user:pw@host.com:444/p/a/t/h?query=string#hash');
show(u);
show({ u }, [u]);
show(JSON.stringify({ u }), String(u), `${u.searchParams}`);
u.protocol = 'http';
u.host = 'other:81';
u.pathname = '/new path';
u.search = '?a=b c&d';
u.hash = 'frag ment';
u.username = 'ü';
u.password = '';
show(u.href);
u.port = '80';
u.hostname = 'x.y';
show(u.href);
u.port = 'abc';
u.protocol = 'mailto';
show(u.href);
u.searchParams.append('z', 'ä&=');
u.searchParams.delete('d');
show(u.href, u.search);
u.search = '';
show(u.href, [...u.searchParams]);
u.href = 'http://re.set/?k=v';
show(u.searchParams.get('k'));
thrown(() => {
  u.href = 'bad';
});
thrown(() => new URL());
thrown(() => URL.prototype.href);
for (const init of [
  'a=1&b=2&a=3',
  '?x=%20+y&=v&k',
  { a: 1, b: 'x y' },
  [
    ['a', 'b'],
    ['c', 'd'],
  ],
  new Map([['m', 'n']]),
  '',
  'a=%zz&é=ü',
  undefined,
]) {
  const p = new URLSearchParams(init);
  show(String(p), [...p], p.size, p.get('a'), p.getAll('a'), p.has('a'), p.has('a', '3'));
  show(p, p.keys(), p.entries());
}
const p = new URLSearchParams('c=3&a=1&b=2&a=0');
p.sort();
show(`${p}`);
p.set('a', 'x');
p.append('new', '~!*()\'"<>');
show(`${p}`);
p.forEach((v, k, o) => show(k, v, o === p));
p.delete('a', 'y');
p.delete('b', '2');
show(`${p}`);
thrown(() => new URLSearchParams([['a']]));
thrown(() => new URLSearchParams({ [Symbol.iterator]: 5 }));
thrown(() => p.get());
thrown(() => URLSearchParams.prototype.get.call({}, 'a'));
for (const input of [
  'file:///a/b%20c',
  'file:///a%2Fb',
  'file://host/a',
  'http://a',
  'file:///%E2%82%AC',
  new URL('file:///x'),
])
  thrown(() => fileURLToPath(input));
thrown(() => fileURLToPath(5));
thrown(() => fileURLToPath('file:///C:/a/b', { windows: true }));
for (const input of ['/a b', '/a#b?c%d', '/x\\y', '/é', '/dir/', '/a\nb'])
  show(pathToFileURL(input).href);
thrown(() => pathToFileURL(5));
show(pathToFileURL('C:\\a b', { windows: true }).href);
show(
  urlToHttpOptions(new URL('https://a:b@測試.com:8/x?y#z')),
  domainToASCII('español.com'),
  domainToASCII('xn--iñvalid.com'),
  domainToUnicode('xn--espaol-zwa.com'),
);
const legacy = [
  'http://user:pass@host.com:8080/p/a/t/h?query=string#hash',
  'mailto:a@b.c',
  '/p?q=1',
  'http://a.com\\b',
  'javascript:alert(1)',
  '//host/path',
  'http://[fe80::1]/x',
  'HTTP://EXAMPLE.com',
  'a b',
  'x:y',
  'http://a.com?x',
  '  http://trim.me  ',
  'http://münchen.de/',
  'http://a.com/{x}|y',
];
for (const input of legacy) {
  const r = url.parse(input);
  show(JSON.stringify(r), url.format(r));
}
show(
  url.parse('http://a/?x=1&y=2', true).query,
  url.parse('//h/p', false, true).host,
  url.parse('/p', true).query,
);
show(url.parse('http://h/p'));
thrown(() => url.parse(5));
thrown(() => url.parse('http://a\0b/'));
for (const [a, b] of [
  ['/one/two/three', 'four'],
  ['http://example.com/', '/one'],
  ['http://example.com/one', '/two'],
  ['http://a.com/b/c?q', '?r'],
  ['http://a.com/b/c', '../d'],
  ['http://a.com', '//b.com/c'],
  ['http://a.com/b', '#h'],
  ['a/b', '../../c'],
  ['http://a/b', 'https:c'],
  ['mailto:a@b', 'c'],
  ['http://u:p@h/a', 'b'],
  ['/a/b/.', '..'],
  ['http://a.com/b', ''],
])
  show(url.resolve(a, b));
show(
  url.format({ protocol: 'http', host: 'h.com', pathname: 'p', query: { a: [1, 2] }, hash: 'x' }),
  url.format({ hostname: 'x', port: 5, slashes: true }),
  url.format(new URL('http://a:b@測試.com/p?q#h'), {
    auth: false,
    fragment: false,
    unicode: true,
    search: false,
  }),
);
thrown(() => url.format(5));
