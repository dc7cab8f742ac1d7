// All jobs run between two timers, also those that jobs make.
const log = [];
setTimeout(() => {
  log.push("timer 1");
  Promise.resolve().then(() => {
    log.push("job of 1");
    queueMicrotask(() => log.push("job of that job"));
  });
}, 10);
setTimeout(() => log.push("timer 2"), 10);
setTimeout(() => console.log(log.join("\n")), 11);
setImmediate(() => log.push("immediate"));
Promise.resolve().then(() => log.push("job of the script"));
log.push("script");
