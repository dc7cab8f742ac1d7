// A JSON object or array whose parts are JSON already: words of the guest are not read and
// rewritten.
//
//   JsonList list("");
//   list.add("name", json_string(name));
//   std::string text = list.object();
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/json_text.hpp"

namespace quiesce::cli {

class JsonList {
 public:
  explicit JsonList(std::string indent) : indent_(std::move(indent)) {}
  void add(const std::string& item) {
    items_ += (items_.empty() ? "\n" : ",\n") + indent_ + "  " + item;
  }
  void add(std::string_view key, const std::string& value) { add(json_string(key) + ": " + value); }
  std::string array() const { return close('[', ']'); }
  std::string object() const { return close('{', '}'); }

 private:
  std::string close(char open, char shut) const {
    return items_.empty() ? std::string{open, shut} : open + items_ + "\n" + indent_ + shut;
  }
  std::string indent_;
  std::string items_;
};

/// An array of strings, one on each line.
inline std::string names_json(const std::vector<std::string>& names,
                              const std::string& indent = "  ") {
  JsonList list(indent);
  for (const std::string& name : names) list.add(json_string(name));
  return list.array();
}

}  // namespace quiesce::cli
