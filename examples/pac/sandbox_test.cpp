// A31: a PAC file in a sandbox. The helper functions against known answers, and hostile files.
#include "sandbox.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "address.hpp"

namespace pac {
namespace {

using namespace std::chrono_literals;

constexpr const char* kDirect = "function FindProxyForURL(url, host) { return 'DIRECT'; }";

// Saturday, 2026-07-04, 12:30:15 UTC; local time is two hours ahead.
Outside outside() {
  Outside world;
  world.resolve = [](const std::string& name) -> std::vector<std::string> {
    if (name == "www.example.com") return {"2001:db8::7", "93.184.216.34"};
    if (name == "intranet.example.com") return {"10.1.2.3"};
    if (name == "six.example.com") return {"2001:db8:1::1"};
    return {};
  };
  world.my_addresses = {"2001:db8::99", "192.168.1.77"};
  world.clock = quiesce::fixed_clock(quiesce::Time(1'783'168'215s));
  world.timezone = [](quiesce::Time) { return 120min; };
  return world;
}

struct Known {
  const char* expression;
  const char* answer;
};

void expect_known(std::initializer_list<Known> table) {
  Sandbox sandbox(kDirect, "direct.pac", outside());
  for (const Known& row : table)
    EXPECT_EQ(sandbox.evaluate(row.expression), row.answer) << row.expression;
}

TEST(Pac, HostsAndDomains) {  // A31
  expect_known({
      {"isPlainHostName('www')", "true"},
      {"isPlainHostName('www.example.com')", "false"},
      {"isPlainHostName('::1')", "false"},
      {"dnsDomainIs('www.example.com', '.example.com')", "true"},
      {"dnsDomainIs('www', '.example.com')", "false"},
      {"dnsDomainIs('www.mcom.com', '.example.com')", "false"},
      {"localHostOrDomainIs('www.example.com', 'www.example.com')", "true"},
      {"localHostOrDomainIs('www', 'www.example.com')", "true"},
      {"localHostOrDomainIs('www.mcom.com', 'www.example.com')", "false"},
      {"localHostOrDomainIs('home.example.com', 'www.example.com')", "false"},
      {"localHostOrDomainIs('ww', 'www.example.com')", "false"},
      {"dnsDomainLevels('www')", "0"},
      {"dnsDomainLevels('mozilla.org')", "1"},
      {"dnsDomainLevels('www.mozilla.org')", "2"},
  });
}

TEST(Pac, Addresses) {  // A31
  expect_known({
      {"dnsResolve('www.example.com')", "'93.184.216.34'"},
      {"dnsResolve('six.example.com')", "null"},
      {"dnsResolve('nowhere.example')", "null"},
      {"dnsResolve('10.0.0.1')", "'10.0.0.1'"},
      {"isResolvable('www.example.com')", "true"},
      {"isResolvable('nowhere.example')", "false"},
      {"myIpAddress()", "'192.168.1.77'"},
      {"convert_addr('104.16.41.2')", "1745889538"},
      {"convert_addr('255.255.255.255')", "-1"},
      {"isInNet('198.95.249.79', '198.95.249.79', '255.255.255.255')", "true"},
      {"isInNet('198.95.6.8', '198.95.0.0', '255.255.0.0')", "true"},
      {"isInNet('198.96.6.8', '198.95.0.0', '255.255.0.0')", "false"},
      {"isInNet('intranet.example.com', '10.0.0.0', '255.0.0.0')", "true"},
      {"isInNet('www.example.com', '10.0.0.0', '255.0.0.0')", "false"},
      {"isInNet('nowhere.example', '0.0.0.0', '0.0.0.0')", "false"},
      {"isInNet('10.1.2.3', '10.0.0.300', '255.0.0.0')", "false"},
      {"isInNet('10.1.2.3', '10.0.0', '255.0.0.0')", "false"},
  });
}

TEST(Pac, MicrosoftsExtensions) {  // A31
  expect_known({
      {"dnsResolveEx('www.example.com')", "'2001:db8::7;93.184.216.34'"},
      {"dnsResolveEx('nowhere.example')", "''"},
      {"isResolvableEx('six.example.com')", "true"},
      {"isResolvableEx('nowhere.example')", "false"},
      {"myIpAddressEx()", "'2001:db8::99;192.168.1.77'"},
      {"isInNetEx('198.95.249.79', '198.95.249.79/32')", "true"},
      {"isInNetEx('198.95.115.10', '198.95.0.0/16')", "true"},
      {"isInNetEx('3ffe:8311:ffff:1::5', '3ffe:8311:ffff::/48')", "true"},
      {"isInNetEx('3ffe:8312::5', '3ffe:8311:ffff::/48')", "false"},
      {"isInNetEx('198.95.115.10', '3ffe:8311:ffff::/48')", "false"},
      {"isInNetEx('six.example.com', '2001:db8::/32')", "true"},
      {"isInNetEx('10.0.0.1', '10.0.0.0/33')", "false"},
      {"isInNetEx('10.0.0.1', '10.0.0.0/')", "false"},
      {"isInNetEx('10.0.0.1', '10.0.0.0')", "false"},
      {"isInNetEx('10.0.0.1', '0.0.0.0/0')", "true"},
      {"sortIpAddressList('10.2.3.9;2001:4898:28:3:201:2ff:feea:fc14;::1;127.0.0.1;::9')",
       "'::1;::9;2001:4898:28:3:201:2ff:feea:fc14;10.2.3.9;127.0.0.1'"},
      {"sortIpAddressList('10.2.3.9;x')", "false"},
      {"sortIpAddressList('')", "false"},
      {"getClientVersion()", "'1.0'"},
  });
}

TEST(Pac, Patterns) {  // A31
  expect_known({
      {"shExpMatch('http://home.example.com/people/ari/index.html', '*/ari/*')", "true"},
      {"shExpMatch('http://home.example.com/people/montulli/index.html', '*/ari/*')", "false"},
      {"shExpMatch('www.example.com', '*.example.com')", "true"},
      {"shExpMatch('wwwXexampleYcom', '*.example.com')", "false"},
      {"shExpMatch('a+b', 'a+b')", "true"},
      {"shExpMatch('aab', 'a+b')", "false"},
      {"shExpMatch('abc', 'a?c')", "true"},
      {"shExpMatch('ac', 'a?c')", "false"},
      {"shExpMatch('', '*')", "true"},
      {"shExpMatch('', '')", "true"},
      {"shExpMatch('x', '')", "false"},
      {"shExpMatch('abcabd', 'a*b?')", "true"},
      {"shExpMatch('abc', 'ab')", "false"},
      {"shExpMatch('a'.repeat(20000), '*a*a*a*a*b')", "false"},
  });
}

TEST(Pac, Weekdays) {  // A31: it is Saturday, here and in Greenwich
  expect_known({
      {"weekdayRange('SAT')", "true"},
      {"weekdayRange('SUN')", "false"},
      {"weekdayRange('SAT', 'GMT')", "true"},
      {"weekdayRange('MON', 'FRI')", "false"},
      {"weekdayRange('MON', 'SAT')", "true"},
      {"weekdayRange('FRI', 'MON')", "true"},
      {"weekdayRange('SUN', 'FRI', 'GMT')", "false"},
      {"weekdayRange('sat')", "false"},
      {"weekdayRange()", "false"},
  });
}

TEST(Pac, Dates) {  // A31: it is the 4th of July, 2026
  expect_known({
      {"dateRange(4)", "true"},
      {"dateRange(4, 'GMT')", "true"},
      {"dateRange(5)", "false"},
      {"dateRange(1, 15)", "true"},
      {"dateRange(5, 15)", "false"},
      {"dateRange(28, 10)", "true"},
      {"dateRange('JUL')", "true"},
      {"dateRange('JAN', 'MAR')", "false"},
      {"dateRange('JUN', 'AUG')", "true"},
      {"dateRange('NOV', 'JUL')", "true"},
      {"dateRange(24, 'DEC')", "false"},
      {"dateRange(4, 'JUL')", "true"},
      {"dateRange(4, 'JUL', 2026)", "true"},
      {"dateRange(4, 'JUL', 1995)", "false"},
      {"dateRange(1, 'JUN', 15, 'AUG')", "true"},
      {"dateRange(15, 'AUG', 1, 'JUN')", "false"},
      {"dateRange(1, 'JUN', 2025, 15, 'AUG', 2027)", "true"},
      {"dateRange(5, 'JUL', 2026, 15, 'AUG', 2027)", "false"},
      {"dateRange('OCT', 2025, 'MAR', 2027)", "true"},
      {"dateRange('AUG', 2026, 'MAR', 2027)", "false"},
      {"dateRange(2026)", "true"},
      {"dateRange(1995, 1997)", "false"},
      {"dateRange(2020, 2030)", "true"},
      {"dateRange(2030, 2020)", "false"},
      {"dateRange(1, 'JUN', 15)", "false"},
      {"dateRange('JUNE')", "false"},
      {"dateRange()", "false"},
  });
}

TEST(Pac, Times) {  // A31: it is 14:30:15 here and 12:30:15 in Greenwich
  expect_known({
      {"timeRange(14)", "true"},
      {"timeRange(12)", "false"},
      {"timeRange(12, 'GMT')", "true"},
      {"timeRange(9, 17)", "true"},
      {"timeRange(9, 14)", "true"},
      {"timeRange(9, 13)", "false"},
      {"timeRange(22, 6)", "false"},
      {"timeRange(22, 15)", "true"},
      {"timeRange(8, 30, 17, 0)", "true"},
      {"timeRange(14, 31, 17, 0)", "false"},
      {"timeRange(14, 30, 14, 30)", "true"},
      {"timeRange(0, 0, 0, 0, 0, 30)", "false"},
      {"timeRange(14, 30, 0, 14, 30, 15)", "true"},
      {"timeRange(14, 30, 16, 14, 30, 20)", "false"},
      {"timeRange(12, 30, 12, 31, 'GMT')", "true"},
      {"timeRange(24)", "false"},
      {"timeRange(1, 2, 3)", "false"},
  });
}

TEST(Pac, WhatTheFileIsGiven) {  // A31
  EXPECT_EQ(target_of("http://Me:secret@WWW.Example.com:8080/a?b#c").host, "www.example.com");
  EXPECT_EQ(target_of("http://Me:secret@WWW.Example.com:8080/a?b#c").url,
            "http://WWW.Example.com:8080/a?b");
  EXPECT_EQ(target_of("https://example.com/secret?token=1").url, "https://example.com/");
  EXPECT_EQ(target_of("http://[2001:db8::1]:80/x").host, "2001:db8::1");
  EXPECT_EQ(target_of("http://example.com").url, "http://example.com/");
  EXPECT_THROW(target_of("example.com"), quiesce::Error);
  EXPECT_THROW(target_of("http:///x"), quiesce::Error);
  EXPECT_THROW(target_of("://x"), quiesce::Error);
}

TEST(Pac, QueriesDoNotSeeEachOther) {  // A31
  Sandbox sandbox("let n = 0; function FindProxyForURL() { return 'PROXY p:' + ++n; }", "n.pac",
                  outside());
  EXPECT_EQ(sandbox.find("http://a/"), "PROXY p:1");
  EXPECT_EQ(sandbox.find("http://b/"), "PROXY p:1");
}

TEST(Pac, MicrosoftsFunctionComesFirst) {  // A31
  Sandbox sandbox(std::string(kDirect) + "function FindProxyForURLEx() { return 'PROXY six:80'; }",
                  "ex.pac", outside());
  EXPECT_EQ(sandbox.find("http://a/"), "PROXY six:80");
}

std::string failure(const std::string& body, Budget budget = {}) {
  Sandbox sandbox(
      "function FindProxyForURL(url, host) { if (host == 'good') return 'DIRECT'; " + body + "}",
      "hostile.pac", outside(), budget);
  const auto answer = quiesce::attempt([&] { return sandbox.find("http://evil/"); });
  EXPECT_EQ(sandbox.find("http://good/"), "DIRECT");  // whatever happened before
  return answer ? "answered " + *answer : answer.error().what();
}

TEST(Pac, HostileFiles) {  // A31
  Budget budget;
  budget.time_max = 100ms;
  EXPECT_EQ(failure("for (;;);", budget), "the time limit of 100 ms is over");
  EXPECT_EQ(failure("try { for (;;); } catch { } finally { for (;;); }", budget),
            "the time limit of 100 ms is over");
  EXPECT_EQ(failure("return /^(a+)+$/.test('a'.repeat(40) + 'b') ? 'x' : 'y'", budget),
            "the time limit of 100 ms is over");
  EXPECT_EQ(failure("const a = []; for (;;) a.push('x'.repeat(1e5) + a.length);"),
            "InternalError: out of memory");
  EXPECT_EQ(failure("return FindProxyForURL(url, host);"),
            "RangeError: Maximum call stack size exceeded");
  EXPECT_EQ(failure("JSON.parse('['.repeat(1e6));").substr(0, 11), "RangeError:");
  EXPECT_EQ(failure("for (let i = 0;; ++i) dnsResolve('h' + i);"),
            "RangeError: more than 100 DNS lookups");
  EXPECT_EQ(failure("return 42;"), "the file answered 42 and not a string");
  EXPECT_EQ(failure("return require('fs');"), "ReferenceError: require is not defined");
  EXPECT_EQ(failure("throw 'no';"), "Uncaught 'no'");
}

TEST(Pac, FilesThatAreNone) {  // A31
  EXPECT_THROW(Sandbox("1 +", "x.pac", outside()), quiesce::JSError);
  EXPECT_THROW(Sandbox("var x = 1;", "x.pac", outside()), quiesce::Error);
  Budget budget;
  budget.time_max = 100ms;
  EXPECT_THROW(Sandbox("for (;;);", "x.pac", outside(), budget), quiesce::Error);
}

TEST(Pac, Alert) {  // A31
  std::string alerts;
  Outside world = outside();
  world.alert = [&](std::string_view text) { alerts += std::string(text) + ";"; };
  Sandbox sandbox("function FindProxyForURL() { alert('hi'); alert(3); return 'DIRECT'; }", "x.pac",
                  world);
  EXPECT_EQ(sandbox.find("http://a/"), "DIRECT");
  EXPECT_EQ(alerts, "hi;3;");
}

}  // namespace
}  // namespace pac
