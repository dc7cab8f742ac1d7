// The u and v flags: code points, properties, case folding, set operations.
const text = "a😀é\u{10400}ß";
console.log(text.match(/./g).length, text.match(/./gu).length);
console.log(/^\u{1F600}$/u.test("😀"), /^.$/.test("😀"), /^.$/u.test("😀"));
console.log("Ünïcödé straße Ωmega".match(/\p{L}+/gu), "x१२३".match(/\p{Nd}+/u)[0].length);
console.log("Привет, κόσμε".match(/\p{Script=Greek}+/u)[0], /\P{ASCII}/u.test("ascii"));
console.log(/\u212a/iu.test("k"), /\u212a/i.test("k"), /\u{10400}/iu.test("\u{10428}"));
console.log(/[\p{Lu}--[AEIOU]]/v.exec("aEIBc")[0], /^[\p{ASCII}&&\p{L}]+$/v.test("abcé"));
console.log("x😀y".replace(/(?<=\u{1F600})./u, "!"), [..."a😀".matchAll(/(?:)/gu)].length);
console.log(/\ud83d/.test("😀"), /\ud83d/u.test("😀"), /^[^x]$/u.test("\ud83d"));
for (const bad of ["\\p{Nonsense}", "\\-", "{", "\\u{110000}", "[a-\\d]"]) {
  try { new RegExp(bad, "u"); console.log("accepted", bad);
    } catch (error) { console.log(error.name); }
}
