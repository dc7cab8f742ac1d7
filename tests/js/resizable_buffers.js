// Buffers that grow and shrink under their views.
const buffer = new ArrayBuffer(8, { maxByteLength: 32 });
const tracking = new Uint8Array(buffer);
const offset = new Uint8Array(buffer, 4);
const fixed = new Uint8Array(buffer, 0, 8);
tracking.set([1, 2, 3, 4, 5, 6, 7, 8]);
const show = (what) =>
  console.log(what, buffer.byteLength, tracking.length, offset.length, fixed.length,
    tracking.join());
show("begin");
buffer.resize(12);
show("grown");
buffer.resize(6);
show("shrunk");
buffer.resize(2);
show("tiny");
buffer.resize(10);
show("back");
console.log(buffer.resizable, buffer.maxByteLength, new ArrayBuffer(4).resizable);
try { buffer.resize(33); } catch (error) { console.log(error.name); }
try { new ArrayBuffer(10, { maxByteLength: 5 }); } catch (error) { console.log(error.name); }

const walked = [];
for (const byte of tracking) {
  walked.push(byte);
  if (walked.length === 3) buffer.resize(5);
}
console.log(walked.join());

setTimeout(() => {
  buffer.resize(32);
  tracking.fill(7, 20);
  console.log(tracking.reduce((a, b) => a + b), "grown after a wait");
}, 10);
