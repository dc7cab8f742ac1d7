#include "snapshot/ancestors.hpp"

#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "quiesce/error.hpp"
#include "snapshot/identity.hpp"

namespace quiesce::detail {
namespace {

namespace fs = std::filesystem;
using Parts = std::shared_ptr<const SnapshotParts>;

[[noreturn]] void refuse(const std::string& descendant, const snapshot::AncestorName& wanted,
                         const std::string& why) {
  throw Error(Errc::snapshot,
              "cannot load " + descendant +
                  ": it holds only what has changed since the snapshot with SHA-256 " +
                  base::to_hex(wanted.digest) + " (" + std::to_string(wanted.file_bytes) +
                  " bytes), " + why);
}

/// Files that are no snapshots, or cannot be read, are nobody's ancestors: the search goes on.
std::optional<std::vector<std::byte>> read_if_it_is(const fs::directory_entry& entry,
                                                    const snapshot::AncestorName& wanted) {
  std::error_code error;
  if (entry.path().extension() != ".qsnap" || !entry.is_regular_file(error) ||
      entry.file_size(error) != wanted.file_bytes || error) {
    return std::nullopt;
  }
  try {
    auto bytes = base::read_file(entry.path(), wanted.file_bytes);
    if (base::sha256(bytes) == wanted.digest) return bytes;
  } catch (const Error&) {  // it went away, or is another user's
  }
  return std::nullopt;
}

}  // namespace

fs::path folder_of(const fs::path& file) {
  const fs::path folder = file.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

Parts Ancestors::load(const fs::path& file) {
  // No file form is longer than its memory by more than this, so an endless device has an end here.
  const std::uint64_t file_bytes_max =
      options_.memory_bytes_max + options_.memory_bytes_max / 64 + (1u << 20);
  return parts_from(base::read_file(file, file_bytes_max), base::quoted(file));
}

Parts Ancestors::parts_from(std::vector<std::byte> bytes, std::string name) {
  const auto find_for_it = [&, name](const snapshot::AncestorName& wanted) {
    return find(wanted, name);
  };
  return snapshot::parts_from(std::move(bytes), snapshot::process_identity(), name,
                              options_.memory_bytes_max, find_for_it);
}

Parts Ancestors::find(const snapshot::AncestorName& wanted, const std::string& descendant) {
  if (++depth_ > snapshot::kAncestorsMax) {
    refuse(descendant, wanted,
           "and so on for more than " + std::to_string(snapshot::kAncestorsMax) +
               " snapshots, which no Quiesce writes");
  }
  Parts found = options_.find_ancestor ? ask(wanted, descendant) : nullptr;
  if (!found && !folder_.empty()) found = find_in_folder(wanted);
  if (found) return found;
  if (folder_.empty()) refuse(descendant, wanted, "which is needed with it");
  refuse(descendant, wanted,
         "and no *.qsnap in " + base::quoted(folder_) +
             " is that one: put it there, or say in which folder it is");
}

Parts Ancestors::ask(const snapshot::AncestorName& wanted, const std::string& descendant) const {
  const std::optional<Snapshot> answer = options_.find_ancestor(base::to_hex(wanted.digest));
  if (!answer) return nullptr;
  if (answer->parts_->file_digest() != wanted.digest) {
    refuse(descendant, wanted, "and was given the one with SHA-256 " + answer->digest());
  }
  if (answer->memory_bytes() > options_.memory_bytes_max) {
    refuse(descendant, wanted,
           "which needs " + std::to_string(answer->memory_bytes()) +
               " bytes of memory, more than the " + std::to_string(options_.memory_bytes_max) +
               " allowed here");
  }
  return answer->parts_;
}

Parts Ancestors::find_in_folder(const snapshot::AncestorName& wanted) {
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    if (auto bytes = read_if_it_is(*entry, wanted)) {
      return parts_from(std::move(*bytes), base::quoted(entry->path()));
    }
  }
  if (error) {
    throw Error(Errc::io,
                "cannot look for snapshots in " + base::quoted(folder_) + ": " + error.message());
  }
  return nullptr;
}

}  // namespace quiesce::detail
