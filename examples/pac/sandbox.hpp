// A proxy auto-config file in a sandbox: it is asked which proxy to use, and can do nothing else.
//
//   pac::Outside outside;
//   outside.resolve = [](const std::string& name) { return my_dns(name); };
//   pac::Sandbox sandbox{pac_text, "office.pac", outside};
//   std::string answer = sandbox.find("http://www.example.com/");   // "PROXY proxy:8080; DIRECT"
//
// The file is evaluated once. Each query wakes a VM of its own from the snapshot taken then, in
// some microseconds: no query sees what another left behind, and a file that spoils its VM spoils
// that query only.
//
// Throws quiesce::Error: JSError for what the file throws, Errc::limit when it takes too much.
// Use a Sandbox from one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <quiesce/quiesce.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace pac {

/// What a PAC file may ask of the world.
struct Outside {
  /// The addresses of a name, IPv4 and IPv6; none if it is unknown.
  std::function<std::vector<std::string>(const std::string& name)> resolve;
  std::vector<std::string> my_addresses;
  /// What the file says with alert().
  std::function<void(std::string_view text)> alert;
  quiesce::Clock clock;        // empty: the system's
  quiesce::Timezone timezone;  // empty: UTC
};

/// For one query, and for evaluating the file.
struct Budget {
  std::uint64_t memory_bytes_max = 16u << 20;
  std::chrono::milliseconds time_max{1000};
  std::uint32_t lookups_max = 100;  // calls of the resolver
};

class Sandbox {
 public:
  Sandbox(std::string_view source, const std::string& file_name, Outside outside,
          Budget budget = {});

  /// What FindProxyForURL (or FindProxyForURLEx, if the file has it) answers for a URL.
  std::string find(const std::string& url);
  /// The value of an expression after the file, in print: for trying helper functions.
  std::string evaluate(std::string_view expression);

 private:
  quiesce::Host make_host();
  quiesce::Limits limits() const;
  std::vector<std::string> resolve(const std::string& name);
  quiesce::VM wake();

  Outside outside_;
  Budget budget_;
  std::uint32_t lookups_ = 0;
  quiesce::Host host_;
  quiesce::Snapshot loaded_;
};

/// The parts of a URL that a PAC file is given.
struct Target {
  std::string url;   // without user, password and fragment; of https without path and query too
  std::string host;  // in lower case, without port; of IPv6 without brackets
};
/// Throws Errc::invalid_argument when there is no host in it.
Target target_of(const std::string& url);

}  // namespace pac
