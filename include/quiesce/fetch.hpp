// fetch() for programs: off unless a Host gives it, for the URLs that you list, carried out by you.
//
//   host.fetch(quiesce::FetchRules().allow("https://api.example.com/v1/"),
//              [](const quiesce::FetchRequest& request) { return download(request); });
//   vm.eval("fetch('https://api.example.com/v1/rates').then(r => r.json())");
//
// Quiesce opens no connection itself. JavaScript gets `fetch`, `Headers`, `Request` and `Response`
// of the WHATWG's Fetch Standard, with bodies that are there as a whole. Each request is a pending
// call "fetch", which sleeps with the VM; without a function to carry it out, somebody outside
// settles it (VM::pending_calls, `quiesce resume`).
//
// Rules are values. What carries out requests is called on the VM's thread; what it throws, and
// what its future throws, becomes an error as in any host function (function.hpp), and that the
// `cause` of the TypeError that JavaScript gets.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace quiesce {

namespace detail {
struct FetchPattern;
}  // namespace detail

/// Which URLs a program may ask for. At first none.
///
/// A host that is a name or an address of this machine or of a private network ("localhost",
/// 127.0.0.1, 10.0.0.7, [::1], 169.254.169.254 and the like, however it is written) is reached only
/// by a pattern that names it.
class FetchRules {
 public:
  /// "https://api.example.com", "http://localhost:8080/api/": scheme, host, the port unless it is
  /// the scheme's own, and how the path begins, up to a "/". "https://*.example.com": all below
  /// that name. "https://*": every public host. Throws Errc::invalid_argument for what is no such
  /// pattern.
  FetchRules& allow(std::string_view pattern);
  /// Whether one of the patterns is for this URL. One that has a name or a password in it, or is
  /// not http: or https:, never is. If you follow redirects, ask for each.
  bool allows(std::string_view url) const;
  /// Whether an IPv4 or IPv6 address, without brackets, belongs to the public internet: a name that
  /// you are asked to connect to may lead anywhere, so ask for the address it has. False for what
  /// is no address.
  static bool is_public_address(std::string_view address);

  /// No URL at all.
  FetchRules();
  /// Rules are values.
  FetchRules(const FetchRules& other);
  /// What is moved from allows nothing.
  FetchRules(FetchRules&& other) noexcept;
  /// Copies or moves.
  FetchRules& operator=(FetchRules other);
  ~FetchRules();

 private:
  std::vector<detail::FetchPattern> patterns_;
};

/// Names and values, in order; a name may come several times.
using FetchHeaders = std::vector<std::pair<std::string, std::string>>;

/// What JavaScript asks for.
struct FetchRequest {
  /// "GET", "POST" and the like, or one of the program's own.
  std::string method;
  /// Serialised, without fragment.
  std::string url;
  /// Names in lower case, values Latin-1 written as UTF-8.
  FetchHeaders headers;
  /// Bytes; nothing: none.
  std::optional<std::string> body;
  /// "follow", "error" or "manual".
  std::string redirect;
};

/// What came back.
struct FetchResponse {
  /// 200 to 599.
  int status = 200;
  /// "OK" and the like; most servers send none any more.
  std::string status_text = {};
  /// Latin-1, written as UTF-8.
  FetchHeaders headers = {};
  /// Bytes.
  std::string body = {};
  /// After redirects; empty: that of the request.
  std::string url = {};
};

/// Begins a request.
using Fetch = std::function<std::future<FetchResponse>(const FetchRequest&)>;

namespace detail {

/// A function that answers at once, or one that gives a future; null: none.
template <class F>
Fetch fetch_of(F f) {
  if constexpr (std::is_same_v<F, std::nullptr_t>) {
    return nullptr;
  } else if constexpr (std::is_same_v<std::invoke_result_t<F&, const FetchRequest&>,
                                      FetchResponse>) {
    return [f = std::move(f)](const FetchRequest& request) mutable {
      std::promise<FetchResponse> done;
      done.set_value(f(request));
      return done.get_future();
    };
  } else {
    return Fetch(std::move(f));
  }
}

}  // namespace detail

}  // namespace quiesce
