// Whatever the bytes of a delta are, and whatever its ancestor is: both are refused with
// Errc::snapshot, or give a VM that is the same when it is stored by itself, and stored again
// relative to that ancestor, or with all of its memory.
//
// The first byte chooses what is edited: the delta, its ancestor's file, or its ancestor's memory,
// as if somebody who finds ancestors had found another one and not looked.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "quiesce/error.hpp"
#include "snapshot/parts.hpp"
#include "snapshot/samples.hpp"
#include "snapshot_edits.hpp"

namespace {

using namespace quiesce;
using namespace quiesce::snapshot;
using namespace quiesce::snapshot::fuzz;
using Parts = std::shared_ptr<const detail::SnapshotParts>;

const Identity& identity() {
  static const Identity who = samples::identity();
  return who;
}

const Parts& ancestor() {
  static const Parts parts = take(samples::memory(), samples::limits(), identity());
  return parts;
}

const Parts& later() {
  static const Parts parts = take(samples::later_memory(), samples::limits(), identity());
  return parts;
}

const Bytes& sample_delta() {
  static const Bytes file = relative_to(later(), ancestor())->file();
  return file;
}

const Bytes& whole_ancestor() {
  static const Bytes file =
      whole(take(samples::sparse_memory(), samples::limits(), identity()))->file();
  return file;
}

/// Null: refused.
Parts load(const Bytes& file, const FindParts& find) {
  try {
    return parts_from(file, identity(), "it", kMemoryBytesHere, find);
  } catch (const Error& error) {
    require(error.code() == Errc::snapshot, "a refusal that is not Errc::snapshot");
    require(std::strchr(error.what(), '\n') == nullptr, "a refusal of more than one line");
    return nullptr;
  }
}

void check(const Bytes& file, const Parts& under) {
  const auto find = [&](const AncestorName&) { return under; };
  const Parts delta = load(file, find);
  if (!delta) return;
  const Parts alone = load(standing_alone(delta)->file(), nullptr);
  require(alone && alone->content_digest() == delta->content_digest(),
          "stored by itself, it says something else");
  const Parts all = load(whole(delta)->file(), nullptr);
  require(all && all->content_digest() == delta->content_digest(),
          "stored with all of its memory, it says something else");
  const Parts again = load(relative_to(alone, under)->file(), find);
  require(again && again->content_digest() == delta->content_digest(),
          "stored again, it says something else");
}

Parts with_edited_memory(std::span<const std::byte> edits) {
  Bytes memory = samples::memory();
  for (; edits.size() >= 5; edits = edits.subspan(5)) {
    memory[base::load_little_endian<std::uint32_t>(edits.first<4>()) % memory.size()] = edits[4];
  }
  return take(memory, samples::limits(), identity());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span input = std::as_bytes(std::span(data, size));
  if (input.size() < 2) return 0;
  const auto rest = input.subspan(1);
  switch (std::to_integer<unsigned>(input[0]) % 5) {
    case 0:
      check(file_from(rest, sample_delta(), kDeltaHeaderBytes), with_edited_memory(rest));
      break;
    case 1: check(sample_delta(), with_edited_memory(rest)); break;
    case 2:
      if (const Parts under = load(file_from(rest, ancestor()->file(), kHeaderBytes), nullptr)) {
        check(sample_delta(), under);
      }
      break;
    case 3:
      if (const Parts under = load(file_from(rest, whole_ancestor(), kDeltaHeaderBytes), nullptr)) {
        check(sample_delta(), under);
        check(relative_to(later(), under)->file(), under);
      }
      break;
    default: check(file_from(rest, sample_delta(), kDeltaHeaderBytes), ancestor());
  }
  return 0;
}
