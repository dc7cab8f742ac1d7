// node cases.mjs FILE: evaluates the cases of FILE one after the other in one realm and prints
// each, behind "> ", with what util.inspect says of its value. Of a file whose name begins with
// "console" it prints what the case wrote to standard output ("out| ") and standard error
// ("err| "). Called by ./update.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { inspect } from 'node:util';
import vm from 'node:vm';

const file = process.argv[2];
const logs = basename(file).startsWith('console');
const print = process.stdout.write.bind(process.stdout);

// Frames name files and functions as each engine likes: one line stands for all of them.
const frame = /(\n *)(?:at |\.\.\. \d+ lines matching)[^\n]*?( \{|,)?(?=\n|$)/g;
const frames = /(\n *at <frame>)(?:\n *at <frame>)*/g;
function comparable(text) {
  return text.replace(frame, '$1at <frame>$2').replace(frames, '$1')
    .replace(/: \d+(\.\d+)?m?s/g, ': <time>')
    .replaceAll('\t', '<tab>')
    .replace(/ +$/gm, (blanks) => '~'.repeat(blanks.length));
}

let written = '';
function record(stream, text) {
  written += comparable(text).replace(/^(?=.)/gm, ' ').replace(/^/gm, `${stream}|`) + '\n';
}
if (logs) {
  process.stdout.write = (text) => record('out', text.replace(/\n$/, ''));
  process.stderr.write = (text) => record('err', text.replace(/\n$/, ''));
  process.emitWarning = (text) => record('err', text);
}

for (const code of readFileSync(file, 'utf8').replace(/\n$/, '').split('\n\n')) {
  const value = vm.runInThisContext(code, 'case.js');
  print(`> ${code.replaceAll('\n', '\n> ')}\n`);
  print(logs ? written : `${comparable(inspect(value))}\n`);
  written = '';
}
