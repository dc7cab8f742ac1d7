// The base image: what the linear memory looks like right after the guest initialised itself. It is
// made with a clock at zero, no entropy and no output, so that every process makes the same bytes.
#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

#include "guest/engine_program.hpp"
#include "guest/imports.hpp"
#include "guest/instance.hpp"

namespace quiesce::guest {
namespace {

/// The world of a guest that initialises itself: nothing happens in it.
class NoWorld final : public Imports {
 public:
  std::uint64_t host_call(std::uint32_t, std::uint64_t, std::uint32_t, std::uint32_t) override {
    throw Trap(TrapKind::bad_answer);
  }
  void host_log(std::uint32_t, std::uint32_t, std::uint32_t) override {}
  std::uint32_t host_interrupt() override { return 0; }
  std::int32_t host_timezone_offset(double) override { return 0; }
  void host_settled(std::uint64_t, std::uint32_t, std::uint64_t) override {}
  std::uint64_t clock_ns() override { return 0; }
  void random(std::span<std::byte> bytes) override {
    std::fill(bytes.begin(), bytes.end(), std::byte{0});
  }
  void write(bool, std::span<const std::byte>) override {}
};

std::uint32_t enter(Sandbox& sandbox, std::string_view name) {
  const qw_module& module = engine_module();
  const qw_export* const end = module.exports + module.export_count;
  const qw_export* const found =
      std::find_if(module.exports, end, [&](const qw_export& item) { return item.name == name; });
  if (found == end) throw Trap(TrapKind::bad_answer);
  std::uint64_t slot = 0;
  sandbox.enter(found->entry, &slot);
  return static_cast<std::uint32_t>(slot);
}

// Pages of zeros are left out: they cost nothing in the image. So is what lies below `begin`.
std::vector<MemoryImage::Piece> pages_of(std::span<const std::byte> bytes, std::size_t begin) {
  constexpr std::size_t kPage = 4096;
  static constexpr std::byte kZeros[kPage] = {};
  std::vector<MemoryImage::Piece> pages;
  for (std::size_t at = begin; at < bytes.size(); at += kPage) {
    const auto page = bytes.subspan(at, kPage);
    if (std::memcmp(page.data(), kZeros, kPage) != 0) pages.push_back({at, page});
  }
  return pages;
}

BaseImage make() {
  NoWorld world;
  Sandbox sandbox(engine_module(), engine_imports(), &world, 1ull << 32);
  enter(sandbox, "_initialize");
  if (enter(sandbox, "q_initialize") != 1) throw std::bad_alloc();

  const std::uint32_t shared = enter(sandbox, "q_shared");
  const std::uint32_t stack_pointer = sandbox.stack_pointer();
  const auto bytes = sandbox.memory().bytes(0, sandbox.memory().size());
  // Nothing runs: what the stack holds means nothing. Its end is that of a page.
  auto* const memory =
      new MemoryImage("quiesce-base-image", bytes.size(), pages_of(bytes, stack_pointer));
  return {.memory = *memory,
          .bytes = memory->bytes().data(),
          .size = memory->size(),
          .stack_low = 0,  // the linker puts the stack first
          .stack_pointer = stack_pointer,
          .shared = shared};
}

}  // namespace

const BaseImage& base_image() {
  static const BaseImage image = make();
  return image;
}

}  // namespace quiesce::guest
