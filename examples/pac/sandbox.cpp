#include "sandbox.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "address.hpp"
#include "helpers.hpp"

namespace pac {

namespace {

using quiesce::Errc;
using quiesce::Error;
using quiesce::Value;

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ";") + text;
  return all;
}

std::optional<std::string> first_v4(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    const std::optional<Address> address = Address::parse(text);
    if (address && address->is_v4()) return text;
  }
  return std::nullopt;
}

// null, not undefined, is what the format says for "there is none".
Value or_null(quiesce::Call& call, const std::optional<std::string>& text) {
  return text ? call.vm().value(*text) : Value(nullptr);
}

quiesce::Snapshot load(const quiesce::Host& host, const quiesce::Limits& limits,
                       std::string_view source, const std::string& file_name) {
  quiesce::VM vm{host, limits};
  vm.eval(kHelpers, {.file_name = "helpers.js"});
  vm.eval(source, {.file_name = file_name});
  const Value global = vm.global();
  if (!global["FindProxyForURLEx"].is_function() && !global["FindProxyForURL"].is_function())
    throw Error(Errc::invalid_argument, file_name + " defines no function FindProxyForURL");
  return vm.snapshot();
}

}  // namespace

Sandbox::Sandbox(std::string_view source, const std::string& file_name, Outside outside,
                 Budget budget)
    : outside_(std::move(outside)),
      budget_(budget),
      host_(make_host()),
      loaded_(load(host_, limits(), source, file_name)) {}

quiesce::Limits Sandbox::limits() const {
  return {.memory_bytes_max = budget_.memory_bytes_max,
          .stack_bytes_max = 256u << 10,
          .time_max = budget_.time_max};
}

// Every name that is asked for goes through here, so that a file cannot make the program ask
// endlessly.
std::vector<std::string> Sandbox::resolve(const std::string& name) {
  if (Address::parse(name)) return {name};
  if (++lookups_ > budget_.lookups_max)
    throw Error(Errc::limit, "more than " + std::to_string(budget_.lookups_max) + " DNS lookups");
  return outside_.resolve ? outside_.resolve(name) : std::vector<std::string>();
}

quiesce::Host Sandbox::make_host() {
  quiesce::Host host;
  host.function("dnsResolve",
                [this](quiesce::Call& call, const std::string& name) {
                  return or_null(call, first_v4(resolve(name)));
                })
      .function("dnsResolveEx", [this](const std::string& name) { return joined(resolve(name)); })
      .function("myIpAddress",
                [this] { return first_v4(outside_.my_addresses).value_or("127.0.0.1"); })
      .function("myIpAddressEx", [this] { return joined(outside_.my_addresses); })
      .function("isInNetEx",
                [this](const std::string& name, const std::string& prefix) {
                  const std::vector<std::string> addresses = resolve(name);
                  return std::ranges::any_of(addresses, [&](const std::string& text) {
                    const std::optional<Address> address = Address::parse(text);
                    return address && in_net(*address, prefix);
                  });
                })
      .function("sortIpAddressList",
                [](quiesce::Call& call, const std::string& list) {
                  const std::optional<std::string> text = sorted(list);
                  return text ? call.vm().value(*text) : Value(false);
                })
      .function("getClientVersion", [] { return std::string("1.0"); })
      .function("alert", [this](quiesce::Call& call) {
        if (outside_.alert) outside_.alert(call.argument(0).to_string());
      });
  if (outside_.clock) host.clock(outside_.clock);
  if (outside_.timezone) host.timezone(outside_.timezone);
  return host;
}

quiesce::VM Sandbox::wake() {
  lookups_ = 0;
  return quiesce::VM{host_, loaded_};
}

std::string Sandbox::find(const std::string& url) {
  const Target target = target_of(url);
  quiesce::VM vm = wake();
  const Value global = vm.global();
  const Value extended = global["FindProxyForURLEx"];
  const Value find = extended.is_function() ? extended : global["FindProxyForURL"];
  const Value answer = find(target.url, target.host);
  if (std::optional<std::string> text = answer.try_as<std::string>()) return *std::move(text);
  throw Error(Errc::type_mismatch, "the file answered " + answer.inspect() + " and not a string");
}

std::string Sandbox::evaluate(std::string_view expression) {
  quiesce::VM vm = wake();
  return vm.eval(expression).inspect();
}

Target target_of(const std::string& url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string::npos || scheme_end == 0)
    throw Error(Errc::invalid_argument, "'" + url + "' is not a URL: a scheme:// is missing");
  const std::string scheme = url.substr(0, scheme_end);
  std::string rest = url.substr(scheme_end + 3);
  rest.erase(std::min(rest.find('#'), rest.size()));
  const std::size_t authority_end = std::min(rest.find_first_of("/?\\"), rest.size());
  std::string authority = rest.substr(0, authority_end);
  if (const std::size_t at = authority.rfind('@'); at != std::string::npos)
    authority.erase(0, at + 1);

  std::string host = authority;
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    host = close == std::string::npos ? "" : host.substr(1, close - 1);
  } else {
    host.erase(std::min(host.find(':'), host.size()));
  }
  std::ranges::transform(host, host.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (host.empty()) throw Error(Errc::invalid_argument, "there is no host in '" + url + "'");

  // What is encrypted on its way is nothing that the file should see.
  const bool is_secret = scheme == "https" || scheme == "wss";
  const std::string path = is_secret ? "/" : rest.substr(authority_end);
  return {scheme + "://" + authority + (path.empty() ? "/" : path), host};
}

}  // namespace pac
