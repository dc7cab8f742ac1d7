// Plots as SVG: lines over logarithmic axes, named where they end. Light or dark as the reader's
// system is. Several panels stand side by side; those of one unit share their scale.
//
//   plot({ title, x: { label, ticks, format },
//          panels: [{ title, unit, lines: [{ name, points }] }] })
//
// A point is [x, y]; `name` is "Quiesce" or what it is set against; units are "ns" and "bytes".
import { format_short } from "./table.mjs";

const kWidth = 880;
const kPlotHeight = 196;
const kTop = 62;
const kBottom = 46;
const kLeft = 58;  // of each panel, for the labels of its y axis
const kRight = 24;
const kGap = 14;

const kStyle = `
    .paper { fill: #ffffff; }
    text {
      font: 12px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
      fill: #59636e;
    }
    .title { font-size: 14px; font-weight: 600; fill: #1f2328; }
    .panel { font-size: 13px; font-weight: 600; fill: #1f2328; }
    .grid { stroke: #d8dee4; stroke-width: 1; }
    .axis { stroke: #8c959f; stroke-width: 1; }
    .line { fill: none; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
    .name {
      font-weight: 600; paint-order: stroke;
      stroke: #ffffff; stroke-width: 4; stroke-linejoin: round;
    }
    .ours .line { stroke: #0757c2; } .ours circle, .ours .name { fill: #0757c2; }
    .theirs .line { stroke: #b34700; } .theirs circle, .theirs .name { fill: #b34700; }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117; }
      text { fill: #9ba4ae; }
      .title, .panel { fill: #f0f3f6; }
      .grid { stroke: #262c34; }
      .axis { stroke: #656c76; }
      .name { stroke: #0d1117; }
      .ours .line { stroke: #71b7ff; } .ours circle, .ours .name { fill: #71b7ff; }
      .theirs .line { stroke: #f0985a; } .theirs circle, .theirs .name { fill: #f0985a; }
    }`;

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const number = (value) => String(Math.round(value * 10) / 10);

/// From the decade below the least to the one above the largest.
function decades(values) {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  return [low, Math.max(high, low + 1)];
}

function log_scale([low, high], [from, to]) {
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

/// Where a line has a vertex or enters the last `width` pixels: what a name so wide must clear.
function heights_at_end(at, width) {
  const from = at.at(-1)[0] - width;
  const heights = at.filter(([x]) => x >= from).map(([, y]) => y);
  const after = at.findIndex(([x]) => x >= from);
  if (after > 0) {
    const [[x0, y0], [x1, y1]] = [at[after - 1], at[after]];
    heights.push(y0 + ((from - x0) / (x1 - x0)) * (y1 - y0));
  }
  return heights;
}

/// The name, with the last figure, stands above the line or, if there is room, below it.
function draw_line({ name, points }, unit, scale_x, scale_y, is_uppermost) {
  const at = points.map(([x, y]) => [scale_x(x), scale_y(y)]);
  const label = `${name} ${format_short(points.at(-1)[1], unit)}`;
  const heights = heights_at_end(at, label.length * 7.5);
  const below = Math.max(...heights) + 19;
  const is_above = is_uppermost || below > kTop + kPlotHeight - 6;
  const label_y = is_above ? Math.min(...heights) - 10 : below;
  const written = at.map((point) => point.map(number));
  return [
    `  <g class="${name === "Quiesce" ? "ours" : "theirs"}">`,
    `    <polyline class="line" points="${written.map((point) => point.join(",")).join(" ")}"/>`,
    ...written.map(([x, y]) => `    <circle cx="${x}" cy="${y}" r="2.8"/>`),
    `    <text class="name" x="${number(at.at(-1)[0] + 4)}" y="${number(label_y)}" ` +
      `text-anchor="end">${escape(label)}</text>`,
    "  </g>",
  ];
}

function draw_panel({ title, unit, lines }, x_axis, y_range, left, width) {
  const [bottom, right] = [kTop + kPlotHeight, left + width];
  const ends = [x_axis.ticks[0], x_axis.ticks.at(-1)].map(Math.log10);
  const scale_x = log_scale(ends, [left + 6, right - 6]);
  const scale_y = log_scale(y_range, [bottom, kTop]);
  const out = [`  <text class="panel" x="${left}" y="${kTop - 14}">${escape(title)}</text>`];
  // Labels need 15 pixels each, and a step of three decades reads as the next prefix.
  const step = (y_range[1] - y_range[0]) * 15 > kPlotHeight ? 3 : 1;
  for (let power = y_range[0]; power <= y_range[1]; power++) {
    const y = number(scale_y(10 ** power));
    const kind = power === y_range[0] ? "axis" : "grid";
    out.push(`  <path class="${kind}" d="M${left} ${y}H${right}"/>`);
    if ((power - y_range[0]) % step) continue;
    out.push(`  <text x="${left - 7}" y="${number(Number(y) + 4)}" text-anchor="end">` +
      `${format_short(10 ** power, unit)}</text>`);
  }
  for (const tick of x_axis.ticks) {
    out.push(`  <text x="${number(scale_x(tick))}" y="${bottom + 17}" text-anchor="middle">` +
      `${escape(x_axis.format(tick))}</text>`);
  }
  out.push(`  <text x="${number((left + right) / 2)}" y="${bottom + 36}" text-anchor="middle">` +
    `${escape(x_axis.label)}</text>`);
  const last = (line) => line.points.at(-1)[1];
  const uppermost = lines.reduce((a, b) => (last(b) > last(a) ? b : a));
  return [...out, ...lines.flatMap((line) =>
    draw_line(line, unit, scale_x, scale_y, line === uppermost))];
}

export function plot({ title, x, panels }) {
  const height = kTop + kPlotHeight + kBottom;
  const margins = panels.length * kLeft + (panels.length - 1) * kGap + kRight;
  const width = (kWidth - margins) / panels.length;
  const range_of = (unit) => decades(panels.filter((panel) => panel.unit === unit)
    .flatMap((panel) => panel.lines.flatMap((line) => line.points.map(([, y]) => y))));
  const drawn = panels.flatMap((panel, i) => draw_panel(panel, x, range_of(panel.unit),
    Math.round(kLeft + i * (width + kLeft + kGap)), Math.round(width)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${kWidth} ${height}" ` +
      `width="${kWidth}" height="${height}" role="img">`,
    `  <title>${escape(title)}</title>`,
    `  <style>${kStyle}\n  </style>`,
    `  <rect class="paper" width="${kWidth}" height="${height}" rx="6"/>`,
    `  <text class="title" x="14" y="24">${escape(title)}</text>`,
    ...drawn, "</svg>", "",
  ].join("\n");
}
