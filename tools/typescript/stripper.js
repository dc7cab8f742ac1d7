// What runs in the VM: strip(text) is the JavaScript in it, or an object that says what is first in
// its way. cut.mjs puts it between TypeScript's parser (`tslib`) and ts-blank-space
// (`blankSourceFile`), in one function.

// What ts-blank-space writes its erasures into, with its names. It finds them in the order of the
// tree, which is not everywhere that of the text (`method?<T>() {}`), and some lie in others.
class BlankString {
  constructor(input) {
    this.input = input;
    this.erased = [];
  }
  blank(start, end) {
    this.erased.push({ start, end, text: '' });
  }
  blankButStartWithSemi(start, end) {
    this.erased.push({ start, end, text: ';' });
  }
  blankButStartWithOpenParen(start, end) {
    this.erased.push({ start, end, text: '(' });
  }
  blankButEndWithCloseParen(start, end) {
    this.blank(start, end - 1);
    this.erased.push({ start: end - 1, end, text: ')' });
  }
  toString() {
    const pieces = [];
    let done = 0;
    for (const { start, end, text } of this.erased.sort((a, b) => a.start - b.start)) {
      if (end <= done) continue;
      if (start >= done) pieces.push(this.input.slice(done, start), text);
      const from = start < done ? done : start + text.length;
      pieces.push(this.input.slice(from, end).replace(/[^\r\n\u2028\u2029]/g, ' '));
      done = end;
    }
    return pieces.join('') + this.input.slice(done);
  }
}

// ts-blank-space asks nodes for what only TypeScript's language service gives them.
const nodeMembers = {
  forEachChild(one, many) {
    return tslib.forEachChild(this, one, many);
  },
  getStart(file) {
    return tslib.getTokenPosOfNode(this, file);
  },
  getEnd() {
    return this.end;
  },
  getFullStart() {
    return this.pos;
  },
  getText(file) {
    return file.text.slice(tslib.getTokenPosOfNode(this, file), this.end);
  },
  getFullText(file) {
    return file.text.slice(this.pos, this.end);
  },
};
const objectAllocator = tslib.objectAllocator;
for (const kind of ['Node', 'Token', 'Identifier', 'PrivateIdentifier', 'SourceFile']) {
  Object.assign(objectAllocator[`get${kind}Constructor`]().prototype, nodeMembers);
}

// Seen while a file is parsed: whether it has a decorator or an accessor field, which is JavaScript
// to come that ts-blank-space leaves as it is and that the engine does not know; and members of
// classes that may need a semicolon.
let decorated = false;
let members = [];
const Node = objectAllocator.getNodeConstructor();
const Token = objectAllocator.getTokenConstructor();
function ObservedNode(kind, start, end) {
  switch (kind) {
    case tslib.SyntaxKind.Decorator:
      decorated = true;
      break;
    case tslib.SyntaxKind.PropertyDeclaration:
    case tslib.SyntaxKind.MethodDeclaration:
    case tslib.SyntaxKind.GetAccessor:
    case tslib.SyntaxKind.SetAccessor:
    case tslib.SyntaxKind.Constructor:
      members.push(this);
  }
  Node.call(this, kind, start, end);
}
ObservedNode.prototype = Node.prototype;
function ObservedToken(kind, start, end) {
  if (kind === tslib.SyntaxKind.AccessorKeyword) decorated = true;
  Token.call(this, kind, start, end);
}
ObservedToken.prototype = Token.prototype;
objectAllocator.getNodeConstructor = () => ObservedNode;
objectAllocator.getTokenConstructor = () => ObservedToken;

// Where a member of a class must be ended by a semicolon in the place of what is erased:
// - a field whose name, alone on its line, would be a modifier of the next member;
// - a method without a body, after which the member before it would go on with the next one, as in
//   `a = 1`, `m(): void`, `*m() {}`. It is not needed after every member, but fits anywhere.
function semicolonIn(member, file) {
  if (member.kind !== tslib.SyntaxKind.PropertyDeclaration) {
    return member.body ? -1 : tslib.getTokenPosOfNode(member, file);
  }
  if (member.initializer || file.text[member.end - 1] === ';') return -1;
  if (!['get', 'set', 'static'].includes(member.name.escapedText)) return -1;
  const erased = member.questionToken ?? member.exclamationToken;
  if (erased) return tslib.getTokenPosOfNode(erased, file);
  return member.type ? member.type.pos - 1 : -1;
}

function withSemicolons(result, file) {
  const places = members.map((member) => semicolonIn(member, file)).filter((at) => at >= 0);
  let done = 0;
  const pieces = [];
  for (const at of places.sort((a, b) => a - b)) {
    if (result[at] !== ' ' || file.text[at] === ' ' || at < done) continue;
    pieces.push(result.slice(done, at), ';');
    done = at + 1;
  }
  return pieces.length > 0 ? pieces.join('') + result.slice(done) : result;
}

const whyNot = {
  [tslib.SyntaxKind.EnumDeclaration]: () =>
    'enums have values that would have to be generated; an object `as const` serves instead',
  [tslib.SyntaxKind.ModuleDeclaration]: () =>
    'namespaces with values would have to be generated; a module serves instead',
  [tslib.SyntaxKind.ImportEqualsDeclaration]: () =>
    '`import x = ...` would have to be generated; `import` or `const` serves instead',
  [tslib.SyntaxKind.ExportAssignment]: () =>
    '`export = ...` would have to be generated; `export default` serves instead, or ' +
    '`module.exports = ...` in a CommonJS module',
  [tslib.SyntaxKind.TypeAssertionExpression]: () =>
    'assertions in angle brackets cannot be erased safely; `value as Type` serves instead',
  [tslib.SyntaxKind.Decorator]: () => 'the engine does not have decorators',
  [tslib.SyntaxKind.AccessorKeyword]: () => 'the engine does not have `accessor` fields',
};
// What is left: `1 + 1 as T * 2`, and the modifiers of a parameter.
function reasonFor(node) {
  const { AsExpression, SatisfiesExpression } = tslib.SyntaxKind;
  if (node.kind === AsExpression || node.kind === SatisfiesExpression) {
    return 'without this assertion the operators would group in another way; parentheses help';
  }
  return (
    whyNot[node.kind]?.() ??
    'parameter properties would have to be generated; a field and an assignment serve instead'
  );
}

function unsupported(node, file) {
  return {
    supported: false,
    start: tslib.getTokenPosOfNode(node, file),
    end: node.end,
    reason: reasonFor(node),
  };
}

function isErasedWith(modifier, node) {
  const { AbstractKeyword, DeclareKeyword, PropertyDeclaration } = tslib.SyntaxKind;
  return (
    modifier.kind === DeclareKeyword ||
    (modifier.kind === AbstractKeyword && node.kind === PropertyDeclaration)
  );
}

function findDecorated(file, problems) {
  const { AccessorKeyword, Decorator } = tslib.SyntaxKind;
  const waiting = [file];
  const children = (node) => void waiting.push(node);
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node.kind === Decorator || node.kind === AccessorKeyword) {
      problems.push(unsupported(node, file));
    }
    if (node.modifiers?.some((modifier) => isErasedWith(modifier, node))) continue;
    tslib.forEachChild(node, children);
  }
}

function parse(text) {
  decorated = false;
  members = [];
  return tslib.createSourceFile(
    'input.ts',
    text,
    {
      languageVersion: tslib.ScriptTarget.ESNext,
      impliedNodeFormat: tslib.ModuleKind.ESNext,
      jsDocParsingMode: tslib.JSDocParsingMode.ParseNone,
    },
    false,
    tslib.ScriptKind.TS,
  );
}

function stripParsed(file) {
  const problems = file.parseDiagnostics.map(({ start, length, messageText }) => ({
    supported: true,
    start,
    end: start + length,
    reason: String(messageText.messageText ?? messageText),
  }));
  if (problems.length > 0) return first(problems, file);
  const result = blankSourceFile(file, (node) => {
    // `import type x = require("x")` can be erased after all, by ts-blank-space's own function.
    if (node.kind === tslib.SyntaxKind.ImportEqualsDeclaration && node.isTypeOnly) {
      blankStatement(node);
    } else {
      problems.push(unsupported(node, file));
    }
  });
  if (decorated) findDecorated(file, problems);
  return problems.length > 0 ? first(problems, file) : withSemicolons(result, file);
}

const excerptUnits = 80;

// With line and column from 1, and the part of the line that shows it.
function first(problems, file) {
  const problem = problems.reduce((a, b) => (b.start < a.start ? b : a));
  const starts = tslib.getLineStarts(file);
  const { line, character } = tslib.getLineAndCharacterOfPosition(file, problem.start);
  const end = line + 1 < starts.length ? starts[line + 1] : file.text.length;
  const text = file.text.slice(starts[line], end).replace(/[\r\n\u2028\u2029]+$/, '');
  const from = Math.max(0, character - excerptUnits / 2);
  const excerpt = text.slice(from, from + excerptUnits).replace(/\s/g, ' ');
  const indent = character - from;
  return {
    supported: problem.supported,
    line: line + 1,
    column: character + 1,
    reason: problem.reason.slice(0, 1000),
    excerpt,
    indent,
    length: Math.max(1, Math.min(problem.end - problem.start, excerpt.length - indent)),
  };
}

// ts-blank-space knows \n and \r\n alone, where a line break decides about meaning. The others are
// shown to it as \n, if that is still the same program: U+2028 may stand in a string.
const otherBreaks = /\r(?!\n)|[\u2028\u2029]/g;

function strip(text) {
  const result = stripAnyBreaks(text);
  if (typeof result === 'string' && result.length !== text.length) {
    throw new Error('the positions would not be those of the original');
  }
  return result;
}

function stripAnyBreaks(text) {
  if (text.search(otherBreaks) < 0) return stripParsed(parse(text));
  const result = stripParsed(parse(text.replace(otherBreaks, '\n')));
  if (typeof result !== 'string') return stripParsed(parse(text));
  const pieces = [];
  let from = 0;
  for (const { index } of text.matchAll(otherBreaks)) {
    pieces.push(result.slice(from, index), result[index] === '\n' ? text[index] : result[index]);
    from = index + 1;
  }
  return pieces.join('') + result.slice(from);
}
