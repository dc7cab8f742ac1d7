// Plain bytecode and nothing else: no allocation, no call, no property.
(() => {
  let i = 0;
  while (i < 30000000) i = i + 1;
  return i;
})()
