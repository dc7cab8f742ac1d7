// The base image: what the linear memory looks like right after the guest initialised itself. It is
// made with a clock at zero, no entropy and no output, so that every process makes the same bytes.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

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

class File {
 public:
  File() : descriptor_(memfd_create("quiesce-base-image", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
    if (descriptor_ < 0) throw std::bad_alloc();
  }
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

// Pages of zeros are left out: they cost nothing in the file. So is what lies below `begin`.
void write_pages(int file, std::span<const std::byte> bytes, std::size_t begin) {
  constexpr std::size_t kPage = 4096;
  static constexpr std::byte kZeros[kPage] = {};
  if (ftruncate(file, static_cast<off_t>(bytes.size())) != 0) throw std::bad_alloc();
  for (std::size_t at = begin; at < bytes.size(); at += kPage) {
    const std::byte* const page = bytes.data() + at;
    if (std::memcmp(page, kZeros, kPage) == 0) continue;
    if (pwrite(file, page, kPage, static_cast<off_t>(at)) != static_cast<ssize_t>(kPage)) {
      throw std::bad_alloc();
    }
  }
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  if (fcntl(file, F_ADD_SEALS, kSeals) != 0) throw std::bad_alloc();
}

BaseImage make() {
  NoWorld world;
  Sandbox sandbox(engine_module(), engine_imports(), &world, 1ull << 32);
  enter(sandbox, "_initialize");
  if (enter(sandbox, "q_initialize") != 1) throw std::bad_alloc();

  BaseImage image{};
  image.shared = enter(sandbox, "q_shared");
  image.stack_low = 0;  // the linker puts the stack first
  image.stack_pointer = sandbox.stack_pointer();
  image.size = sandbox.memory().size();
  File file;
  // Nothing runs: what the stack holds means nothing. Its end is that of a page.
  write_pages(file.get(), sandbox.memory().bytes(0, image.size), image.stack_pointer);
  void* const view = mmap(nullptr, image.size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (view == MAP_FAILED) throw std::bad_alloc();
  image.bytes = static_cast<const std::byte*>(view);
  image.file = file.release();
  return image;
}

}  // namespace

const BaseImage& base_image() {
  static const BaseImage image = make();
  return image;
}

}  // namespace quiesce::guest
