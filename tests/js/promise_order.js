// The order of microtasks, as ECMA-262 fixes it.
const log = [];
const mark = (text) => () => { log.push(text); };

Promise.resolve().then(mark("a1")).then(mark("a2")).then(mark("a3")).then(mark("a4"));
queueMicrotask(mark("m"));
Promise.resolve().then(mark("b1")).then(mark("b2"));
// A promise as the result of `then` costs two more turns.
Promise.resolve().then(() => Promise.resolve()).then(mark("after a promise"));
// A thenable costs one.
Promise.resolve({ then(resolve) { log.push("then called"); resolve(); } }).then(mark("thenable"));
(async () => { log.push("async begins"); await null; log.push("async goes on"); })();
Promise.reject(new Error("x")).catch(mark("caught")).finally(mark("finally"));
new Promise((resolve) => { log.push("executor"); resolve(); log.push("executor ends"); });
log.push("script ends");
setTimeout(() => console.log(log.join("\n")), 0);
