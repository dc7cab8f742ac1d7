#include "quiesce/snapshot.hpp"

#include <utility>

#include "base/file.hpp"
#include "snapshot/ancestors.hpp"
#include "snapshot/layers.hpp"
#include "snapshot/parts.hpp"
#include "snapshot/seal.hpp"

namespace quiesce {

Snapshot Snapshot::load(const std::filesystem::path& file, const LoadOptions& options) {
  const auto folder =
      options.ancestors_folder.empty() ? detail::folder_of(file) : options.ancestors_folder;
  return Snapshot(detail::Ancestors(options, folder).load(file));
}

Snapshot Snapshot::from_bytes(std::span<const std::byte> bytes, const LoadOptions& options) {
  return Snapshot(detail::Ancestors(options, options.ancestors_folder)
                      .parts_from({bytes.begin(), bytes.end()}, "the snapshot"));
}

SnapshotHeader Snapshot::header(const std::filesystem::path& file) {
  const std::vector<std::byte> bytes = base::read_file(file, detail::file_bytes_max({}));
  const snapshot::Stated stated = snapshot::read_header(bytes, base::quoted(file));
  return {.engine = base::to_hex(stated.facts.engine),
          .digest = base::to_hex(base::sha256(bytes)),
          .form = stated.form,
          .ancestor = stated.ancestor ? base::to_hex(stated.ancestor->digest) : std::string(),
          .memory_bytes = stated.facts.memory_bytes,
          .stored_bytes = bytes.size(),
          .limits = stated.facts.limits};
}

Snapshot Snapshot::relative_to(const Snapshot& earlier) const {
  return Snapshot(snapshot::relative_to(parts_, earlier.parts_));
}

Snapshot Snapshot::standing_alone() const { return Snapshot(snapshot::standing_alone(parts_)); }
Snapshot Snapshot::whole() const { return Snapshot(snapshot::whole(parts_)); }
SnapshotForm Snapshot::form() const noexcept { return parts_->form(); }

std::vector<std::string> Snapshot::ancestors() const {
  std::vector<std::string> digests;
  for (const base::Digest& digest : parts_->lineage().ancestors) {
    digests.push_back(base::to_hex(digest));
  }
  return digests;
}

std::vector<PageChange> Snapshot::changes_since(const Snapshot& earlier) const {
  const snapshot::Layers before = earlier.parts_->current_layers();
  const snapshot::Layers after = parts_->current_layers();
  std::vector<PageChange> changes;
  for (const snapshot::PageVersions& page :
       snapshot::changes_between(before, after, parts_->identity())) {
    std::uint32_t bytes = 0;
    for (std::size_t i = 0; i < page.before.size(); ++i) bytes += page.before[i] != page.after[i];
    if (bytes > 0) changes.push_back({page.index, bytes});
  }
  return changes;
}

void Snapshot::save(const std::filesystem::path& file, const Seal& seal) const {
  if (snapshot::is_none(seal)) return base::write_file_atomically(file, parts_->file());
  base::write_file_atomically(file, snapshot::seal(parts_->file(), seal));
}

std::vector<std::byte> Snapshot::to_bytes(const Seal& seal) const {
  return snapshot::is_none(seal) ? parts_->file() : snapshot::seal(parts_->file(), seal);
}

std::string Snapshot::engine() const { return base::to_hex(parts_->facts().engine); }
std::string Snapshot::digest() const { return base::to_hex(parts_->file_digest()); }
std::string Snapshot::content_digest() const { return base::to_hex(parts_->content_digest()); }
std::uint64_t Snapshot::memory_bytes() const noexcept { return parts_->facts().memory_bytes; }
std::uint64_t Snapshot::stored_bytes() const { return parts_->file().size(); }
const Limits& Snapshot::limits() const noexcept { return parts_->facts().limits; }

}  // namespace quiesce
