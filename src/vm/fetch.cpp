// fetch(): what a program may ask for, and the way there and back. Headers, Request and Response
// are JavaScript (guest/builtins/internal/fetch.js).
#include "quiesce/fetch.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "base/address.hpp"
#include "base/url.hpp"
#include "vm/machine.hpp"

namespace quiesce {

namespace detail {

struct FetchPattern {
  enum class Host : std::uint8_t { any, below, exactly };

  std::string scheme;
  Host kind;
  std::string host;  // below: with the dot before it
  std::optional<std::uint16_t> port;
  std::string path;
};

}  // namespace detail

/// What internal/fetch.js makes a Response of.
template <>
struct Convert<FetchResponse> {
  static Value to(VM& vm, const FetchResponse& response) {
    Value answer = vm.object();
    answer.set("status", response.status);
    answer.set("statusText", response.status_text);
    answer.set("headers", response.headers);
    answer.set("body", vm.typed_array(Class::uint8_array, std::as_bytes(std::span(response.body))));
    if (!response.url.empty()) answer.set("url", response.url);
    return answer;
  }
};

namespace {

using base::Url;
using detail::FetchPattern;

/// Two ways to write one name.
std::string without_last_dot(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  return host;
}

bool is_http(const Url& url) { return url.scheme() == "https" || url.scheme() == "http"; }

bool is_address(std::string_view host) {
  return host.starts_with('[') ||
         (!host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

/// By what is written; a name may lead anywhere.
bool may_be_public(std::string_view host) {
  if (host == "localhost" || host.ends_with(".localhost")) return false;
  if (!is_address(host)) return true;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return base::is_public_address(host);
}

bool is_below(std::string_view path, std::string_view begin) {
  if (!path.starts_with(begin)) return false;
  return begin.ends_with('/') || path.size() == begin.size() || path[begin.size()] == '/';
}

bool matches(const FetchPattern& pattern, const Url& url, const std::string& host) {
  if (url.scheme() != pattern.scheme || url.port() != pattern.port) return false;
  if (!is_below(url.path_text(), pattern.path)) return false;
  switch (pattern.kind) {
    case FetchPattern::Host::any: return may_be_public(host);
    case FetchPattern::Host::below: return host.ends_with(pattern.host) && may_be_public(host);
    case FetchPattern::Host::exactly: return host == pattern.host;
  }
  return false;
}

FetchPattern parse(std::string_view text) {
  const auto refuse = [&]() -> FetchPattern {
    throw Error(Errc::invalid_argument,
                "\"" + std::string(text) +
                    "\" is no pattern of URLs; it can be as \"https://api.example.com/v1/\", "
                    "\"https://*.example.com\" or \"https://*\"");
  };
  const std::size_t at = text.find("://*");
  std::string written(text);
  if (at != std::string_view::npos) written.replace(at + 3, 1, "any");
  const auto url = Url::parse(written);
  if (!url || !is_http(*url) || !url->host() || url->query() || url->fragment() ||
      url->has_credentials() || written.find('*') != std::string::npos) {
    return refuse();
  }
  FetchPattern pattern{url->scheme(), FetchPattern::Host::exactly, without_last_dot(*url->host()),
                       url->port(), url->path_text()};
  if (at != std::string_view::npos) {
    const bool is_any = pattern.host == "any";
    if (!is_any && !pattern.host.starts_with("any.")) return refuse();
    pattern.kind = is_any ? FetchPattern::Host::any : FetchPattern::Host::below;
    pattern.host.erase(0, 3);
  }
  return pattern;
}

std::string text_of(const Value& object, const char* key) {
  return object.get(key).as<std::string>();
}

/// As JavaScript writes it, so it is well formed.
std::string base64_decoded(const std::string& text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const int count = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()));
  if (count < 0) throw Error(Errc::invalid_argument, "the body of a request is no base64");
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(count) - padding);
  return bytes;
}

FetchRequest request_of(const Value& asked) {
  FetchRequest request{text_of(asked, "method"),
                       text_of(asked, "url"),
                       {},
                       std::nullopt,
                       text_of(asked, "redirect")};
  request.headers = asked.get("headers").as<FetchHeaders>();
  const Value body = asked.get("body");
  if (body.is_string()) {
    request.body = body.as<std::string>();
  } else if (body.is_object()) {
    request.body = base64_decoded(text_of(body, "base64"));
  }
  return request;
}

Value ask(Call& call, const FetchRules& rules, const Fetch& carry_out) {
  const Value asked = call.argument(0);
  const std::string url = text_of(asked, "url");
  if (!rules.allows(url)) {
    throw JSError(
        call.vm().error("Error", "this program may not fetch " + url,
                        {.properties = {{"code", call.vm().string("ERR_FETCH_NOT_ALLOWED")}}}));
  }
  if (!carry_out) return call.vm().defer_values("fetch", call.arguments()).promise();
  using Answer = detail::FutureOf<std::future<FetchResponse>>;
  return detail::begin_future(
      call, [&] { return std::make_unique<Answer>(carry_out(request_of(asked))); });
}

}  // namespace

FetchRules::FetchRules() = default;
FetchRules::FetchRules(const FetchRules&) = default;
FetchRules::FetchRules(FetchRules&&) noexcept = default;
FetchRules& FetchRules::operator=(FetchRules other) {
  patterns_.swap(other.patterns_);
  return *this;
}
FetchRules::~FetchRules() = default;

FetchRules& FetchRules::allow(std::string_view pattern) {
  patterns_.push_back(parse(pattern));
  return *this;
}

bool FetchRules::allows(std::string_view text) const {
  const auto url = Url::parse(text);
  if (!url || !is_http(*url) || !url->host() || url->has_credentials()) return false;
  const std::string host = without_last_dot(*url->host());
  return std::ranges::any_of(
      patterns_, [&](const FetchPattern& pattern) { return matches(pattern, *url, host); });
}

bool FetchRules::is_public_address(std::string_view address) {
  return base::is_public_address(address);
}

Host& Host::fetch_through(FetchRules rules, Fetch f) {
  add_member_function("fetch", 1, [rules = std::move(rules), f = std::move(f)](Call& call) {
    return ask(call, rules, f);
  });
  parts().fetch = true;
  return *this;
}

}  // namespace quiesce
