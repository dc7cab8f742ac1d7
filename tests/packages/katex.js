// KaTeX typesets formulas to HTML and MathML. Macros that one formula defines are used by later
// ones, on the other side of the sleep.
//
// uses: katex/dist/katex.js
const formulas = [
  String.raw`\gdef\half#1{\frac{#1}{2}} \half{x}`,
  String.raw`e^{i\pi} + 1 = 0`,
  String.raw`\int_{-\infty}^{\infty} e^{-x^2} \, dx = \sqrt{\pi}`,
  String.raw`\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}`,
  String.raw`\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}`,
  String.raw`\gdef\norm#1{\left\lVert #1 \right\rVert} \norm{\vec v}`,
  String.raw`\lim_{x \to 0} \frac{\sin x}{x} = 1`,
  String.raw`\left( \frac{a}{b} \right)^{\!2} \ge \sqrt[3]{\frac{1}{1 + x}}`,
  String.raw`f(x) = \begin{cases} x^2 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}`,
  String.raw`\color{#c00} \mathbb{R} \subset \mathcal{C} \oplus \mathfrak{g}`,
  String.raw`\overbrace{a + \cdots + a}^{n} = \underline{na}`,
  String.raw`\half{\norm{w}} + \half{3}`,
  String.raw`\binom{n}{k} = \frac{n!}{k!(n-k)!}`,
  String.raw`\nabla \times \mathbf{B} = \mu_0 \mathbf{J} + \frac{\partial \mathbf{E}}{\partial t}`,
  String.raw`\xrightarrow[\text{below}]{\text{above}} \hat{x} \tilde{y} \widehat{xyz}`,
  String.raw`\begin{aligned} x &= 1 \\ y &= 2 \tag{*} \end{aligned}`,
  String.raw`\phantom{x} \not= \boxed{\rule{1em}{2pt}} \kern 3mu \huge A \small a`,
  String.raw`\unknown{macro} \norm{after}`,
  String.raw`\frac{1}{`,
  String.raw`\char"41 \text{über, naïve} \KaTeX \href{https://example.com}{x}`,
];

async function main() {
  const macros = {};
  const results = [];
  const sizes = [["display", true], ["inline", false]];
  const works = sizes.flatMap(([name, displayMode]) =>
    formulas.map((formula) => ({ name, displayMode, formula })));
  for (const [index, { name, displayMode, formula }] of works.entries()) {
    if (index === works.length / 2) {
      await quiesce.call("pause", { done: index, of: works.length });
    }
    try {
      const options = { displayMode, macros, strict: false, globalGroup: true };
      const html = katex.renderToString(formula, options);
      results.push(`${name} ${formula}\n${html}`);
    } catch (error) {
      results.push(`${name} ${formula}\n${error.name}: ${error.message} at ${error.position}`);
    }
    await null;
  }
  console.log(results.join("\n\n"));
  console.log(Object.keys(macros).join(" "));
}
main();
