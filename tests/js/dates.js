// Dates in UTC: fields, overflow, parsing, formatting, what is no date.
const moment = new Date(Date.UTC(2024, 1, 29, 12, 30, 45, 678));
console.log(moment.toISOString(), moment.getUTCDay(), JSON.stringify({ moment }));
console.log(moment.getTime(), +moment === moment.valueOf(), moment.getTimezoneOffset());
moment.setUTCFullYear(2025);
console.log(moment.toISOString());
moment.setUTCMonth(12, 0);
console.log(moment.toISOString(), moment.getHours(), moment.getUTCHours());
console.log(new Date(2026, 0, 32, 25, 61).toISOString(), new Date(99, 0).getFullYear());
console.log(new Date(0).toString().slice(0, 33));  // Node adds the name of the zone
console.log(new Date(0).toUTCString(), "|", new Date(0).toDateString());

const parsed = [
  "2026-01-31", "2026-01-31T10:00Z", "2026-01-31T10:00:00.5+02:30", "2026-01-31T10:00",
  "+012026-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:10 GMT", "2026-02-30T99:00Z", "nonsense",
];
for (const text of parsed) {
  const date = new Date(text);
  console.log(text, "->", Number.isNaN(date.getTime()) ? "no date" : date.toISOString());
}
try { new Date(NaN).toISOString(); } catch (error) { console.log(error.name); }
console.log(String(new Date(NaN)), new Date(NaN).toJSON(), new Date(8.64e15 + 1).getTime());
console.log(new Date(-8.64e15).toISOString(), new Date(-1).toISOString());

let leaps = 0;
for (let year = 1800; year < 2400; year++) leaps += new Date(Date.UTC(year, 1,
  29)).getUTCDate() === 29;
console.log(leaps, typeof Date(), new Date(new Date(5)).getTime(), new Date(true).getTime());
