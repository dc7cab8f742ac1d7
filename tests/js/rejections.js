// A rejection that nobody handles is reported once no job is left; one that is handled in time
// is not.
Promise.reject(new Error("nobody cares"));
Promise.reject("not even an Error");
const inTime = Promise.reject(new Error("handled in time"));
queueMicrotask(() => inTime.catch((error) => console.log(error.message)));
Promise.reject(new Error("first")).catch(() => { throw new TypeError("in a handler"); });
(async () => { throw new RangeError("from an async function"); })();
setTimeout(() => { Promise.reject(new Error("in a timer")); console.log("timer"); }, 10);
setTimeout(() => console.log("the program goes on"), 20);
