// Marked turns the manuals of five libraries into HTML, one block after the other. It sleeps in the
// middle of the stream of tokens, and while a conversion with an asynchronous step waits inside it.
//
// uses: marked/marked.min.js
// input: marked/README.md
// input: katex/README.md
// input: acorn/README.md
// input: lodash/README.md
// input: dayjs/README.md
const sample = `
# Sample

| left | right |
|:-----|------:|
| a *b* | \`c | d\` |

1. one
   - nested **bold _both_**
   - [ ] open, [x](y "title")
2. two

> quoted
> > twice

\`\`\`js
const x = a < b && c > d;
\`\`\`

Line with <kbd>html</kbd>, https://example.com/?a=1&b=2, ~~gone~~ and ![image](a.png).\\
Hard break, &copy; \\*not emphasis\\*. Déjà vu 😀.

[ref]: https://example.com "Reference"
See [ref], [other][ref].
`;

async function main() {
  const headings = new Map();
  const renderer = {
    heading({ tokens, depth, text }) {
      const base = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
      const seen = headings.get(base) ?? 0;
      headings.set(base, seen + 1);
      const id = seen === 0 ? base : `${base}-${seen}`;
      return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
  };
  const math = {
    name: "math",
    level: "inline",
    start: (text) => text.indexOf("$"),
    tokenizer(text) {
      const match = /^\$([^$\n]+)\$/.exec(text);
      return match ? { type: "math", raw: match[0], formula: match[1] } : undefined;
    },
    renderer: ({ formula }) => `<var>${formula}</var>`,
  };
  const converter = new marked.Marked({ renderer, extensions: [math], gfm: true });

  const text = [...Object.values(inputs), sample].join("\n\n");
  const blocks = converter.lexer(text);
  let characters = 0;
  let waiting;
  const html = [];
  for (const block of blocks) {
    if (!waiting && characters >= text.length / 2) {
      const pause = quiesce.call("pause", { done: characters, of: text.length });
      const other = new marked.Marked({
        async: true,
        async walkTokens(token) {
          if (token.type !== "link") return;
          await pause;
          token.href += "#seen";
        },
      });
      waiting = other.parse(sample);
      await pause;
    }
    characters += block.raw.length;
    html.push(converter.parser([block]));
  }
  console.log(html.join(""));
  console.log(await waiting);
  console.log(JSON.stringify([...headings].filter(([, times]) => times > 1)));
}
main();
