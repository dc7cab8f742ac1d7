#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "vm/machine.hpp"

namespace quiesce::detail {

// ECMA-262 6.1.6.1.20 Number::toString, radix 10: the shortest digits that give the number back,
// with an exponent outside of 1e-7 to 1e21.
std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  if (number == 0) return "0";

  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number),
                                 std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  const int point =
      std::stoi(std::string(text.substr(e + 1))) + 1;  // digits before the decimal point
  const int count = static_cast<int>(digits.size());

  std::string out = number < 0 ? "-" : "";
  if (point > 21 || point <= -6) {
    out += digits[0];
    if (count > 1) out += "." + digits.substr(1);
    return out + "e" + (point > 0 ? "+" : "") + std::to_string(point - 1);
  }
  if (point <= 0) return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (count <= point)
    return out + digits + std::string(static_cast<std::size_t>(point - count), '0');
  return out + digits.substr(0, static_cast<std::size_t>(point)) + "." +
         digits.substr(static_cast<std::size_t>(point));
}

}  // namespace quiesce::detail
