// An application as a start image has it: evaluated once and warm, for it has handled a request;
// then asked to handle another.
const prices = new Map(Array.from({ length: 200 }, (_, i) => [`item ${i}`, (i * 7919) % 1000]));
const handled = [];
globalThis.handle = async (request) => {
  const item = `item ${request % 200}`;
  const cents = await prices.get(item);
  handled.push(request);
  return `${item}: ${cents} cents`;
};
handle(0);
