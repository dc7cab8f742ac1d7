#include "base/url.hpp"

#include <array>
#include <cstddef>

#include "base/url_host.hpp"
#include "base/utf.hpp"

namespace quiesce::base {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char low = lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

struct Scheme {
  std::string_view name;
  std::uint16_t port;
};
constexpr std::array kSpecial = {Scheme{"file", 0}, Scheme{"http", 80}, Scheme{"https", 443},
                                 Scheme{"ws", 80},  Scheme{"wss", 443}, Scheme{"ftp", 21}};

const Scheme* special(std::string_view name) {
  for (const Scheme& scheme : kSpecial) {
    if (scheme.name == name) return &scheme;
  }
  return nullptr;
}

// The percent-encode sets: what is encoded besides controls and all beyond "~".
constexpr std::string_view kFragmentSet = " \"<>`";
constexpr std::string_view kQuerySet = " \"#<>";
constexpr std::string_view kSpecialQuerySet = " \"#<>'";
constexpr std::string_view kPathSet = " \"#<>?^`{}";
constexpr std::string_view kUserSet = " \"#<>?^`{}/:;=@[\\]|";
constexpr std::string_view kControlSet = "";

std::string percent_encode(std::string_view text, std::string_view set) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7E || set.find(c) != std::string_view::npos) {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

std::string well_formed(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  if (auto units = wtf8_to_utf16(text))
    return utf16_to_wtf8(replace_lone_surrogates(std::move(*units)));
  return replace_invalid_utf8(text);
}

// Without the blanks around it, and without tabs and line ends anywhere.
std::string trimmed(std::string_view input) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!input.empty() && is_blank(input.front())) input.remove_prefix(1);
  while (!input.empty() && is_blank(input.back())) input.remove_suffix(1);
  std::string text = well_formed(input);
  std::erase_if(text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return text;
}

std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_alpha(text[0])) return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':') return i;
    if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return 0;
  }
  return 0;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

bool is_drive_letter(std::string_view text) {
  return text.size() == 2 && is_alpha(text[0]) && (text[1] == ':' || text[1] == '|');
}

// "C:" or "C|", and then the end or something that ends a segment.
bool begins_with_drive_letter(std::string_view text) {
  return text.size() >= 2 && is_drive_letter(text.substr(0, 2)) &&
         (text.size() == 2 || std::string_view("/\\?#").find(text[2]) != std::string_view::npos);
}

// "." and "%2e" once or twice.
int dots(std::string_view segment) {
  int count = 0;
  while (!segment.empty()) {
    if (segment[0] == '.') {
      segment.remove_prefix(1);
    } else if (segment.size() >= 3 && segment[0] == '%' && segment[1] == '2' &&
               lower(segment[2]) == 'e') {
      segment.remove_prefix(3);
    } else {
      return 0;
    }
    if (++count > 2) return 0;
  }
  return count;
}

}  // namespace

class UrlParser {
 public:
  std::optional<Url> run(std::string_view input, const Url* base) {
    const std::string text = trimmed(input);
    std::string_view rest = text;
    const std::size_t length = scheme_length(text);
    if (length != 0) {
      url_.scheme_ = lower_case(rest.substr(0, length));
      rest.remove_prefix(length + 1);
    }
    // Neither can be inside of anything that stands before it.
    take_tail(rest, '#', url_.fragment_);
    take_tail(rest, '?', url_.query_);
    const bool ok = length != 0 ? absolute(rest, base) : relative_to(rest, base);
    if (!ok) return std::nullopt;
    encode_tails();
    return std::move(url_);
  }

 private:
  static void take_tail(std::string_view& rest, char mark, std::optional<std::string>& tail) {
    const std::size_t at = rest.find(mark);
    if (at == std::string_view::npos) return;
    tail = std::string(rest.substr(at + 1));
    rest = rest.substr(0, at);
  }

  void encode_tails() {
    if (url_.query_ && !inherited_query_)
      url_.query_ = percent_encode(*url_.query_, url_.is_special() ? kSpecialQuerySet : kQuerySet);
    if (url_.fragment_) url_.fragment_ = percent_encode(*url_.fragment_, kFragmentSet);
  }

  bool is_slash(char c) const { return c == '/' || (c == '\\' && url_.is_special()); }
  bool begins_with_slash(std::string_view text) const { return !text.empty() && is_slash(text[0]); }

  bool absolute(std::string_view rest, const Url* base) {
    if (url_.scheme_ == "file") return file(rest, base);
    if (url_.is_special()) {
      if (base && base->scheme_ == url_.scheme_ && !rest.starts_with("//"))
        return relative(rest, *base);
      while (begins_with_slash(rest)) rest.remove_prefix(1);
      return authority(rest);
    }
    if (rest.starts_with("//")) return authority(rest.substr(2));
    if (rest.starts_with("/")) {
      path(rest);
      return true;
    }
    url_.is_opaque_ = true;
    url_.opaque_path_ = percent_encode(rest, kControlSet);
    // A blank that a query or fragment hides from the trimming stays a part of the path.
    if ((url_.query_ || url_.fragment_) && url_.opaque_path_.ends_with(' '))
      url_.opaque_path_.replace(url_.opaque_path_.size() - 1, 1, "%20");
    return true;
  }

  bool relative_to(std::string_view rest, const Url* base) {
    if (!base) return false;
    if (base->is_opaque_) {
      if (!rest.empty() || url_.query_ || !url_.fragment_) return false;
      auto fragment = std::move(url_.fragment_);
      url_ = *base;
      url_.fragment_ = std::move(fragment);
      inherited_query_ = true;
      return true;
    }
    url_.scheme_ = base->scheme_;
    return base->scheme_ == "file" ? file(rest, base) : relative(rest, *base);
  }

  void take_authority(const Url& base) {
    url_.user_ = base.user_;
    url_.password_ = base.password_;
    url_.host_ = base.host_;
    url_.port_ = base.port_;
  }

  void take_query(const Url& base) {
    if (url_.query_) return;
    url_.query_ = base.query_;
    inherited_query_ = true;
  }

  bool relative(std::string_view rest, const Url& base) {
    if (begins_with_slash(rest)) {
      if (rest.size() > 1 && is_slash(rest[1])) {
        rest.remove_prefix(2);
        while (url_.is_special() && begins_with_slash(rest)) rest.remove_prefix(1);
        return authority(rest);
      }
      take_authority(base);
      path(rest);
      return true;
    }
    take_authority(base);
    url_.path_ = base.path_;
    if (rest.empty()) {
      take_query(base);
      return true;
    }
    shorten();
    segments(rest);
    return true;
  }

  bool file(std::string_view rest, const Url* base) {
    url_.host_ = "";
    if (base && base->scheme_ != "file") base = nullptr;
    if (begins_with_slash(rest)) {
      if (rest.size() > 1 && is_slash(rest[1])) return file_host(rest.substr(2));
      if (base) {
        url_.host_ = base->host_;
        if (!begins_with_drive_letter(rest.substr(1)) && !base->path_.empty() &&
            is_drive(base->path_[0]))
          url_.path_.push_back(base->path_[0]);
      }
      segments(rest.substr(1));
      return true;
    }
    if (!base) {
      path(rest);
      return true;
    }
    url_.host_ = base->host_;
    url_.path_ = base->path_;
    if (rest.empty()) {
      take_query(*base);
      return true;
    }
    if (begins_with_drive_letter(rest)) {
      url_.path_.clear();
    } else {
      shorten();
    }
    segments(rest);
    return true;
  }

  bool file_host(std::string_view rest) {
    const std::size_t end = rest.find_first_of("/\\");
    const std::string_view name = rest.substr(0, end);
    if (is_drive_letter(name)) {
      segments(rest);
      return true;
    }
    if (!name.empty()) {
      auto host = parse_url_host(name, /*is_special=*/true);
      if (!host) return false;
      url_.host_ = *host == "localhost" ? "" : std::move(*host);
    }
    path(end == std::string_view::npos ? std::string_view() : rest.substr(end));
    return true;
  }

  bool authority(std::string_view rest) {
    std::size_t end = 0;
    while (end < rest.size() && !is_slash(rest[end])) ++end;
    std::string_view name = rest.substr(0, end);
    const std::size_t at = name.rfind('@');
    if (at != std::string_view::npos) {
      credentials(name.substr(0, at));
      name.remove_prefix(at + 1);
      if (name.empty()) return false;
    }
    if (!host_and_port(name)) return false;
    path(rest.substr(end));
    return true;
  }

  void credentials(std::string_view text) {
    const std::size_t colon = text.find(':');
    url_.user_ = percent_encode(text.substr(0, colon), kUserSet);
    if (colon != std::string_view::npos)
      url_.password_ = percent_encode(text.substr(colon + 1), kUserSet);
  }

  bool host_and_port(std::string_view text) {
    std::size_t colon = std::string_view::npos;
    bool in_brackets = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '[') in_brackets = true;
      if (text[i] == ']') in_brackets = false;
      if (text[i] == ':' && !in_brackets) {
        colon = i;
        break;
      }
    }
    const std::string_view name = text.substr(0, colon);
    if (name.empty() && (url_.is_special() || colon != std::string_view::npos)) return false;
    auto host = parse_url_host(name, url_.is_special());
    if (!host) return false;
    url_.host_ = std::move(*host);
    return colon == std::string_view::npos || port(text.substr(colon + 1));
  }

  bool port(std::string_view digits) {
    std::uint32_t number = 0;
    for (const char c : digits) {
      if (!is_digit(c)) return false;
      number = number * 10 + static_cast<std::uint32_t>(c - '0');
      if (number > 0xFFFF) return false;
    }
    const Scheme* scheme = special(url_.scheme_);
    if (!digits.empty() && !(scheme && scheme->port == number))
      url_.port_ = static_cast<std::uint16_t>(number);
    return true;
  }

  // What stands behind the host.
  void path(std::string_view rest) {
    if (begins_with_slash(rest)) {
      segments(rest.substr(1));
    } else if (url_.is_special() || !rest.empty()) {
      segments(rest);
    }
  }

  void segments(std::string_view rest) {
    while (true) {
      std::size_t end = 0;
      while (end < rest.size() && !is_slash(rest[end])) ++end;
      const bool is_last = end == rest.size();
      segment(rest.substr(0, end), is_last);
      if (is_last) return;
      rest.remove_prefix(end + 1);
    }
  }

  void segment(std::string_view text, bool is_last) {
    switch (dots(text)) {
      case 2: shorten(); [[fallthrough]];
      case 1:
        if (is_last) url_.path_.emplace_back();
        return;
      default: break;
    }
    std::string encoded = percent_encode(text, kPathSet);
    if (url_.scheme_ == "file" && url_.path_.empty() && is_drive_letter(encoded)) encoded[1] = ':';
    url_.path_.push_back(std::move(encoded));
  }

  static bool is_drive(std::string_view segment) {
    return is_drive_letter(segment) && segment[1] == ':';
  }

  void shorten() {
    if (url_.scheme_ == "file" && url_.path_.size() == 1 && is_drive(url_.path_[0])) return;
    if (!url_.path_.empty()) url_.path_.pop_back();
  }

  Url url_;
  bool inherited_query_ = false;  // it is encoded already
};

std::optional<Url> Url::parse(std::string_view input, const Url* base) {
  return UrlParser().run(input, base);
}

std::optional<std::string> Url::scheme_of(std::string_view input) {
  const std::string text = trimmed(input);
  const std::size_t length = scheme_length(text);
  if (length == 0) return std::nullopt;
  return lower_case(std::string_view(text).substr(0, length));
}

bool Url::is_special() const noexcept { return special(scheme_) != nullptr; }

std::string Url::path_text() const {
  if (is_opaque_) return opaque_path_;
  std::string text;
  for (const std::string& segment : path_) text.append("/").append(segment);
  return text;
}

std::string Url::text() const {
  std::string text = scheme_ + ":";
  if (host_) {
    text += "//";
    if (!user_.empty() || !password_.empty()) {
      text += user_;
      if (!password_.empty()) text.append(":").append(password_);
      text += '@';
    }
    text += *host_;
    if (port_) text.append(":").append(std::to_string(*port_));
  } else if (!is_opaque_ && path_.size() > 1 && path_[0].empty()) {
    text += "/.";
  }
  text += path_text();
  if (query_) text.append("?").append(*query_);
  if (fragment_) text.append("#").append(*fragment_);
  return text;
}

Url url_of_file_path(std::string_view path) {
  std::string encoded;
  encoded.reserve(path.size());
  for (const char c : path) {
    if (c == '/' && encoded.ends_with('/')) continue;
    // What the parser would drop, or take for something else, or leave as it is, where Node does
    // not; the rest it encodes itself.
    if (std::string_view("%\\\n\r\t?#[]^|~").find(c) != std::string_view::npos) {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      encoded += c;
    }
  }
  // Blanks at the end would be trimmed, hence the mark.
  Url url = *Url::parse("file://" + encoded + "#");
  url.set_fragment(std::nullopt);
  return url;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                           hex_value(text[i + 2]) >= 0;
    if (is_escape) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<std::string> file_path_of_url_path(std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') continue;
    if (i + 2 >= path.size() || hex_value(path[i + 1]) < 0 || hex_value(path[i + 2]) < 0)
      return std::nullopt;
  }
  std::string decoded = percent_decode(path);
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

}  // namespace quiesce::base
