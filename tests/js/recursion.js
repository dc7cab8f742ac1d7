// Structured recursion: hanoi, permutations, Ackermann, mutual recursion, a parser, an interpreter.
const moves = [];
const hanoi = (n, from, to, via) => n && (hanoi(n - 1, from, via, to), moves.push(from + to),
  hanoi(n - 1, via, to, from));
hanoi(8, "a", "c", "b");
console.log(moves.length, moves.slice(0, 5).join(" "), moves.at(-1));

const permutations = (list) => (list.length < 2 ? [list] :
  list.flatMap((x, i) => permutations(list.toSpliced(i, 1)).map((p) => [x, ...p])));
console.log(permutations([..."abcd"]).length,
  permutations([..."abc"]).map((p) => p.join("")).join());

const ackermann = (m, n) => (m === 0 ? n + 1 : ackermann(m - 1, n === 0 ? 1 : ackermann(m, n - 1)));
console.log(ackermann(2, 6));
const even = (n) => n === 0 || odd(n - 1);
const odd = (n) => n !== 0 && even(n - 1);
console.log(even(40), odd(27));

const parse = (words) => {
  const word = words.shift();
  if (word !== "(") return isNaN(word) ? word : Number(word);
  const list = [];
  while (words[0] !== ")") list.push(parse(words));
  words.shift();
  return list;
};
const globals = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b,
  "<": (a, b) => a < b };
function evaluate(form, scope) {
  if (typeof form === "number") return form;
  if (typeof form === "string") return scope[form];
  const [head, ...rest] = form;
  if (head === "if") return evaluate(evaluate(rest[0], scope) ? rest[1] : rest[2], scope);
  if (head === "define") return (scope[rest[0]] = evaluate(rest[1], scope));
  if (head === "lambda") return (...args) => {
    const inner = Object.create(scope);
    rest[0].forEach((name, i) => { inner[name] = args[i]; });
    return evaluate(rest[1], inner);
  };
  return evaluate(head, scope)(...rest.map((argument) => evaluate(argument, scope)));
}
const lisp = (source) => evaluate(parse(source.replace(/[()]/g, " $& ").trim().split(/\s+/)),
  globals);
lisp("(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))");
console.log(lisp("(fib 11)"), lisp("((lambda (x) (* x x)) 12)"));
