// Headers, Request and Response, without a network.
const attempt = (f) => {
  try {
    return f();
  } catch (error) {
    return error.name;
  }
};

// ---- Headers
const headers = new Headers({ 'X-B': ' two ', 'x-a': '1' });
headers.append('X-A', '2');
headers.append('Set-Cookie', 'a=1');
headers.append('set-cookie', 'b=2');
console.log([...headers], [...headers.keys()], [...headers.values()]);
console.log(headers.get('x-a'), headers.get('none'), headers.has('X-b'), headers.getSetCookie());
headers.set('x-a', '3');
headers.delete('X-B');
headers.forEach((value, name, all) => console.log(name, value, all === headers));
console.log(new Headers([['a', 'b']]).get('A'), new Headers(headers).get('x-a'));
console.log(Object.prototype.toString.call(headers), String(headers));
for (const bad of [
  () => new Headers(null),
  () => new Headers('a'),
  () => new Headers([['a']]),
  () => new Headers([['a', 'b', 'c']]),
  () => new Headers({ 'a b': 'c' }),
  () => new Headers({ a: 'b\0c' }),
  () => new Headers({ a: 'b\nc' }),
  () => new Headers({ a: '\u0100' }),
  () => headers.append('a'),
  () => headers.get(''),
  () => headers.forEach(1),
])
  console.log(attempt(bad));
console.log(new Headers({ a: '\n b\t' }).get('a'), new Headers(undefined).has('a'));

// ---- Request
const request = new Request('https://EXAMPLE.com/a/../b?c#d', {
  method: 'post',
  headers: { 'X-One': '1' },
  body: 'text',
});
console.log(request.method, request.url, [...request.headers], request.bodyUsed);
console.log(request.redirect, request.credentials, request.cache, request.mode, request.referrer);
console.log(request.destination === '', request.integrity === '', request.keepalive);
console.log(request.duplex);
console.log(request.signal.aborted, request.signal === request.signal);
const copy = request.clone();
console.log(await request.text(), request.bodyUsed, await copy.text());
console.log(await request.text().catch((error) => error.name));
console.log(attempt(() => request.clone()));
const moved = new Request(new Request('http://a.example/', { method: 'PUT', body: 'x' }));
console.log(moved.method, await moved.text());
for (const method of ['get', 'Head', 'options', 'delete', 'put', 'custom'])
  console.log(method, new Request('http://a.example', { method }).method);
for (const bad of [
  () => new Request(),
  () => new Request('/relative'),
  () => new Request('http://u:p@a.example/'),
  () => new Request('http://a.example', { body: 'x' }),
  () => new Request('http://a.example', { method: 'TRACE' }),
  () => new Request('http://a.example', { method: 'a b' }),
  () => new Request('http://a.example', { redirect: 'sideways' }),
  () => new Request('http://a.example', { signal: 1 }),
])
  console.log(attempt(bad));
const types = [
  'text',
  new URLSearchParams({ a: 'b c' }),
  new Blob(['x'], { type: 'image/png' }),
  new Uint8Array([1, 2]),
  new Uint8Array([1, 2]).buffer,
  { toString: () => 'object' },
];
for (const body of types) {
  const one = new Request('http://a.example', { method: 'POST', body });
  console.log(one.headers.get('content-type'), (await one.arrayBuffer()).byteLength);
}

// ---- Response
const made = { status: 201, statusText: 'Made', headers: { b: 'c' } };
const response = new Response('{"a": [1]}', made);
console.log(response.status, response.ok, response.statusText, response.type, response.url === '');
console.log(response.redirected, response.bodyUsed, [...response.headers]);
const second = response.clone();
console.log(await response.json(), response.bodyUsed, await second.text());
console.log(new Response().body, await new Response().text(), new Response(null).bodyUsed);
console.log(await new Response('\ufeffmark').text());
console.log(new Uint8Array(await new Response('ä').arrayBuffer()));
const blob = await new Response('b', { headers: { 'content-type': 'a/b' } }).blob();
console.log(blob.size, blob.type);
console.log(await new Response('{').json().catch((error) => error.name));
const chunks = [];
for await (const chunk of new Response('chunk').body) chunks.push(...chunk);
console.log(chunks);
const json = Response.json({ a: 1 }, { status: 202 });
console.log(json.status, json.headers.get('content-type'), await json.text());
const away = Response.redirect('http://a.example/x', 307);
console.log(away.status, away.headers.get('location'));
const broken = Response.error();
console.log(broken.type, broken.status, broken.ok, attempt(() => broken.headers.append('a', 'b')));
console.log([200, 299, 300, 404].map((status) => new Response(null, { status }).ok));
for (const bad of [
  () => new Response(null, { status: 199 }),
  () => new Response(null, { status: 600 }),
  () => new Response('x', { status: 204 }),
  () => new Response(null, { statusText: '\n' }),
  () => Response.redirect('http://a.example', 200),
  () => Response.redirect('::'),
  () => Response.json(undefined),
])
  console.log(attempt(bad));
console.log(Object.prototype.toString.call(request), Object.prototype.toString.call(response));
