#include "cli/bed.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "cli/failure.hpp"
#include "cli/snapshot_file.hpp"

namespace quiesce::cli {
namespace {

namespace fs = std::filesystem;

// How every snapshot file begins, see docs/snapshot-format.md.
constexpr std::string_view kMagic = "\x89QSN", kSealedMagic = "\x89QSS";

bool begins_like_a_snapshot(const fs::path& file) {
  std::array<char, kMagic.size()> begin{};
  std::ifstream(file, std::ios::binary).read(begin.data(), begin.size());
  const std::string_view text(begin.data(), begin.size());
  return text == kMagic || text == kSealedMagic;
}

[[noreturn]] void refuse_target(const char* option, const fs::path& target,
                                const std::string& why) {
  throw UsageError(std::string(option) + ": " + base::quoted(target) + " " + why);
}

void check_target(const char* option, const fs::path& target) {
  const auto refuse = [&](const std::string& why) { refuse_target(option, target, why); };
  std::error_code ignored;
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored))
    refuse("lies in a folder that does not exist; make it first");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) refuse("lies in a folder that cannot be written");
  const fs::file_status status = fs::status(target, ignored);
  if (!fs::exists(status)) return;
  if (fs::is_directory(status)) refuse("is a directory; name a file in it");
  if (!fs::is_regular_file(status)) refuse("is no regular file");
  if (fs::file_size(target, ignored) > 0 && !begins_like_a_snapshot(target)) {
    refuse("is a file that is no snapshot, and will not be overwritten; choose another name");
  }
}

// A snapshot that replaced one that it is relative to could never be woken.
void check_not_needed(const fs::path& target, const Snapshot& earlier, const Options& options) {
  std::error_code ignored;
  if (!fs::exists(target, ignored)) return;
  std::string digest;
  try {
    digest = load_snapshot(target, options).digest();
  } catch (const Error&) {
    return;  // what cannot be loaded here was not loaded as one that is needed
  }
  const auto needed = earlier.ancestors();
  if (digest == earlier.digest() || std::ranges::find(needed, digest) != needed.end()) {
    refuse_target("--suspend-to", target,
                  "is needed to wake what would be written there; choose another name");
  }
}

// What is written with --key: signed with the first key that signs, encrypted with the first that
// encrypts. Refuses keys that would write what they could not read.
Seal seal_of_keys(const Options& options) {
  Seal seal;
  const SealKey* checks = nullptr;
  for (const SealKey& key : options.keys) {
    if (key.can_sign() && !seal.sign_with) seal.sign_with = key;
    if (key.can_encrypt() && !seal.encrypt_with) seal.encrypt_with = key;
    if (key.can_verify() && !checks) checks = &key;
  }
  if (checks && !seal.sign_with) {
    throw UsageError("--key: the key \"" + checks->id() +
                     "\" only checks signatures; name one that signs, too, for what is written");
  }
  return seal;
}

}  // namespace

void Bed::save(const Snapshot& snapshot) const {
  switch (form_) {
    case SnapshotForm::base: return snapshot.save(file_, seal_);
    case SnapshotForm::delta: return snapshot.relative_to(*earlier_).save(file_, seal_);
    case SnapshotForm::whole: return snapshot.whole().save(file_, seal_);
  }
}

Bed bed_for_image(const Options& options) {
  check_target("-o", *options.output);
  return Bed(*options.output, SnapshotForm::base, seal_of_keys(options));
}

std::optional<Bed> bed_for(const Options& options, const Snapshot* woken) {
  if (!options.suspend_to) return std::nullopt;
  check_target("--suspend-to", *options.suspend_to);
  Seal seal = seal_of_keys(options);
  if (!options.relative_to) {
    const SnapshotForm form = options.whole ? SnapshotForm::whole : SnapshotForm::base;
    return Bed(*options.suspend_to, form, std::move(seal));
  }
  // The very one that the VM wakes from knows best what has changed since.
  std::error_code ignored;
  const fs::path from = options.image.value_or(options.input);
  const bool is_woken = woken && fs::equivalent(*options.relative_to, from, ignored);
  Snapshot earlier = is_woken ? *woken : load_snapshot(*options.relative_to, options);
  check_not_needed(*options.suspend_to, earlier, options);
  return Bed(*options.suspend_to, std::move(earlier), std::move(seal));
}

}  // namespace quiesce::cli
