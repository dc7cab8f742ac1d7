// Acorn reads a published bundle of 600 kB twice, token by token and statement by statement, and
// falls asleep in the middle of both.
//
// uses: acorn/dist/acorn.js
// input: katex/dist/katex.mjs
const source = inputs["katex/dist/katex.mjs"];
const options = { ecmaVersion: "latest", sourceType: "module" };

async function tokens(middle) {
  const counts = {};
  let total = 0;
  let asleep = false;
  for (const token of acorn.tokenizer(source, options)) {
    counts[token.type.label] = (counts[token.type.label] ?? 0) + 1;
    total += token.end - token.start;
    if (!asleep && token.start >= source.length / 2) {
      asleep = true;
      await middle(token.start);
    }
  }
  return { counts, total };
}

// The loop of acorn's own parseTopLevel, which cannot be left half way.
async function syntax(middle) {
  const comments = [];
  const parser = new acorn.Parser({ ...options, onComment: comments, locations: true }, source);
  parser.nextToken();
  const program = parser.startNode();
  program.body = [];
  const exported = Object.create(null);
  let asleep = false;
  while (parser.type !== acorn.tokTypes.eof) {
    program.body.push(parser.parseStatement(null, true, exported));
    if (!asleep && parser.start >= source.length / 2) {
      asleep = true;
      await middle(parser.start);
    }
  }
  program.sourceType = "module";
  parser.finishNode(program, "Program");
  return { program, comments, exported: Object.keys(exported) };
}

// Every node, with its place, in one number.
function summary(root) {
  const types = {};
  let hash = 0;
  const mix = (n) => { hash = (Math.imul(hash, 31) + n) | 0; };
  (function visit(value) {
    if (Array.isArray(value)) value.forEach(visit);
    if (!(value instanceof acorn.Node)) return;
    types[value.type] = (types[value.type] ?? 0) + 1;
    for (const n of [value.start, value.end, value.loc.start.line, value.loc.end.column]) mix(n);
    for (const key of Object.keys(value)) {
      if (typeof value[key] === "string") [...value[key]].forEach((c) => mix(c.codePointAt(0)));
      visit(value[key]);
    }
  })(root);
  return { types, hash };
}

async function main() {
  const asked = [];
  let wake;
  const awake = new Promise((resolve) => { wake = resolve; });
  const middle = (at) => { asked.push(at); return awake; };
  const works = [tokens(middle), syntax(middle)];
  await quiesce.call("pause", { done: Math.min(...asked), of: source.length });
  wake();
  const [scanned, parsed] = await Promise.all(works);
  console.log(JSON.stringify({
    bytes: source.length,
    tokens: scanned,
    statements: parsed.program.body.length,
    comments: parsed.comments.length,
    exported: parsed.exported,
    ...summary(parsed.program),
  }, null, 1));
}
main();
