#include "quiesce/fetch.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

std::string run(VM& vm, const std::string& code) {
  const std::string source = "(async () => { " + code + " })()";
  try {
    const auto result = vm.run(vm.eval(source));
    return result ? result->to_string() : "waits";
  } catch (const JSError& error) {
    const Value cause = error.value().get("cause");
    return std::string(error.what()) + (cause.is_object() ? " <- " + cause.to_string() : "");
  }
}

/// Answers every request with what it was.
FetchResponse echo(const FetchRequest& request) {
  std::string text = request.method + " " + request.url + " " + request.redirect;
  for (const auto& [name, value] : request.headers) text += "\n" + name + ": " + value;
  if (request.body) text += "\n\n" + *request.body;
  return {.status = 201,
          .status_text = "Made",
          .headers = {{"Content-Type", "text/plain"}, {"X-Twice", "a"}, {"X-Twice", "b"}},
          .body = text};
}

Host echoing() {
  Host host;
  host.fetch(FetchRules().allow("https://api.example.com/v1"), echo);
  return host;
}

TEST(Fetch, IsOffUnlessAHostGivesIt) {  // B6
  VM vm{Host().node_globals()};
  EXPECT_EQ(vm.eval("typeof fetch").as<std::string>(), "undefined");
  VM with{echoing()};
  EXPECT_EQ(with.eval("[typeof fetch, fetch.name, fetch.length, typeof Headers].join()")
                .as<std::string>(),
            "function,fetch,1,function");
}

TEST(Fetch, GoesThereAndBack) {  // B6
  VM vm{echoing()};
  EXPECT_EQ(
      run(vm, R"(
    const response = await fetch('https://API.example.com/v1/a?b#c', {
      method: 'post', body: 'two\nlines \u00e4', headers: {'X-One': ' 1 '}, redirect: 'error'});
    return JSON.stringify([response.status, response.ok, response.statusText, response.url,
      response.headers.get('x-twice'), response.redirected, await response.text()]);
  )"),
      R"([201,true,"Made","https://api.example.com/v1/a?b","a, b",false,)"
      R"("POST https://api.example.com/v1/a?b error\ncontent-type: text/plain;charset=UTF-8\n)"
      R"(x-one: 1\n\ntwo\nlines ä"])");
}

TEST(Fetch, BodiesAreBytes) {
  std::string got;
  Host host;
  host.fetch(FetchRules().allow("https://*"), [&](const FetchRequest& request) {
    got = request.body.value_or("none");
    return FetchResponse{.body = std::string("\0\xff\x80", 3)};
  });
  VM vm{host};
  EXPECT_EQ(run(vm, R"(
    const body = new Uint8Array([0, 255, 1, 254, 128]);
    const response = await fetch('https://a.example/', {method: 'PUT', body});
    return (await response.bytes()).join();
  )"),
            "0,255,128");
  EXPECT_EQ(got, std::string("\0\xff\x01\xfe\x80", 5));
  EXPECT_EQ(run(vm, "await fetch('https://a.example/'); return 1"), "1");
  EXPECT_EQ(got, "none");
}

TEST(Fetch, WhatIsNotAllowedNeverReachesTheHost) {  // B6
  int asked = 0;
  Host host;
  host.fetch(FetchRules().allow("https://api.example.com/v1/"), [&](const FetchRequest&) {
    ++asked;
    return FetchResponse{};
  });
  VM vm{host};
  for (const char* url :
       {"https://api.example.com/v2/", "https://api.example.com/v1/../secret",
        "https://api.example.com/v1/%2e%2e/secret", "http://api.example.com/v1/",
        "https://api.example.com:444/v1/", "https://evil.example/?https://api.example.com/v1/",
        "https://api.example.com.evil.example/v1/", "https://api.example.com@evil.example/v1/",
        "file:///etc/passwd", "ftp://api.example.com/v1/", "data:,x", "https://127.0.0.1/v1/"}) {
    const std::string said = run(vm, "await fetch('" + std::string(url) + "')");
    EXPECT_TRUE(said.starts_with("TypeError")) << url << ": " << said;
  }
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(run(vm, "await fetch('https://api.example.com/')"),
            "TypeError: fetch failed <- Error: this program may not fetch "
            "https://api.example.com/");
  EXPECT_EQ(run(vm, "return fetch('http://localhost').catch((e) => e.cause.code)"),
            "ERR_FETCH_NOT_ALLOWED");
}

TEST(FetchRules, Patterns) {
  FetchRules rules;
  EXPECT_FALSE(rules.allows("https://example.com/"));
  rules.allow("https://api.example.com/v1")
      .allow("http://*.example.org:8080")
      .allow("HTTPS://B.example./");
  const std::pair<const char*, bool> cases[] = {
      {"https://api.example.com/v1", true},
      {"https://api.example.com/v1/x?y", true},
      {"https://api.example.com:443/v1/", true},
      {"https://api.example.com./v1", true},
      {"https://api.example.com/v10", false},
      {"https://user@api.example.com/v1", false},
      {"http://a.example.org:8080/", true},
      {"http://a.b.example.org:8080/x", true},
      {"http://example.org:8080/", false},
      {"http://aexample.org:8080/", false},
      {"http://a.example.org/", false},
      {"https://b.example/", true},
      {"https://b.example", true},
      {"not a URL", false},
      {"", false},
  };
  for (const auto& [url, allowed] : cases) EXPECT_EQ(rules.allows(url), allowed) << url;
  for (const char* pattern :
       {"", "example.com", "*", "https://", "https://*example.com", "https://a.*.com",
        "https://*.*.com", "ftp://example.com", "https://example.com/?a", "https://example.com/#a",
        "https://u:p@example.com/", "file:///", "https://*:99999"}) {
    EXPECT_THROW(FetchRules().allow(pattern), Error) << pattern;
  }
}

TEST(FetchRules, PrivateHostsAreReachedByNameOnly) {  // B6
  const FetchRules all = FetchRules().allow("https://*").allow("http://*");
  EXPECT_TRUE(all.allows("https://example.com/"));
  EXPECT_TRUE(all.allows("http://93.184.216.34/"));
  EXPECT_TRUE(all.allows("http://[2606:4700::1111]/"));
  for (const char* url :
       {"http://localhost/", "http://a.localhost/", "http://LOCALHOST./", "http://127.0.0.1/",
        "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a00:1]/", "http://10.1.2.3/",
        "http://0/", "http://169.254.169.254/latest/meta-data/", "http://192.168.0.1/",
        "http://172.16.0.1/", "http://[fd00::1]/", "http://[fe80::1]/", "http://100.64.0.1/"}) {
    EXPECT_FALSE(all.allows(url)) << url;
  }
  const FetchRules named =
      FetchRules().allow("http://localhost:8080").allow("http://127.0.0.1").allow("http://[::1]/");
  EXPECT_TRUE(named.allows("http://localhost:8080/x"));
  EXPECT_TRUE(named.allows("http://0x7f.1/"));
  EXPECT_TRUE(named.allows("http://[0:0::1]/"));
  EXPECT_FALSE(named.allows("http://127.0.0.2/"));
  EXPECT_FALSE(FetchRules().allow("http://*.localhost").allows("http://a.localhost/"));
  EXPECT_TRUE(FetchRules::is_public_address("8.8.8.8"));
  EXPECT_FALSE(FetchRules::is_public_address("::1"));
}

TEST(Fetch, ThatIsNotThereYet) {
  std::promise<FetchResponse> answer;
  Host host;
  host.fetch(FetchRules().allow("https://*"),
             [&](const FetchRequest&) { return answer.get_future(); });
  VM vm{host};
  const Value text = vm.eval("fetch('https://a.example/').then((r) => r.text())");
  EXPECT_FALSE(vm.run(text));
  ASSERT_EQ(vm.pending_calls().size(), 1u);
  EXPECT_EQ(vm.pending_calls()[0].name, "fetch");
  answer.set_value({.body = "late"});
  EXPECT_EQ(vm.run(text)->as<std::string>(), "late");
}

TEST(Fetch, SleepsWhileItWaitsAndIsAnsweredByHand) {  // B6, D1
  Host host;
  host.fetch(FetchRules().allow("https://*"));
  VM vm{host};
  vm.keep("text", vm.eval(R"(
    fetch('https://a.example/order', {method: 'POST', body: '{"id": 7}'})
      .then(async (r) => [r.status, r.headers.get('X-A'), r.url, await r.text()].join(' '))
  )"));
  vm.run_until_idle();
  EXPECT_EQ(vm.pending_calls().at(0).arguments_json,
            R"([{"method":"POST","url":"https://a.example/order","headers":[["content-type",)"
            R"("text/plain;charset=UTF-8"]],"body":"{\"id\": 7}","redirect":"follow"}])");
  VM again{host, vm.snapshot()};
  again.deferred(again.pending_calls().at(0).id)
      ->resolve(again.parse_json(
          R"({"status": 404, "headers": {"x-a": "b"}, "body": {"base64": "aGk="}})"));
  EXPECT_EQ(again.run(*again.kept("text"))->as<std::string>(), "404 b https://a.example/order hi");
  EXPECT_THROW(VM(Host{}, vm.snapshot()), Error) << "a host without fetch is told";
}

TEST(Fetch, FailuresAreTypeErrorsWithTheirCause) {
  Host host;
  host.fetch(FetchRules().allow("https://*"), [](const FetchRequest& request) -> FetchResponse {
    // Its text is the host's own business, as in any host function.
    if (request.url.ends_with("throws")) throw std::runtime_error("no route");
    if (request.url.ends_with("odd")) return {.status = 999};
    if (request.url.ends_with("header")) return {.headers = {{"a b", "c"}}};
    return {.status = 204, .body = "ignored"};
  });
  VM vm{host};
  EXPECT_EQ(run(vm, "await fetch('https://a.example/throws')"),
            "TypeError: fetch failed <- Error: internal error");
  EXPECT_TRUE(run(vm, "await fetch('https://a.example/odd')")
                  .starts_with("TypeError: fetch failed <- RangeError"));
  EXPECT_TRUE(run(vm, "await fetch('https://a.example/header')")
                  .starts_with("TypeError: fetch failed <- TypeError"));
  EXPECT_EQ(run(vm, "return (await (await fetch('https://a.example/')).text()).length"), "0");
  EXPECT_EQ(
      run(vm, "await fetch('/relative')"),
      "TypeError: Failed to parse URL from /relative <- TypeError [ERR_INVALID_URL]: Invalid URL");
}

TEST(Fetch, CanBeGivenUp) {
  Host host;
  host.node_globals().fetch(FetchRules().allow("https://*"));
  VM vm{host};
  EXPECT_EQ(run(vm, R"(
    const controller = new AbortController();
    const asked = fetch('https://a.example/', {signal: controller.signal});
    controller.abort();
    return asked.catch((error) => error.name);
  )"),
            "AbortError");
  EXPECT_EQ(run(vm,
                "return fetch('https://a.example/', {signal: AbortSignal.abort('why')})"
                ".catch((reason) => reason)"),
            "why");
  EXPECT_EQ(vm.pending_calls().size(), 1u) << "the second was never asked";
}

}  // namespace
}  // namespace quiesce
