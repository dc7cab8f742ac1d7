// An application as a start image has it: evaluated once, then asked to handle a request.
const prices = new Map(Array.from({ length: 200 }, (_, i) => [`item ${i}`, (i * 7919) % 1000]));
const handled = [];
globalThis.handle = async (request) => {
  const item = `item ${request % 200}`;
  const cents = await prices.get(item);
  handled.push(request);
  return `${item}: ${cents} cents`;
};
handled.length
