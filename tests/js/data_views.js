// DataView: both byte orders, every width, and the edges.
const view = new DataView(new ArrayBuffer(16), 4);
view.setInt32(0, -2, false);
view.setUint16(4, 0xbeef, true);
view.setFloat32(8, 1.5);
console.log(view.getUint32(0).toString(16), view.getUint32(0, true).toString(16));
console.log(view.getUint16(4).toString(16), view.getInt8(4), view.getFloat32(8));
view.setBigInt64(0, -1234567890123456789n, true);
console.log(view.getBigInt64(0, true), view.getBigUint64(0, true), view.getBigUint64(0));
view.setFloat64(0, Number.MIN_VALUE);
console.log(view.getUint8(7), view.byteLength, view.byteOffset);
for (const bad of [() => view.getInt8(12), () => view.setFloat64(5, 0), () => view.getInt8(-1)]) {
  try { bad(); } catch (error) { console.log(error.name); }
}
