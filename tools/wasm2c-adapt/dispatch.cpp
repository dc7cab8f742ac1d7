#include "dispatch.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <regex>
#include <span>
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

// ---- the operation's byte, and what the switch makes of it ----

/// What a variable is for each value of the byte.
using ByByte = std::array<std::uint32_t, 256>;

/// Follows the lines that lead from a byte to the value of a switch. A line that it does not know
/// makes unknown what the line assigns to.
class Follower {
 public:
  explicit Follower(const Constants& constants) : constants_(constants) {}

  void begin(std::string_view variable) {
    known_.clear();
    std::iota(known_[variable].begin(), known_[variable].end(), 0u);
  }

  void follow(std::string_view line) {
    static const std::regex kLine(
        R"((\w+)(=|\+=|<<=))"  // "a+="
        R"((?:(\d+)u|(\w+)|\((\w+)&31\)|i32_load\(\(u64\)\((\w+)\)(?:\+(\d+)u)?\));)");
    std::cmatch match;
    if (!std::regex_match(line.begin(), line.end(), match, kLine)) {
      known_.erase(line.substr(0, line.find_first_of("=+-*/%&|^<>")));
      return;
    }
    const auto text = [&](std::size_t group) {
      return std::string_view(match[group].first, static_cast<std::size_t>(match[group].length()));
    };
    std::optional<ByByte> operand;
    if (match[3].matched) operand = constant(text(3));
    if (match[4].matched) operand = find(text(4));
    if (match[5].matched) operand = find(text(5));
    if (match[6].matched) operand = load(text(6), text(7));
    const std::optional<ByByte> before = find(text(1));
    known_.erase(text(1));
    if (!operand || (text(2) != "=" && !before)) return;
    ByByte& after = known_[text(1)];
    for (std::size_t byte = 0; byte < after.size(); ++byte) {
      const std::uint32_t value = (*operand)[byte];
      after[byte] = text(2) == "="    ? value
                    : text(2) == "+=" ? (*before)[byte] + value
                                      : (*before)[byte] << (value & 31);
    }
  }

  std::optional<ByByte> find(std::string_view variable) const {
    const auto found = known_.find(variable);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static ByByte constant(std::string_view digits) {
    ByByte all;
    all.fill(static_cast<std::uint32_t>(std::stoull(std::string(digits))));
    return all;
  }

  std::optional<ByByte> load(std::string_view variable, std::string_view offset) const {
    std::optional<ByByte> at = find(variable);
    if (!at) return std::nullopt;
    const std::uint64_t more = offset.empty() ? 0 : std::stoull(std::string(offset));
    for (std::uint32_t& value : *at) {
      if (value + more > 0xffff'ffff) return std::nullopt;
      const auto there = constants_.at(static_cast<std::uint32_t>(value + more));
      if (!there) return std::nullopt;
      value = *there;
    }
    return at;
  }

  const Constants& constants_;
  std::map<std::string_view, ByByte> known_;
};

/// A head whose value depends on one byte alone.
struct ByteHead {
  std::size_t line;           // that reads the byte, counted from the head's first
  std::string_view variable;  // into which
  ByByte values;
};

std::optional<ByteHead> read_head(std::span<const std::string_view> head, const Switch& dispatch,
                                  const Constants& constants) {
  std::optional<ByteHead> found;
  Follower follower(constants);
  for (std::size_t i = 0; i < head.size(); ++i) {
    const std::size_t load = head[i].find("=i32_load8_u(");
    if (load == std::string_view::npos) {
      follower.follow(head[i]);
    } else {
      found = ByteHead{.line = i, .variable = head[i].substr(0, load), .values = {}};
      follower.begin(found->variable);
    }
  }
  const std::optional<ByByte> values = follower.find(dispatch.value);
  if (!found || !values) return std::nullopt;
  found->values = *values;
  return found;
}

// ---- the jump ----

/// The declarations that a jump needs, and the jump.
struct Jump {
  std::string declarations, text;
};

// Distances, not addresses: the table needs no relocation.
Jump jump_by_value(const Switch& dispatch) {
  const std::string value(dispatch.value), otherwise(dispatch.otherwise);
  Jump jump{.declarations = "static const int qw_targets[] = {", .text = {}};
  for (const std::string_view target : dispatch.targets) {
    jump.declarations.append("&&").append(target).append("-&&").append(otherwise).append(",");
  }
  jump.declarations += "};\n";
  jump.text = "if(QW_UNLIKELY(" + value + ">=" + std::to_string(dispatch.targets.size()) +
              "u)){goto " + otherwise + ";}\ngoto *(void*)((char*)&&" + otherwise + "+qw_targets[" +
              value + "]);\n";
  return jump;
}

// Addresses, which the loader has to relocate: an instruction less for each operation.
Jump jump_by_byte(const Switch& dispatch, const ByByte& values) {
  Jump jump{.declarations = "u8 qw_operation;\nstatic const void* const qw_targets[256] = {",
            .text = "goto *qw_targets[qw_operation];\n"};
  for (const std::uint32_t value : values) {
    jump.declarations.append("&&")
        .append(value < dispatch.targets.size() ? dispatch.targets[value] : dispatch.otherwise)
        .append(",");
  }
  jump.declarations += "};\n";
  return jump;
}

}  // namespace

std::string thread_dispatch(const std::string& body, const Constants& constants) {
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
  const std::span<const std::string_view> head_lines(&lines[head], dispatch->begin - head);
  const std::optional<ByteHead> by_byte = read_head(head_lines, *dispatch, constants);
  std::string head_text;
  for (std::size_t i = 0; i < head_lines.size(); ++i) {
    const std::string_view line = head_lines[i];
    if (line.find_first_of("{}:") != std::string_view::npos || line.starts_with("goto"))
      return body;
    head_text.append(line).append("\n");
    if (by_byte && by_byte->line == i) {
      head_text.append("qw_operation=(u8)").append(by_byte->variable).append(";\n");
    }
  }
  const Jump jump = by_byte ? jump_by_byte(*dispatch, by_byte->values) : jump_by_value(*dispatch);
  const std::string_view label = lines[head - 1].substr(0, lines[head - 1].find(':'));
  const std::string again = "goto " + std::string(label) + ";";

  if (std::count(lines.begin(), lines.end(), again) <
      static_cast<std::ptrdiff_t>(kContinuationsMin))
    return body;

  // Declarations come first in a body: the table goes before them.
  std::string text = "\n" + jump.declarations;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == head) {
      text += head_text + jump.text;
      i = dispatch->end;
    } else if (lines[i] == again) {
      text.append("{\n").append(head_text).append(jump.text).append("}\n");
    } else {
      text.append(lines[i]).append("\n");
    }
  }
  return text;
}

}  // namespace adapt
