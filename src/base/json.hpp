// JSON that is read exactly as JSON.parse reads it, with the order of keys kept.
//
//   base::Json value = base::Json::parse(text);
//   if (const base::Json* main = value.find("main"); main && main->is_string()) use(main->text());
//
// Exactly: lone surrogates in escapes are kept (texts are WTF-8), of equal keys the last value
// counts at the place of the first, nothing but JSON is accepted, not even a byte order mark.
// Nesting is bounded, so that whoever walks the value may recurse. Throws JsonError.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quiesce::base {

/// What is wrong with a text that should be JSON.
class JsonError : public std::runtime_error {
 public:
  JsonError(const std::string& text, std::size_t line, std::size_t column)
      : std::runtime_error(text + " (line " + std::to_string(line) + ", column " +
                           std::to_string(column) + ")") {}
};

class Json {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  using Members = std::vector<std::pair<std::string, Json>>;
  /// Objects and arrays in one another, at most.
  static constexpr std::size_t kDepthMax = 1000;

  Json() = default;
  /// `text` must be UTF-8.
  static Json parse(std::string_view text);

  Kind kind() const noexcept { return kind_; }
  bool is_null() const noexcept { return kind_ == Kind::null; }
  bool is_string() const noexcept { return kind_ == Kind::string; }
  bool is_array() const noexcept { return kind_ == Kind::array; }
  bool is_object() const noexcept { return kind_ == Kind::object; }

  /// Of a string: the string. Of true, false, null and numbers: how they are written.
  const std::string& text() const noexcept { return text_; }
  const std::vector<Json>& items() const noexcept { return items_; }
  const Members& members() const noexcept { return members_; }
  /// The member of an object; null: there is none, or this is no object.
  const Json* find(std::string_view key) const noexcept;
  /// As JSON.stringify writes it, but for numbers, which stay as they were.
  std::string write() const;

 private:
  friend class JsonParser;
  void write_to(std::string& out) const;
  Kind kind_ = Kind::null;
  std::string text_;
  std::vector<Json> items_;
  Members members_;
};

/// As JSON.stringify writes a string. Text is WTF-8.
std::string json_quote(std::string_view text);

}  // namespace quiesce::base
