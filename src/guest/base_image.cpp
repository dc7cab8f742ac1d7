// The base image: what the linear memory looks like right after the guest initialised itself. It is
// made with a clock at zero, no entropy and no output, so that every process makes the same bytes.
#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "guest/engine_program.hpp"
#include "guest/imports.hpp"
#include "guest/sandbox.hpp"
#include "guest/trap.hpp"

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

std::uint32_t enter(Sandbox& sandbox, qw_entry entry) {
  std::uint64_t slot = 0;
  sandbox.enter(entry, &slot);
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

}  // namespace

const BaseImage& EngineProgram::base_image() const {
  std::call_once(base_made_, [this] {
    NoWorld world;
    Sandbox sandbox(module_, imports(), static_cast<Imports*>(&world), 1ull << 32);
    const qw_export* const reactor = find_export(module_, "_initialize");
    if (reactor == nullptr) throw Trap(TrapKind::bad_answer);
    enter(sandbox, reactor->entry);
    if (enter(sandbox, entry(Export::initialize)) != 1) throw std::bad_alloc();

    const std::uint32_t shared = enter(sandbox, entry(Export::shared));
    const std::uint32_t stack_pointer = sandbox.stack_pointer();
    const auto bytes = sandbox.memory().bytes(0, sandbox.memory().size());
    // Nothing runs: what the stack holds means nothing. Its end is that of a page.
    auto memory = std::make_unique<const MemoryImage>("quiesce-base-image", bytes.size(),
                                                      pages_of(bytes, stack_pointer));
    const BaseImage image{.memory = *memory,
                          .bytes = memory->bytes().data(),
                          .size = memory->size(),
                          .stack_low = 0,  // the linker puts the stack first
                          .stack_pointer = stack_pointer,
                          .shared = shared};
    base_.emplace(Base{std::move(memory), image});
  });
  return base_->image;
}

}  // namespace quiesce::guest
