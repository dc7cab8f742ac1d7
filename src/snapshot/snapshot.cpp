#include "quiesce/snapshot.hpp"

#include <utility>

#include "base/file.hpp"
#include "snapshot/parts.hpp"

namespace quiesce {

static_assert(Snapshot::kMemoryBytesMax == snapshot::kMemoryBytesMax);

Snapshot Snapshot::load(const std::filesystem::path& file, std::uint64_t memory_bytes_max) {
  // No file form is longer than its memory by more than this, so an endless device has an end here.
  const std::uint64_t file_bytes_max = memory_bytes_max + memory_bytes_max / 64 + (1u << 20);
  return Snapshot(snapshot::parts_from(base::read_file(file, file_bytes_max),
                                       snapshot::process_identity(), base::quoted(file),
                                       memory_bytes_max));
}

Snapshot Snapshot::from_bytes(std::span<const std::byte> bytes, std::uint64_t memory_bytes_max) {
  return Snapshot(snapshot::parts_from({bytes.begin(), bytes.end()}, snapshot::process_identity(),
                                       "the snapshot", memory_bytes_max));
}

void Snapshot::save(const std::filesystem::path& file) const {
  base::write_file_atomically(file, parts_->file());
}

std::vector<std::byte> Snapshot::to_bytes() const { return parts_->file(); }

std::string Snapshot::engine() const { return base::to_hex(parts_->facts().engine); }
std::string Snapshot::digest() const { return base::to_hex(parts_->file_digest()); }
std::string Snapshot::content_digest() const { return base::to_hex(parts_->content_digest()); }
std::uint64_t Snapshot::memory_bytes() const noexcept { return parts_->facts().memory_bytes; }
std::uint64_t Snapshot::stored_bytes() const { return parts_->file().size(); }
const Limits& Snapshot::limits() const noexcept { return parts_->facts().limits; }

}  // namespace quiesce
