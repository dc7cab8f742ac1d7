#include "cli/html.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <span>

#include "base/sha256.hpp"
#include "cli/output.hpp"

namespace quiesce::cli {

namespace {

constexpr std::string_view kStyle = R"(
:root {
  --paper: #fbfaf7; --card: #ffffff; --ink: #23262b; --soft: #6a6f78; --line: #e5e2da;
  --accent: #3d5a80; --code: #f4f2ec;
  --base: #b9c4d1; --changed: #d18a52; --free: #dce6d5; --zero: #f0eee8;
  --object: #5b7aa5; --string: #6f9a7c; --code-kind: #b58d57; --name: #9882b0; --frame: #c0737a;
  --table: #5f9ea0; --engine: #8d939c; --unused: #dedbd2; --gone: #b8535d; --come: #4c8a62;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --card: #1d2026; --ink: #e4e5e8; --soft: #969ca7; --line: #2e323a;
    --accent: #8fb0d9; --code: #24282f;
    --base: #4a5564; --changed: #cf8750; --free: #38463a; --zero: #22252b;
    --object: #48658f; --string: #4d7659; --code-kind: #8a6a3e; --name: #705c89; --frame: #96535a;
    --table: #417477; --engine: #5a606a; --unused: #2b2f36; --gone: #dd7f88; --come: #7fc196;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 48px 24px 96px; background: var(--paper); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1080px; margin: 0 auto; }
h1 {
  margin: 0; font-size: 28px; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere;
}
h2 { margin: 0 0 12px; font-size: 18px; font-weight: 620; }
p { margin: 0; }
.lead { margin: 6px 0 28px; color: var(--soft); }
.note { margin: -8px 0 16px; color: var(--soft); font-size: 14px; }
section { margin: 44px 0 0; }
code, .mono {
  font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace;
  font-size: 13px; overflow-wrap: anywhere;
}
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
  border: 1px solid var(--line); border-radius: 10px; background: var(--card); overflow: hidden;
}
.figure { padding: 14px 18px; box-shadow: 1px 1px 0 var(--line); }
.figure b {
  display: block; font-size: 22px; font-weight: 600; letter-spacing: -0.01em; white-space: nowrap;
}
.figure span { color: var(--soft); font-size: 13px; }
.card {
  border: 1px solid var(--line); border-radius: 10px; background: var(--card); padding: 16px 20px;
  margin: 0 0 12px;
}
.call {
  display: flex; gap: 16px; justify-content: space-between; align-items: baseline; flex-wrap: wrap;
}
.call code { font-size: 14px; }
.call b { color: var(--accent); font-weight: 650; }
.age { color: var(--soft); font-size: 13px; white-space: nowrap; }
ol.stack {
  list-style: none; margin: 12px 0 0; padding: 0 0 0 18px; border-left: 2px solid var(--line);
}
ol.stack li { position: relative; padding: 2px 0; }
ol.stack li::before {
  content: ""; position: absolute; left: -23px; top: 10px; width: 8px; height: 8px;
  border-radius: 50%; background: var(--accent);
}
ol.stack li.end { color: var(--soft); }
ol.stack li.end::before { background: var(--card); border: 2px solid var(--line); }
.where { color: var(--soft); }
details { margin: 10px 0 0; }
summary { cursor: pointer; color: var(--soft); font-size: 14px; }
table { width: 100%; border-collapse: collapse; }
td, th {
  padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; font-weight: 400;
}
th { color: var(--soft); font-size: 13px; white-space: nowrap; }
td.n, th.n { text-align: right; white-space: nowrap; padding-right: 20px; }
td.wide { width: 100%; overflow-wrap: anywhere; }
.come { color: var(--come); } .gone { color: var(--gone); }
svg { display: block; width: 100%; height: auto; }
svg text {
  font: 12px system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  pointer-events: none;
}
.tile { stroke: var(--paper); stroke-width: 1.5; }
.tile-label { fill: #ffffff; } .tile-size { fill: #ffffff; opacity: 0.75; }
.unused-label, .unused-size { fill: var(--soft); }
.t-object { fill: var(--object); }
.t-string { fill: var(--string); }
.t-code { fill: var(--code-kind); }
.t-name { fill: var(--name); } .t-frame { fill: var(--frame); } .t-table { fill: var(--table); }
.t-engine { fill: var(--engine); } .t-unused { fill: var(--unused); }
.p-base { fill: var(--base); } .p-changed { fill: var(--changed); } .p-free { fill: var(--free); }
.p-zero { fill: var(--zero); }
.p-row { fill: transparent; }
.p-label { fill: var(--soft); font-size: 10px !important; }
.legend {
  display: flex; flex-wrap: wrap; gap: 6px 22px; margin: 14px 0 0; color: var(--soft);
  font-size: 14px;
}
.legend svg {
  display: inline-block; width: 12px; height: 12px; margin-right: 7px; vertical-align: -1px;
}
.legend b { color: var(--ink); font-weight: 600; }
footer {
  margin: 56px 0 0; padding: 16px 0 0; border-top: 1px solid var(--line); color: var(--soft);
  font-size: 13px;
}
@media print { body { padding: 0; } section { break-inside: avoid; } }
)";

std::string base64(std::span<const std::byte> bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < count ? std::to_integer<unsigned>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j)
      text += j <= count ? kLetters[group >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string html_code(std::string_view text) { return "<code>" + html_text(text) + "</code>"; }

std::string html_element(std::string_view tag, std::string_view classes, const std::string& body) {
  std::string text = "<" + std::string(tag);
  if (!classes.empty()) text += " class=\"" + std::string(classes) + "\"";
  return text + ">" + body + "</" + std::string(tag) + ">\n";
}

std::string html_section(std::string_view title, const std::string& note, const std::string& body) {
  return "<section>\n<h2>" + html_text(title) + "</h2>\n" +
         (note.empty() ? "" : "<p class=\"note\">" + html_text(note) + "</p>\n") + body +
         "</section>\n";
}

std::string html_page(const std::string& title, const std::string& body) {
  const std::string digest = base64(base::sha256(std::as_bytes(std::span(kStyle))));
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'sha256-" +
         digest +
         "'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
         html_text(title) + "</title>\n<style>" + std::string(kStyle) +
         "</style>\n</head>\n<body>\n<main>\n" + body + "</main>\n</body>\n</html>\n";
}

std::string svg_number(double number) {
  if (!std::isfinite(number)) return "0";
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.2f", std::min(std::max(number, -1e9), 1e9));
  std::string result(text.data());
  while (result.ends_with('0')) result.pop_back();
  if (result.ends_with('.')) result.pop_back();
  return result == "-0" ? "0" : result;
}

}  // namespace quiesce::cli
