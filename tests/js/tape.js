// An interpreter for a machine with eight instructions, and a program for it that counts down.
function* run(program, input = "") {
  const tape = new Uint8Array(64);
  const jumps = [];
  const open = [];
  [...program].forEach((op, i) => {
    if (op === "[") open.push(i);
    if (op === "]") { jumps[i] = open.pop(); jumps[jumps[i]] = i; }
  });
  let at = 0, read = 0;
  for (let i = 0; i < program.length; i++) {
    switch (program[i]) {
      case ">": at++; break;
      case "<": at--; break;
      case "+": tape[at]++; break;
      case "-": tape[at]--; break;
      case ".": yield String.fromCharCode(tape[at]); break;
      case ",": tape[at] = input.charCodeAt(read++) || 0; break;
      case "[": if (tape[at] === 0) i = jumps[i]; break;
      case "]": if (tape[at] !== 0) i = jumps[i]; break;
    }
  }
}
const hello = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]" +
  ">>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.";
console.log([...run(hello)].join(""));

const reversed = run(">,[>,]<[.<]", "stressed");
let text = "";
const turn = setInterval(() => {
  const { value, done } = reversed.next();
  if (!done) { text += value; return; }
  clearInterval(turn);
  console.log(text);
}, 10);
