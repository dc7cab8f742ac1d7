// A page of HTML that needs nothing but itself: no script, no font, no address. It may be opened
// wherever a file can be, with any content security policy that allows a style by its hash.
//
//   std::string page = html_page("order.qsnap", html_section("Timers", "", body));
//
// Everything that comes from a snapshot goes through html_text. Thread safe.
#pragma once

#include <string>
#include <string_view>

namespace quiesce::cli {

/// For the inside of an element or of an attribute in quotes. Control characters become visible;
/// what is not UTF-8 becomes U+FFFD.
std::string html_text(std::string_view text);

/// Text in letters of one width.
std::string html_code(std::string_view text);

/// `<tag class="classes">body</tag>`; the body is HTML.
std::string html_element(std::string_view tag, std::string_view classes, const std::string& body);
/// A section with a heading, and a line below it; the note may be empty. The body is HTML.
std::string html_section(std::string_view title, const std::string& note, const std::string& body);
/// The document. The title is text, the body HTML.
std::string html_page(const std::string& title, const std::string& body);

/// A number for a coordinate: at most two decimals, never an exponent.
std::string svg_number(double number);

}  // namespace quiesce::cli
