#include "dispatch.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace adapt {
namespace {

constexpr std::size_t kCasesMin = 24;
constexpr std::size_t kContinuationsMin = 12;
constexpr std::size_t kHeadLinesMax = 24;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_label(std::string_view line) { return line.ends_with(':') || line.ends_with(":;"); }

/// "case 12:goto label;" or "default:goto label;"
std::string_view target_of(std::string_view line) {
  const std::size_t jump = line.find(":goto ");
  if (jump == std::string_view::npos || !line.ends_with(';')) return {};
  return line.substr(jump + 6, line.size() - jump - 7);
}

struct Switch {
  std::size_t begin = 0, end = 0;  // lines, the closing one excluded
  std::string_view value;
  std::vector<std::string_view> targets;  // of 0, 1, 2...
  std::string_view otherwise;
};

// Cases must be 0, 1, 2... and all jump: that is how wasm2c writes br_table.
std::optional<Switch> read_switch(const std::vector<std::string_view>& lines, std::size_t begin) {
  if (!lines[begin].starts_with("switch(") || !lines[begin].ends_with("){")) return std::nullopt;
  Switch found;
  found.begin = begin;
  found.value = lines[begin].substr(7, lines[begin].size() - 9);
  for (std::size_t at = begin + 1; at < lines.size(); ++at) {
    if (lines[at] == "}") {
      found.end = at;
      return found.otherwise.empty() ? std::nullopt : std::optional(found);
    }
    const std::string_view target = target_of(lines[at]);
    if (target.empty()) return std::nullopt;
    if (lines[at].starts_with("default:")) {
      found.otherwise = target;
    } else if (lines[at].starts_with("case " + std::to_string(found.targets.size()) + ":")) {
      found.targets.push_back(target);
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// Distances, not addresses: the table needs no relocation.
std::string table_of(const Switch& dispatch) {
  std::string text = "static const int qw_targets[] = {";
  for (const std::string_view target : dispatch.targets) {
    text.append("&&").append(target).append("-&&").append(dispatch.otherwise).append(",");
  }
  return text + "};\n";
}

std::string jump_of(const Switch& dispatch) {
  const std::string value(dispatch.value), otherwise(dispatch.otherwise);
  return "if(QW_UNLIKELY(" + value + ">=" + std::to_string(dispatch.targets.size()) + "u)){goto " +
         otherwise + ";}\ngoto *(void*)((char*)&&" + otherwise + "+qw_targets[" + value + "]);\n";
}

}  // namespace

std::string thread_dispatch(const std::string& body) {
  const std::vector<std::string_view> lines = lines_of(body);
  std::optional<Switch> dispatch;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::optional<Switch> found = read_switch(lines, i);
    if (found && found->targets.size() >= kCasesMin &&
        (!dispatch || found->targets.size() > dispatch->targets.size())) {
      dispatch = found;
    }
  }
  if (!dispatch) return body;

  // The head: straight code between the label of the loop and the switch.
  std::size_t head = dispatch->begin;
  while (head > 0 && !is_label(lines[head - 1])) --head;
  if (head == 0 || dispatch->begin - head > kHeadLinesMax) return body;
  std::string head_text;
  for (std::size_t i = head; i < dispatch->begin; ++i) {
    if (lines[i].find_first_of("{}:") != std::string_view::npos || lines[i].starts_with("goto"))
      return body;
    head_text.append(lines[i]).append("\n");
  }
  const std::string jump = jump_of(*dispatch);
  const std::string_view label = lines[head - 1].substr(0, lines[head - 1].find(':'));
  const std::string again = "goto " + std::string(label) + ";";

  if (std::count(lines.begin(), lines.end(), again) <
      static_cast<std::ptrdiff_t>(kContinuationsMin))
    return body;

  // Declarations come first in a body: the table goes before them.
  std::string text = "\n" + table_of(*dispatch);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == dispatch->begin) {
      text += jump;
      i = dispatch->end;
    } else if (lines[i] == again) {
      text.append("{\n").append(head_text).append(jump).append("}\n");
    } else {
      text.append(lines[i]).append("\n");
    }
  }
  return text;
}

}  // namespace adapt
