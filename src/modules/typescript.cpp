#include "quiesce/typescript.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "base/sha256.hpp"
#include "base/utf.hpp"
#include "modules/strip_cache.hpp"
#include "quiesce/host.hpp"
#include "quiesce/limits.hpp"
#include "quiesce/snapshot.hpp"
#include "quiesce/vm.hpp"

// The image, which the build puts into the library: tools/typescript/image.S.
extern "C" {
extern const std::byte quiesce_typescript_image[];
extern const std::uint64_t quiesce_typescript_image_bytes;
}

namespace quiesce {

namespace {

// Dense TypeScript takes about 150 bytes of memory and 200 steps for each of its bytes
// (Typescript.LimitsLeaveRoom), and gets several times as much.
constexpr std::uint64_t kMemoryBytes = 32u << 20, kMemoryBytesPerByte = 1024;
constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{2} << 30;
constexpr std::uint64_t kFuel = 20'000'000, kFuelPerByte = 1'000;
// For what no step counts; fuel ends everything else earlier.
constexpr std::chrono::seconds kTimeMax{60};
constexpr std::size_t kCacheBytesMax = 32u << 20;

Limits limits_for(std::size_t source_bytes) {
  return {.memory_bytes_max =
              std::min(kMemoryBytes + kMemoryBytesPerByte * source_bytes, kMemoryBytesMax),
          .stack_bytes_max = 2u << 20,
          .time_max = kTimeMax,
          .fuel_max = kFuel + kFuelPerByte * source_bytes};
}

// Read and checked once, when it is first needed.
const Snapshot& image() {
  static const Snapshot kImage = Snapshot::from_bytes(
      {quiesce_typescript_image, static_cast<std::size_t>(quiesce_typescript_image_bytes)});
  return kImage;
}

[[noreturn]] void throw_limit(std::string_view name, std::string_view what) {
  throw Error(Errc::limit, std::string(name) + ": erasing the types of this file takes " +
                               std::string(what) + "; divide the file, or give it as JavaScript");
}

// What tools/typescript/stripper.js answers instead of a text: where it went wrong and why.
[[noreturn]] void throw_problem(const Value& problem, std::string_view name) {
  const auto text = [&](const char* key) { return problem.get(key).as<std::string>(); };
  const auto number = [&](const char* key) { return problem.get(key).as<std::uint32_t>(); };
  const bool supported = problem.get("supported").as<bool>();
  throw ModuleError(
      supported ? "ERR_INVALID_TYPESCRIPT_SYNTAX" : "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
      text("reason"), ModuleError::Class::syntax_error,
      {.name = std::string(name),
       .line = number("line"),
       .column = number("column"),
       .excerpt = text("excerpt") + "\n" + std::string(number("indent"), ' ') +
                  std::string(number("length"), '^')});
}

std::string strip(std::string_view source, std::string_view name) {
  VM vm{Host(), image(), {.limits = limits_for(source.size())}};
  const std::optional<Value> function = vm.kept("strip");
  if (!function) throw Error(Errc::snapshot, "the image for TypeScript has no function `strip`");
  const Value result = (*function)(vm.string(source));
  if (!result.is_string()) throw_problem(result, name);
  return result.as<std::string>();
}

}  // namespace

bool has_typescript() noexcept { return quiesce_typescript_image_bytes != 0; }

std::string strip_types(std::string_view source, std::string_view name) {
  static modules::StripCache cache(kCacheBytesMax);
  if (!has_typescript()) {
    throw ModuleError(
        "ERR_NO_TYPESCRIPT",
        std::string(name) + ": this library was built without TypeScript (QUIESCE_TYPESCRIPT=OFF)");
  }
  if (const auto bad = base::invalid_utf8_at(source)) {
    throw Error(Errc::encoding,
                std::string(name) + " is not UTF-8: bad byte at offset " + std::to_string(*bad));
  }
  const base::Digest digest = base::sha256(std::as_bytes(std::span(source)));
  if (const std::shared_ptr<const std::string> known = cache.find(digest)) return *known;
  try {
    std::string result = strip(source, name);
    cache.add(digest, result);
    return result;
  } catch (const JSError& error) {
    // A limit that the parser ran into: memory, or the stack.
    if (error.name() == "RangeError") throw_limit(name, "more nesting than the parser bears");
    if (error.limit() == Limit::memory) throw_limit(name, "more memory than its length justifies");
    throw;
  } catch (const Error& error) {
    if (error.code() == Errc::limit) throw_limit(name, "more steps than its length justifies");
    if (error.code() == Errc::poisoned) throw_limit(name, "more than the parser's VM has");
    throw;
  }
}

}  // namespace quiesce
