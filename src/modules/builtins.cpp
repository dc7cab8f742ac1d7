// The names of built-in modules.
#include <algorithm>
#include <array>
#include <string_view>

#include "modules/resolution.hpp"

namespace quiesce {

namespace {

// Those of Node.
constexpr std::array kNode = std::to_array<std::string_view>({
    "_http_agent",
    "_http_client",
    "_http_common",
    "_http_incoming",
    "_http_outgoing",
    "_http_server",
    "_stream_duplex",
    "_stream_passthrough",
    "_stream_readable",
    "_stream_transform",
    "_stream_wrap",
    "_stream_writable",
    "_tls_common",
    "_tls_wrap",
    "assert",
    "assert/strict",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "dns/promises",
    "domain",
    "events",
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "inspector",
    "inspector/promises",
    "module",
    "net",
    "os",
    "path",
    "path/posix",
    "path/win32",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "readline/promises",
    "repl",
    "stream",
    "stream/consumers",
    "stream/promises",
    "stream/web",
    "string_decoder",
    "sys",
    "timers",
    "timers/promises",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "util/types",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
});
// They exist with "node:" in front only.
constexpr std::array<std::string_view, 4> kNodeSchemeOnly = {"sea", "sqlite", "test",
                                                             "test/reporters"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

// The build gives the names of what stands in guest/builtins, with commas between.
BuiltinNames all_builtins() {
  BuiltinNames names;
  std::string_view rest = QUIESCE_BUILTIN_NAMES;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    names.emplace(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return names;
}

BuiltinNames default_builtins() {
  BuiltinNames names = all_builtins();
  std::erase_if(names,
                [](std::string_view name) { return name == "fs" || name.starts_with("fs/"); });
  return names;
}

BuiltinNames node_builtins() {
  BuiltinNames names(kNode.begin(), kNode.end());
  names.insert(kNodeSchemeOnly.begin(), kNodeSchemeOnly.end());
  return names;
}

namespace modules {

bool node_has_bare_builtin(std::string_view name) { return contains(kNode, name); }
bool node_has_builtin(std::string_view name) {
  return node_has_bare_builtin(name) || contains(kNodeSchemeOnly, name);
}

}  // namespace modules

}  // namespace quiesce
