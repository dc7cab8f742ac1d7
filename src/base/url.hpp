// URLs as the WHATWG's URL standard parses and writes them, as far as the resolution of modules
// needs them.
//
//   auto base = base::Url::parse("file:///app/main.mjs");
//   auto url = base::Url::parse("./lib/a%20b.mjs?v=1", &*base);
//   url->text();                              // "file:///app/lib/a%20b.mjs?v=1"
//   base::file_path_of_url_path(url->path_text());            // "/app/lib/a b.mjs"
//
// All of the standard's parser is here (special, other and opaque URLs, drive letters, IPv4 and
// IPv6 addresses) but for names of hosts beyond ASCII: those, and labels that begin with "xn--",
// need tables of Unicode and are refused as if they were no URLs. Texts are WTF-8; a lone surrogate
// becomes U+FFFD, as it does in a URL. Values; thread safe. Nothing is thrown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce::base {

class Url {
 public:
  /// Nothing: `input` is no URL, or a relative one and there is no base that it could be relative
  /// to.
  static std::optional<Url> parse(std::string_view input, const Url* base = nullptr);
  /// The scheme, lower case and without the colon, of what begins with one; nothing: none.
  static std::optional<std::string> scheme_of(std::string_view input);

  /// Serialised.
  std::string text() const;
  /// Without the colon.
  const std::string& scheme() const noexcept { return scheme_; }
  bool is_special() const noexcept;
  /// data:, node:, mailto: and the like, whose path is a text and not a list.
  bool is_opaque() const noexcept { return is_opaque_; }
  /// Nothing: it has none. Empty for most file: URLs.
  const std::optional<std::string>& host() const noexcept { return host_; }
  /// Nothing: the scheme's own.
  const std::optional<std::uint16_t>& port() const noexcept { return port_; }
  /// A name or a password before the host.
  bool has_credentials() const noexcept { return !user_.empty() || !password_.empty(); }
  /// Percent-encoded as in `text`.
  std::string path_text() const;
  /// Without "?"; nothing: there is none.
  const std::optional<std::string>& query() const noexcept { return query_; }
  /// Without "#"; nothing: there is none.
  const std::optional<std::string>& fragment() const noexcept { return fragment_; }
  void set_query(std::optional<std::string> query) { query_ = std::move(query); }
  void set_fragment(std::optional<std::string> fragment) { fragment_ = std::move(fragment); }

 private:
  friend class UrlParser;
  std::string scheme_, user_, password_;
  std::optional<std::string> host_;
  std::optional<std::uint16_t> port_;
  bool is_opaque_ = false;
  std::string opaque_path_;
  std::vector<std::string> path_;
  std::optional<std::string> query_, fragment_;
};

/// The URL of a file, as Node's url.pathToFileURL has it: what a URL would take for something else
/// ("%", "?", "#", "\", line ends) is percent-encoded, dot segments are resolved. The path is
/// absolute. Bytes that are not UTF-8 become U+FFFD.
Url url_of_file_path(std::string_view path);

/// Bytes for each "%" with two hexadecimal digits; other "%" stay.
std::string percent_decode(std::string_view text);

/// What `decodeURIComponent` gives, for the path of a file: URL. Nothing: a "%" without two digits,
/// or bytes that are not UTF-8.
std::optional<std::string> file_path_of_url_path(std::string_view path);

}  // namespace quiesce::base
