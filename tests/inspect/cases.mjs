// node cases.mjs FILE: evaluates the cases of FILE one after the other in one realm and prints each,
// behind "> ", with what console.log says of its value. Called by ./update.
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import vm from 'node:vm';

const source = readFileSync(process.argv[2], 'utf8');
const cases = source.replace(/\n$/, '').split('\n\n');

// Frames name files and functions as each engine likes: one line stands for all of them.
const frames = /(\n *)(?:at |\.\.\. \d+ lines matching)[^\n]*?( \{|,)?(?=\n|$)/g;
function withoutFrames(text) {
  return text.replace(frames, '$1at <frame>$2').replace(/(\n *at <frame>)(?:\n *at <frame>)*/g, '$1');
}

for (const code of cases) {
  const value = vm.runInThisContext(code, 'case.js');
  process.stdout.write(`> ${code.replaceAll('\n', '\n> ')}\n${withoutFrames(inspect(value))}\n`);
}
