// The options of bench/run. Run as a program, it checks them before anything is built, and prints
// the folder of --build.
import { fileURLToPath } from "node:url";

export function parse_options(words) {
  const parts = ["single", "modules", "sleep", "octane"];
  const options = { rounds: 3, quick: false, record: false, parts, build: "" };
  const usage = (text) => {
    console.error(`bench/run: ${text}; see bench/run --help`);
    process.exit(2);
  };
  while (words.length) {
    const word = words.shift();
    if (word === "--quick") options.quick = true;
    else if (word === "--record") options.record = true;
    else if (word === "--rounds") options.rounds = Number(words.shift());
    else if (word === "--only") options.parts = [words.shift()];
    else if (word === "--build") options.build = words.shift() ?? usage("--build needs a folder");
    else usage(`there is no option ${word}`);
  }
  if (!Number.isInteger(options.rounds) || options.rounds < 1) usage("--rounds needs a number");
  if (!parts.includes(options.parts[0])) {
    usage("--only needs `octane`, `modules`, `single` or `sleep`");
  }
  // The part `sleep` has a section of its own in the document.
  const whole = options.parts === parts || options.parts[0] === "sleep";
  const full = !options.quick && !options.build && whole && options.rounds >= 3;
  if (options.record && !full) usage("--record needs a full run, or one of `sleep`");
  if (options.quick) options.rounds = 1;
  return options;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(parse_options(process.argv.slice(2)).build);
}
