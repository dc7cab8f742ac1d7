// Long strings made piece by piece, cut, compared and hashed.
let text = "";
for (let i = 0; i < 20000; i++) text += String.fromCharCode(97 + (i * i) % 26);
console.log(text.length, text.slice(0, 30), text.slice(-10));
let hash = 0;
for (const letter of text) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
console.log(hash, text.split("a").length, text.replaceAll("e", "é").length, text.lastIndexOf("zz"));
let left = "", right = "";
for (let i = 0; i < 3000; i++) { left = left + "ab"; right = "ab" + right; }
console.log(left === right, left + right === "ab".repeat(6000), (left + right).indexOf("ba", 5000));
const pieces = [];
for (let i = 0; i < 2000; i++) pieces.push(`${i}:${text.slice(i, i + 3)}`);
const joined = pieces.join(";");
console.log(joined.length, joined.split(";")[1999],
  [...new Set(joined)].sort().join("").slice(0, 12));
globalThis.kept = joined;
setTimeout(() => console.log(kept.length, kept === pieces.join(";"), (kept + text).length), 5);
