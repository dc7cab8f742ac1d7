// The options of bench/run. Run as a program, it only checks them: before anything is built.
import { fileURLToPath } from "node:url";

export function parse_options(words) {
  const options = { rounds: 3, quick: false, record: false, parts: ["single", "octane"] };
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
    else usage(`there is no option ${word}`);
  }
  if (!Number.isInteger(options.rounds) || options.rounds < 1) usage("--rounds needs a number");
  if (!["single", "octane"].includes(options.parts[0])) usage("--only needs `octane` or `single`");
  if (options.record && (options.quick || options.parts.length === 1 || options.rounds < 3)) {
    usage("--record needs a full run");
  }
  if (options.quick) options.rounds = 1;
  return options;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) parse_options(process.argv.slice(2));
