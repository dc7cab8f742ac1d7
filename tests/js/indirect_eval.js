// Code made at run time: direct and indirect eval, the Function constructor, generators from text.
var name = "global";
function scope() {
  var name = "local";
  return [eval("name"), (0, eval)("name"), new Function("return name")()];
}
console.log(scope());
console.log(eval("1; if (true) { 2; }"), eval("({ a: 1 })").a, eval("var made = 5; made * 2"),
  made);
const add = new Function("a", "b = 2", "return a + b");
console.log(add(1), add.length, add.name, String(add).split("\n")[0]);
const GeneratorFunction = Object.getPrototypeOf(function* () {}).constructor;
console.log([...new GeneratorFunction("n", "while (n > 0) yield n--;")(3)]);
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction("ms", "await new Promise(r => setTimeout(r, ms)); return 'from text'")(20)
  .then((text) => console.log(text));
try { eval("let 1"); } catch (error) { console.log(error.name); }
try { new Function("return }"); } catch (error) { console.log(error.name); }
(function () { "use strict"; eval("var inside = 1"); console.log(typeof inside); })();
(function () { eval("var leaked = 1"); console.log(typeof leaked); })();
console.log(typeof leaked, (() => eval("this"))() === globalThis);
