// Strings: cutting, searching, padding, numbers in text, case.
const text = "The quick brown fox";
console.log(text.slice(-3), text.substring(9, 4), text.substr(-9, 5), text.at(-1),
  text.charAt(99) === "");
console.log(text.split(" ", 2), text.lastIndexOf("o"), text.indexOf("o", 13), text.search(/[xyz]/),
  text.startsWith("quick", 4));
console.log("7".padStart(3, "0"), "ab".padEnd(7, "123"), "-".repeat(10), "  trim \n".trim() + "|",
  " x ".trimStart() + "|");
console.log("a-b-c".replace("-", "+"), "a-b-c".replaceAll("-", (m, at) => at),
  "aaa".replaceAll("a", "$&$&"));
console.log("ß".toUpperCase(), "İ".toLowerCase().length, "ΑΣ".toLowerCase(), "ǆ".toUpperCase(),
  "ﬁ".toUpperCase());
console.log("a" < "B", "a".localeCompare("a"), "10" < "9", "10" < 9, "b" > "a", "" < " ");
console.log(String.fromCodePoint(0x1f600, 65), String.fromCharCode(0x10041), "abc".concat(1, null));
console.log("x".codePointAt(5), "abc"[1], "abc"[5], "a,b,,c,".split(","), "abc".split("").length);
console.log(Number(" 12 "), Number("0x1f"), Number(""), Number("1e3"), Number("1_0"),
  parseInt("12px"), parseFloat(".5.5"));
console.log(parseInt("z", 36), parseInt("0x"), (255).toString(2), Number("0b11"),
  parseInt("9007199254740993"));
console.log(escape("ü ✓"), unescape("%u2713%FC"), encodeURI("a b&c/é"), "%".length);
for (const bad of [() => "x".repeat(Infinity), () => "a".normalize("X"),
  () => String.fromCodePoint(-1), () => "aa".replaceAll(/a/, "")]) {
  try { bad(); } catch (error) { console.log(error.name); }
}
console.log("I ♥ 🦊 and e\u0301".normalize("NFC").length, "Å".normalize("NFD").length,
  "ﬀ".normalize("NFKC"), "한글".normalize("NFD").length);
