// Day.js plans events over a century: parsing, plugins, locales and a generator of recurring dates
// that stops in the middle of its series.
//
// uses: dayjs/dayjs.min.js
// uses: dayjs/locale/de.js
// uses: dayjs/plugin/utc.js
// uses: dayjs/plugin/duration.js
// uses: dayjs/plugin/isoWeek.js
// uses: dayjs/plugin/isLeapYear.js
// uses: dayjs/plugin/relativeTime.js
// uses: dayjs/plugin/customParseFormat.js
// uses: dayjs/plugin/advancedFormat.js
// uses: dayjs/plugin/dayOfYear.js
// uses: dayjs/plugin/quarterOfYear.js
const plugins = ["utc", "duration", "isoWeek", "isLeapYear", "relativeTime", "customParseFormat",
  "advancedFormat", "dayOfYear", "quarterOfYear"];
for (const name of plugins) dayjs.extend(globalThis[`dayjs_plugin_${name}`]);

// The last Friday of every month.
function* lastFridays(from, count) {
  for (let month = from.startOf("month"); count > 0; count--, month = month.add(1, "month")) {
    const end = month.endOf("month");
    yield end.subtract((end.day() + 2) % 7, "day");
  }
}

async function main() {
  const origin = dayjs.utc("1970-01-31T12:34:56.789Z");
  const months = 1200;
  const rows = [];
  const perWeekday = {};
  let index = 0;
  let previous = origin;
  for (const friday of lastFridays(origin, months)) {
    if (index === months / 2) await quiesce.call("pause", { done: index, of: months });
    perWeekday[friday.format("dddd")] = (perWeekday[friday.format("dddd")] ?? 0) + 1;
    if (index % 25 === 0) {
      rows.push([
        friday.format("YYYY-MM-DD[T]HH:mm:ss.SSSZ"),
        friday.locale("de").format("dddd, D. MMMM YYYY"),
        friday.format("Do Q kk, X"),
        friday.isoWeek(), friday.isoWeekYear(), friday.dayOfYear(), friday.quarter(),
        friday.isLeapYear(),
        friday.from(previous), friday.locale("de").from(origin),
        friday.diff(previous, "week"), friday.diff(origin, "month", true).toFixed(6),
        dayjs.duration(friday.diff(previous)).toISOString(),
        dayjs.utc(friday.format("DD/MM/YY HH:mm"), "DD/MM/YY HH:mm").toISOString(),
      ]);
      previous = friday;
    }
    index++;
    if (index % 100 === 0) await null;
  }
  const clamped = Array.from({ length: 14 }, (_, n) => origin.add(n, "month").date());
  const parsed = ["2026-02-30", "31.12.1999 23:59", "nonsense", "5/4/03"].map((text) =>
    [dayjs.utc(text, ["YYYY-MM-DD", "DD.MM.YYYY HH:mm", "D/M/YY"], true).isValid(),
      dayjs.utc(text, "DD.MM.YYYY HH:mm").toJSON()]);
  console.log(JSON.stringify({ rows, perWeekday, clamped, parsed }, null, 1));
}
main();
