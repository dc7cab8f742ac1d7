// The stable part of a stack: the first line, and the names of the functions, innermost first.
// (Engines differ in columns, in wording and in how they show anonymous functions.)
function inner() { throw new RangeError("deep down"); }
function middle() { inner(); }
class Machine { start() { middle(); } }

const names = (error) => error.stack.split("\n")
  .map((line) => line.match(/^\s*at (?:async )?(?:new )?(?:\w+\.)?(\w+) \(/)?.[1])
  .filter((name) => ["inner", "middle", "start", "later", "main"].includes(name));

function main() {
  try {
    new Machine().start();
  } catch (error) {
    console.log(String(error), names(error).join(" < "));
    console.log(error.stack.includes("error_stacks.js:3"),
      error.stack.includes("error_stacks.js:4"));
  }
}
main();

async function later() {
  await null;
  inner();
}
later().catch((error) => console.log(error.message, names(error).slice(0, 2).join(" < ")));
console.log(typeof new Error("made, not thrown").stack, Object.keys(new Error("x")).length);
