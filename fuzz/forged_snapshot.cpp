// Snapshots of this engine, forged: edited, their digest right again, loaded, woken and used. The
// first two bytes say which snapshot; the others are edits, of its file or of the memory that it
// holds. A guest that wakes with a broken heap may do anything, but only inside the wall.
#include <algorithm>
#include <array>
#include <vector>

#include "fuzz/session.hpp"
#include "snapshot/format.hpp"

namespace {

using namespace quiesce;
using Bytes = std::vector<std::byte>;

// What a start image is begun with.
Host outside() {
  return Host()
      .process({.arguments = {"quiesce", "a"}, .environment = {{"A", "1"}}})
      .node_globals()
      .function("more", [] { return 1; });
}

const Bytes& sample(std::size_t which) {
  static const auto make = [](const char* program) {
    Host host;
    host.clock(fixed_clock(Time{})).entropy(seeded_entropy(1));
    VM vm{host, fuzz::small_limits()};
    vm.keep("result", vm.eval(program));
    vm.files().make_directories("/a/b");
    vm.files().write("/a/b/f", "content");
    vm.files().make_link("/l", "a/b/f");
    return vm.snapshot().to_bytes();
  };
  static const auto make_image = [] {
    VM vm{outside(), fuzz::small_limits()};
    vm.eval("process.argv; setInterval(() => {}, 100); setTimeout(() => {}, 5); Date.now()");
    return StartImage::of(vm).snapshot().to_bytes();
  };
  static const std::array<Bytes, 5> samples = {
      make("1"),
      make("(async () => 'got ' + await quiesce.call('charge', 499))()"),
      make("Array.from({length: 300}, (_, i) => ({i, text: 'number ' + i, get x() { return i }}))"),
      make("globalThis.sleep = ms => new Promise(r => setTimeout(r, ms)); "
           "globalThis.calls = ['a', 'b'].map(n => quiesce.call(n)); "
           "async function* each() { for (const call of calls) yield await call } "
           "async function all() { await Promise.all([...calls, sleep(9)]); "
           "for await (const x of each()) globalThis.text = 'x'.repeat(9000) + x } "
           "globalThis.map = new Map([[1n << 99n, new Uint8Array(5000)], [all, /a(b)/]]); "
           "all().then(() => {}).catch(() => {}).finally(() => {})"),
      make_image(),
  };
  return samples[which % samples.size()];
}

/// The file with some bytes of the memory that it holds changed.
Bytes with_other_memory(const Bytes& file, fuzz::Reader& edits) {
  const snapshot::Identity& identity = snapshot::process_identity();
  snapshot::Image image = snapshot::decode(file, identity);
  const std::size_t bytes = image.pages.contents.size();
  if (bytes == 0) return file;
  std::byte* contents = image.pages.storage.get();
  fuzz::require(contents <= image.pages.contents.data(), "the contents are not in their storage");
  contents += image.pages.contents.data() - contents;
  while (!edits.empty()) {
    const std::size_t at = edits.take<std::uint32_t>() % bytes;
    const auto word = edits.take<std::uint32_t>();
    std::memcpy(contents + at, &word, std::min(sizeof(word), bytes - at));
  }
  return snapshot::encode(image, identity.base);
}

Bytes with_other_bytes(Bytes file, fuzz::Reader& edits) {
  while (!edits.empty()) {
    const std::size_t at = edits.take<std::uint16_t>() % file.size();
    file[at] = edits.take<std::byte>();
  }
  const std::size_t body = file.size() - snapshot::kDigestBytes;
  const base::Digest digest = base::sha256(std::span(file).first(body));
  std::ranges::copy(digest, file.begin() + static_cast<std::ptrdiff_t>(body));
  return file;
}

// What is told of a broken heap may be wrong, but never more than there is.
void look(const Snapshot& snapshot) {
  VM vm{Host(), snapshot, {.limits = fuzz::small_limits(), .allow_missing_functions = true}};
  const auto census = attempt([&] { return vm.census(); });
  if (!census) return;  // it trapped: this VM is lost
  std::uint64_t bytes = 0;
  for (const Census::Row& row : census.value().rows) bytes += row.bytes;
  fuzz::require(bytes <= census.value().linear_bytes, "the census counts more than there is");
  fuzz::require(census.value().rows.size() <= 11'000, "the census has no end");
  const auto waits = attempt([&] { return vm.waits(); });
  if (!waits) return;
  for (const Wait& wait : waits.value().list) {
    fuzz::require(wait.stacks.size() <= 16, "there is no end of stacks");
    for (const AsyncStack& stack : wait.stacks)
      fuzz::require(stack.frames.size() <= 100, "a stack has no end");
  }
  (void)attempt([&] { vm.global_names(); });
}

void wake(const Snapshot& snapshot) {
  (void)attempt([&] { StartImage{snapshot}; });
  VM vm{outside(), snapshot, {.limits = fuzz::small_limits(), .allow_missing_functions = true}};
  for (const PendingCall& call : vm.pending_calls()) {
    if (auto deferred = vm.deferred(call.id)) deferred->resolve(call.name);
  }
  vm.run_until_idle();
  vm.kept("result").value_or(Value()).inspect();
  (void)attempt([&] { vm.files().read("/l"); });
  (void)attempt([&] { vm.files().list("/a"); });
  vm.eval("[new Date, Math.random(), JSON.stringify(globalThis)]");
  vm.snapshot();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Reader input(data, size);
  const Bytes& file = sample(input.take<std::uint8_t>());
  const bool memory = input.choose(2) == 0;
  const Bytes forged = memory ? with_other_memory(file, input) : with_other_bytes(file, input);
  const auto snapshot = attempt([&] { return Snapshot::from_bytes(forged); });
  if (snapshot) {
    (void)attempt([&] { look(snapshot.value()); });
    (void)attempt([&] { wake(snapshot.value()); });
  } else {
    fuzz::require(!memory, "a forged memory is refused by the file format");
    const Errc code = snapshot.error().code();
    fuzz::require(code == Errc::snapshot || code == Errc::resources, "refused with another error");
  }
  return 0;
}
