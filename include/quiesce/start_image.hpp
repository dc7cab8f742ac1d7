// A VM in which an application was evaluated, kept so that any number of VMs begin from there.
//
//   quiesce::VM vm{host};
//   vm.run(vm.import_main("/app/main.mjs"));             // reads, compiles and evaluates it all
//   vm.keep("render", vm.eval("globalThis.render"));     // a root, found in every VM of the image
//   auto image = quiesce::StartImage::of(vm);
//   image.save("app.qimg");
//
//   quiesce::VM quick = image.start(host);               // in microseconds
//   quick.kept("render")->call({}, 42);
//
// A start image is a snapshot that begins where others go on. A VM made from it is a new VM in
// which the application is there already: Math.random is seeded, performance.timeOrigin is now, its
// limits are as they were given and its fuel is full, and what the Host offers reaches it as it
// reaches a new VM: functions and classes that the image does not know become globals, node:process
// says what this Host says of it. Timers that the evaluation has set run on from where they stood
// when the image was made. All else is as the evaluation left it, kept roots among it.
//
// What the evaluation read from clock or entropy is the same in all VMs: `draws` tells of it.
//
// The file form is that of a snapshot, `.qimg` by custom. Immutable, hence safe for many threads.
// Errors: Errc::snapshot for what is no image, and those of the calls of Snapshot and VM.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quiesce/draws.hpp"
#include "quiesce/host.hpp"
#include "quiesce/snapshot.hpp"
#include "quiesce/vm.hpp"

namespace quiesce {

/// How StartImage::of makes an image.
struct ImageOptions {
  /// true: refused with Errc::invalid_argument if the program has drawn from clock or entropy.
  bool refuse_draws = false;
};

/// A VM in which an application was evaluated.
class StartImage {
 public:
  /// What `vm` is now, without its garbage. `vm` itself is left as it is. Throws Errc::busy when
  /// the evaluation has not come to its end: jobs are ready, or calls to the outside are pending.
  static StartImage of(VM& vm, const ImageOptions& options = {});
  /// Reads and checks a file, as Snapshot::load does. Errc::snapshot, too, for a VM that sleeps.
  static StartImage load(const std::filesystem::path& file, const LoadOptions& options = {});
  /// The same for a snapshot that was loaded in another way.
  explicit StartImage(Snapshot snapshot);
  /// Whether a snapshot is one of an image; otherwise it is one of a VM that sleeps.
  static bool is_one(const Snapshot& snapshot);

  /// A new VM. Throws Errc::missing_function and the like as the constructor of VM does.
  VM start(const Host& host = {}) const;
  /// The same with options, which are followed as they are: without `reseed`, all VMs draw equal
  /// numbers from Math.random.
  VM start(const Host& host, const RestoreOptions& options) const;

  /// Writes the file, as Snapshot::save does.
  void save(const std::filesystem::path& file) const;
  /// What the evaluation drew from clock and entropy.
  const Draws& draws() const noexcept { return draws_; }
  /// The image as a snapshot, for its digest, its bytes, and snapshots relative to it. VMs woken
  /// from that begin as `start` has it, and so does what Snapshot::spawn makes.
  const Snapshot& snapshot() const noexcept { return snapshot_; }

 private:
  StartImage(Snapshot snapshot, Draws draws);
  Snapshot snapshot_;
  Draws draws_;
};

/// Images by name: in memory, or as the files NAME.qimg of a folder, each read when it is first
/// asked for. Yours to keep: there is no other place where images are registered. Safe for many
/// threads.
///
///   quiesce::StartImages images{"/var/lib/shop/images"};
///   if (auto shop = images.find("shop-17")) serve(shop->start(host));
class StartImages {
 public:
  /// In memory only.
  StartImages() = default;
  /// In a folder, which must be there. `options` are for reading.
  explicit StartImages(std::filesystem::path folder, LoadOptions options = {});

  /// Keeps it under this name, in place of what was there. In a folder it is written first. A name
  /// for a folder is one that a file can have: Errc::invalid_argument for one that is empty, begins
  /// with a dot, or contains a slash or NUL.
  void add(const std::string& name, const StartImage& image);
  /// nullopt: there is none of that name. Throws as StartImage::load does for a file that is none.
  /// A file that was read is not looked at again.
  std::optional<StartImage> find(const std::string& name);
  /// Lets go of it, and removes its file. False: there was none.
  bool remove(const std::string& name);
  /// All names, sorted.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path file_of(const std::string& name) const;
  const std::filesystem::path folder_ = {};  // empty: none
  const LoadOptions options_ = {};
  mutable std::mutex mutex_;
  std::map<std::string, StartImage> images_;
};

}  // namespace quiesce
