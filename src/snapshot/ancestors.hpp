// Loads a file together with those it is relative to, all of them under one Trust.
//
//   Ancestors ancestors(options, folder_of(file));
//   auto parts = ancestors.load(file);
//
// For one load, and one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "quiesce/snapshot.hpp"
#include "snapshot/parts.hpp"

namespace quiesce::detail {

std::filesystem::path folder_of(const std::filesystem::path& file);
/// No file form is longer than its memory by more than this, so an endless device has an end here.
std::uint64_t file_bytes_max(const LoadOptions& options);

class Ancestors {
 public:
  /// `folder` may be empty: then there is none. The options must outlive this.
  Ancestors(const LoadOptions& options, std::filesystem::path folder)
      : options_(options), folder_(std::move(folder)) {}

  std::shared_ptr<const SnapshotParts> load(const std::filesystem::path& file);
  std::shared_ptr<const SnapshotParts> parts_from(std::vector<std::byte> bytes, std::string name);

 private:
  std::string about_engines(const base::Digest& wanted) const;
  snapshot::Identity identity_for(std::span<const std::byte> file) const;
  /// `descendant`: how errors call the file that needs it.
  std::shared_ptr<const SnapshotParts> find(const snapshot::AncestorName& wanted,
                                            const std::string& descendant);
  std::shared_ptr<const SnapshotParts> ask(const snapshot::AncestorName& wanted,
                                           const std::string& descendant) const;
  std::shared_ptr<const SnapshotParts> find_in_folder(const snapshot::AncestorName& wanted);
  /// The bytes of a file in the folder, its seal opened, if it is the one.
  std::optional<std::vector<std::byte>> candidate(const std::filesystem::directory_entry& entry,
                                                  const snapshot::AncestorName& wanted);
  std::shared_ptr<const SnapshotParts> parts_from_opened(std::vector<std::byte> bytes,
                                                         const std::string& name);

  const LoadOptions& options_;
  std::filesystem::path folder_;
  std::size_t depth_ = 0;
  std::string not_opened_;  // why a sealed file that could be the one was not opened
};

}  // namespace quiesce::detail
