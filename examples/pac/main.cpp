// pac FILE URL...: which proxy a proxy auto-config file chooses. See README.md.
#include <netdb.h>
#include <sys/socket.h>
#include <time.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "sandbox.hpp"

namespace {

const char* const kUsage =
    "usage: pac [OPTION]... FILE URL...\n"
    "  --resolve NAME=ADDRESS[,ADDRESS]   what DNS knows; with one of these the system's DNS is "
    "not\n"
    "                                     asked, and names that are not given are unknown\n"
    "  --my ADDRESS                       an address of this machine (127.0.0.1)\n"
    "  --now 2026-07-04T12:00:00Z         the time (the system's)\n"
    "  --utc-offset MINUTES               how far local time is ahead of UTC (0)\n"
    "  --time MS, --memory MIB            for each query (1000, 16)\n";

struct Usage {
  std::string text;
};

struct Settings {
  pac::Outside outside;
  pac::Budget budget;
  std::map<std::string, std::vector<std::string>> names;
  std::string file;
  std::vector<std::string> urls;
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

int number(const std::string& text, int min, int max) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < min || value > max) {
    throw Usage{"'" + text + "' is not a number from " + std::to_string(min) + " to " +
                std::to_string(max)};
  }
  return value;
}

quiesce::Time time_of(const std::string& text) {
  tm parts{};
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0')
    throw Usage{"'" + text + "' is not a time like 2026-07-04T12:00:00Z"};
  return quiesce::Time(std::chrono::seconds(timegm(&parts)));
}

std::vector<std::string> system_dns(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return {};
  std::vector<std::string> addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text);
    }
  }
  freeaddrinfo(found);
  return addresses;
}

void set_option(Settings& settings, const std::string& option, const std::string& value) {
  if (option == "--resolve") {
    const std::size_t equals = value.find('=');
    if (equals == std::string::npos) throw Usage{"--resolve wants NAME=ADDRESS"};
    settings.names[value.substr(0, equals)] = split(value.substr(equals + 1), ',');
  } else if (option == "--my") {
    settings.outside.my_addresses.push_back(value);
  } else if (option == "--now") {
    settings.outside.clock = quiesce::fixed_clock(time_of(value));
  } else if (option == "--utc-offset") {
    const std::chrono::minutes ahead(number(value, -1440, 1440));
    settings.outside.timezone = [ahead](quiesce::Time) { return ahead; };
  } else if (option == "--time") {
    settings.budget.time_max = std::chrono::milliseconds(number(value, 1, 3'600'000));
  } else if (option == "--memory") {
    settings.budget.memory_bytes_max = static_cast<std::uint64_t>(number(value, 1, 2048)) << 20;
  } else {
    throw Usage{"there is no option " + option};
  }
}

Settings settings_of(const std::vector<std::string>& arguments) {
  Settings settings;
  std::size_t i = 0;
  for (; i < arguments.size() && arguments[i].starts_with("--"); i += 2) {
    if (i + 1 == arguments.size()) throw Usage{arguments[i] + " wants a value"};
    set_option(settings, arguments[i], arguments[i + 1]);
  }
  if (arguments.size() < i + 2) throw Usage{"a FILE and a URL are missing"};
  settings.file = arguments[i];
  settings.urls.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
  if (settings.names.empty()) {
    settings.outside.resolve = system_dns;
  } else {
    settings.outside.resolve = [names = settings.names](const std::string& name) {
      const auto found = names.find(name);
      return found == names.end() ? std::vector<std::string>() : found->second;
    };
  }
  settings.outside.alert = [](std::string_view text) { std::cerr << "alert: " << text << '\n'; };
  return settings;
}

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  if (!in || !(content << in.rdbuf())) throw Usage{file + " cannot be read"};
  return content.str();
}

int run(const Settings& settings) {
  pac::Sandbox sandbox(content_of(settings.file), settings.file, settings.outside, settings.budget);
  int status = EXIT_SUCCESS;
  for (const std::string& url : settings.urls) {
    const auto answer = quiesce::attempt([&] { return sandbox.find(url); });
    if (answer) {
      std::cout << *answer << std::endl;
    } else {
      std::cerr << url << ": " << answer.error().what() << '\n';
      status = EXIT_FAILURE;
    }
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(settings_of(std::vector<std::string>(argv + 1, argv + argc)));
  } catch (const Usage& usage) {
    std::cerr << "pac: " << usage.text << '\n' << kUsage;
    return 2;
  } catch (const quiesce::Error& error) {
    std::cerr << "pac: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
