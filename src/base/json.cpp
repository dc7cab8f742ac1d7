#include "base/json.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/utf.hpp"

namespace quiesce::base {

namespace {

void append_code_point(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 63)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12), tail(6), tail(0);
  }
}

// Of equal keys the last value, at the place of the first.
void merge_equal_keys(Json::Members& members) {
  constexpr std::size_t kFew = 16;
  std::size_t kept = 0;
  const auto take = [&](std::size_t i, std::size_t first) {
    if (first != kept) {
      members[first].second = std::move(members[i].second);
    } else {
      if (kept != i) members[kept] = std::move(members[i]);
      ++kept;
    }
  };
  if (members.size() <= kFew) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      std::size_t first = 0;
      while (first < kept && members[first].first != members[i].first) ++first;
      take(i, first);
    }
  } else {
    std::map<std::string, std::size_t> places;  // no hash: keys are whatever somebody wants
    for (std::size_t i = 0; i < members.size(); ++i)
      take(i, places.emplace(members[i].first, kept).first->second);
  }
  members.erase(members.begin() + static_cast<std::ptrdiff_t>(kept), members.end());
}

}  // namespace

class JsonParser {
 public:
  explicit JsonParser(std::string_view text) : text_(text) {}

  Json run() {
    if (const auto bad = invalid_utf8_at(text_)) {
      at_ = *bad;
      fail("a byte that is not UTF-8");
    }
    Json value = parse_value(0);
    skip_blanks();
    if (at_ < text_.size()) fail_here();
    return value;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const std::string_view before = text_.substr(0, at_);
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    const std::size_t line_start = before.rfind('\n');
    const std::size_t column = line_start == std::string_view::npos ? at_ + 1 : at_ - line_start;
    throw JsonError(what, line, column);
  }

  [[noreturn]] void fail_here() const {
    if (at_ >= text_.size()) fail("the text ends too early");
    std::string shown;
    std::size_t length = 1;
    while (at_ + length < text_.size() && (text_[at_ + length] & 0xC0) == 0x80) ++length;
    shown = text_.substr(at_, length);
    fail("unexpected " + json_quote(shown));
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != std::string::npos)
      ++at_;
  }

  void expect(std::string_view word) {
    for (const char c : word) {
      if (at_ >= text_.size() || text_[at_] != c) fail_here();
      ++at_;
    }
  }

  Json literal(std::string_view word, Json::Kind kind) {
    expect(word);
    Json value;
    value.kind_ = kind;
    value.text_ = word;
    return value;
  }

  Json parse_value(std::size_t depth) {
    if (depth > Json::kDepthMax) fail("nested too deeply");
    skip_blanks();
    switch (peek()) {
      case '{': return parse_object(depth);
      case '[': return parse_array(depth);
      case '"': {
        Json value;
        value.kind_ = Json::Kind::string;
        value.text_ = parse_string();
        return value;
      }
      case 't': return literal("true", Json::Kind::boolean);
      case 'f': return literal("false", Json::Kind::boolean);
      case 'n': return literal("null", Json::Kind::null);
      default: return parse_number();
    }
  }

  // True: another element follows; false: the end was read.
  bool goes_on(char end) {
    skip_blanks();
    if (peek() == ',' || peek() == end) return text_[at_++] == ',';
    fail_here();
  }

  bool is_empty(char end) {
    ++at_;
    skip_blanks();
    if (peek() != end) return false;
    ++at_;
    return true;
  }

  Json parse_object(std::size_t depth) {
    Json value;
    value.kind_ = Json::Kind::object;
    if (is_empty('}')) return value;
    do {
      skip_blanks();
      if (peek() != '"') fail_here();
      std::string key = parse_string();
      skip_blanks();
      expect(":");
      value.members_.emplace_back(std::move(key), parse_value(depth + 1));
    } while (goes_on('}'));
    merge_equal_keys(value.members_);
    return value;
  }

  Json parse_array(std::size_t depth) {
    Json value;
    value.kind_ = Json::Kind::array;
    if (is_empty(']')) return value;
    do {
      value.items_.push_back(parse_value(depth + 1));
    } while (goes_on(']'));
    return value;
  }

  void digits() {
    if (peek() < '0' || peek() > '9') fail_here();
    while (peek() >= '0' && peek() <= '9') ++at_;
  }

  Json parse_number() {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else {
      digits();
    }
    if (peek() == '.') {
      ++at_;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      digits();
    }
    Json value;
    value.kind_ = Json::Kind::number;
    value.text_ = text_.substr(start, at_ - start);
    return value;
  }

  std::string parse_string() {
    std::string out;
    ++at_;
    while (true) {
      const std::size_t start = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20)
        ++at_;
      out.append(text_.substr(start, at_ - start));
      if (at_ >= text_.size()) fail("the text ends inside of a string");
      if (text_[at_] == '"') break;
      if (text_[at_] != '\\') fail("a control character in a string");
      ++at_;
      escape(out);
    }
    ++at_;
    return out;
  }

  void escape(std::string& out) {
    constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    const std::size_t which = at_ < text_.size() ? kFrom.find(text_[at_]) : std::string::npos;
    if (which != std::string_view::npos) {
      out += kTo[which];
      ++at_;
      return;
    }
    if (peek() != 'u') fail_here();
    std::uint32_t code = unit();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const std::size_t before = at_++;
      const std::uint32_t low = unit();
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      } else {
        at_ = before;
      }
    }
    append_code_point(out, code);
  }

  // At "u": the four digits behind it.
  std::uint32_t unit() {
    ++at_;
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      std::uint32_t digit = 0;
      if (c >= '0' && c <= '9') {
        digit = static_cast<std::uint32_t>(c - '0');
      } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        digit = static_cast<std::uint32_t>((c | 32) - 'a') + 10;
      } else {
        fail_here();
      }
      code = code * 16 + digit;
    }
    return code;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Json Json::parse(std::string_view text) { return JsonParser(text).run(); }

const Json* Json::find(std::string_view key) const noexcept {
  for (const auto& [name, value] : members_) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string json_quote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view kFrom = "\"\\\b\f\n\r\t", kTo = "\"\\bfnrt";
    const std::size_t which = kFrom.find(c);
    const bool is_surrogate =
        byte == 0xED && i + 2 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0;
    char escaped[8];
    if (which != std::string_view::npos) {
      out += {'\\', kTo[which]};
    } else if (byte < 0x20) {
      std::snprintf(escaped, sizeof escaped, "\\u%04x", unsigned{byte});
      out += escaped;
    } else if (is_surrogate) {
      const auto low_bits = [&](std::size_t at) {
        return static_cast<unsigned char>(text[at]) & 63u;
      };
      const unsigned unit = 0xD000u | low_bits(i + 1) << 6 | low_bits(i + 2);
      std::snprintf(escaped, sizeof escaped, "\\u%04x", unit & 0xFFFFu);
      out += escaped;
      i += 2;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string Json::write() const {
  std::string out;
  write_to(out);
  return out;
}

void Json::write_to(std::string& out) const {
  const char* separator = "";
  switch (kind_) {
    case Kind::string: out += json_quote(text_); break;
    case Kind::array:
      out += '[';
      for (const Json& item : items_) {
        out += std::exchange(separator, ",");
        item.write_to(out);
      }
      out += ']';
      break;
    case Kind::object:
      out += '{';
      for (const auto& [key, value] : members_) {
        out.append(std::exchange(separator, ",")).append(json_quote(key)).append(":");
        value.write_to(out);
      }
      out += '}';
      break;
    case Kind::null: out += "null"; break;
    default: out += text_;
  }
}

}  // namespace quiesce::base
