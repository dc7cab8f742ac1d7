// 64 MB of bytes, of which as many pages are written as somebody asks for: one byte of each.
globalThis.bytes = new Uint8Array(64 << 20);
globalThis.write_pages = (count) => {
  for (let page = 0; page < count; page++) bytes[page * 4096 + 17]++;
};
bytes.length
