// The file form of a snapshot. docs/snapshot-format.md tells it byte by byte.
//
//   std::vector<std::byte> file = encode(image, identity.base);
//   Image again = decode(file, identity);
//
// A file says in which pages a memory differs from the base image, or from the memory of another
// snapshot, its ancestor, or from a memory that is all zero. encode is a function of its arguments
// alone: with one version of libzstd, equal images give equal bytes. decode believes nothing: every
// byte is covered by a digest, and every number is checked before memory is allocated by it. What
// it accepts has exactly one table of pages, so that encoding it again says the same. Thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "quiesce/snapshot.hpp"
#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"
#include "snapshot/layers.hpp"
#include "snapshot/wholeness.hpp"

namespace quiesce::snapshot {

/// The newest. Each file has the oldest that does for it.
inline constexpr std::uint32_t kFormatVersion = 2;
inline constexpr std::size_t kHeaderBytes = 136;       // of version 1: relative to the base image
inline constexpr std::size_t kDeltaHeaderBytes = 176;  // of version 2: relative to an ancestor

/// What Limits::stack_bytes_max may be.
inline constexpr std::uint32_t kStackBytesMin = 16u << 10;
inline constexpr std::uint32_t kStackBytesMax = 2u << 20;

/// Throws Errc::invalid_argument for limits that decode would refuse: better when a VM falls asleep
/// than when somebody wants to wake it.
void require_storable(const Limits& limits);

/// Which file another is relative to.
struct AncestorName {
  std::uint64_t file_bytes;
  base::Digest digest;  // of all of its bytes
  friend bool operator==(const AncestorName&, const AncestorName&) = default;
};

/// What a file names that holds a whole memory: no file, and all pages of it are zero.
inline constexpr AncestorName kNothing{};

/// `changes`: since the base image, or since the ancestor if there is one, or since kNothing.
std::vector<std::byte> encode(const Facts& facts, std::span<const PageVersions> changes,
                              const AncestorName* ancestor = nullptr);

struct Ancestor {
  Layers layers;
  std::uint64_t memory_bytes;
};

struct DecodeOptions {
  std::string name = "the snapshot";  // how errors call it: "cannot load <name>: ..."
  std::uint64_t memory_bytes_max = kMemoryBytesMax;  // a snapshot that would need more is refused
  /// Asked when a file is relative to another, before anything is allocated for its pages. Throws
  /// if there is no such file. Without it, files of that kind are refused.
  std::function<Ancestor(const AncestorName&)> find_ancestor = nullptr;
  /// What an error advises about a snapshot of another engine than the identity's.
  std::string about_engines = "wake it with a program that was built with the former";
};

/// The engine that a file says it belongs to: only to look for that engine, for nothing was checked
/// yet. Nothing: it is no file of ours, or too short to say.
std::optional<base::Digest> stated_engine(std::span<const std::byte> file);

/// What a file is relative to that decode has accepted.
SnapshotForm form_of(std::span<const std::byte> file);

/// What the header of a file says. Checked as far as that is possible without the engine.
struct Stated {
  Facts facts;
  SnapshotForm form;
  std::optional<AncestorName> ancestor;  // of a delta
};
Stated read_header(std::span<const std::byte> file, const std::string& name);

/// The pages are relative to the ancestor if the file has one, otherwise to the base image, also if
/// the file holds the whole memory. Throws Errc::snapshot with one sentence that says what is
/// wrong, or Errc::resources if there is not the memory for what it holds.
Image decode(std::span<const std::byte> file, const Identity& identity,
             const DecodeOptions& options = {});

/// SHA-256 over what a file would say that is relative to the base image, rather than over its
/// bytes: the header without the compressed size, then the payload before compression. The same on
/// every host, whatever its libzstd, and whatever a VM is stored as.
base::Digest content_digest(const Facts& facts, std::span<const PageVersions> changes_since_base);

/// Of pages that are relative to the base image.
std::vector<std::byte> encode(const Image& image, std::span<const std::byte> base);
base::Digest content_digest(const Image& image, std::span<const std::byte> base);

}  // namespace quiesce::snapshot
