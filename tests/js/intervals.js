// Intervals: counted, cancelled from inside and from outside, two of them interleaved.
const start = Date.now();
const log = [];
let beats = 0;
const heart = setInterval((sound) => {
  log.push(`${Date.now() - start}:${sound}`);
  if (++beats === 4) clearInterval(heart);
}, 100, "beat");
const clock = setInterval(() => log.push(`${Date.now() - start}:tick`), 250);
setTimeout(() => {
  clearInterval(clock);
  console.log(log.join(" "));
}, 1100);
