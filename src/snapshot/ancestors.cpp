#include "snapshot/ancestors.hpp"

#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "quiesce/engines.hpp"
#include "quiesce/error.hpp"
#include "snapshot/engine_parts.hpp"
#include "snapshot/identity.hpp"
#include "snapshot/seal.hpp"

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

/// A find_ancestor that loads what it answers with, by the same options, comes back here. Were its
/// answers a cycle, which nobody can see before their end, it would come for ever.
thread_local std::size_t t_asking = 0;
class Asking {
 public:
  Asking() noexcept { ++t_asking; }
  ~Asking() { --t_asking; }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;
};

}  // namespace

fs::path folder_of(const fs::path& file) {
  const fs::path folder = file.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

std::uint64_t file_bytes_max(const LoadOptions& options) {
  return options.memory_bytes_max + options.memory_bytes_max / 64 + (1u << 20);
}

Parts Ancestors::load(const fs::path& file) {
  return parts_from(base::read_file(file, file_bytes_max(options_)), base::quoted(file));
}

Parts Ancestors::parts_from(std::vector<std::byte> bytes, std::string name) {
  return parts_from_opened(snapshot::open(std::move(bytes), options_.trust, name), name);
}

Parts Ancestors::parts_from_opened(std::vector<std::byte> bytes, const std::string& name) {
  const auto find_for_it = [&](const snapshot::AncestorName& wanted) { return find(wanted, name); };
  const snapshot::Identity identity = identity_for(bytes);
  const auto stated = snapshot::stated_engine(bytes);
  const bool known = !stated || *stated == identity.engine;
  return snapshot::parts_from(std::move(bytes), identity, name, options_.memory_bytes_max,
                              find_for_it, known ? "" : about_engines(*stated));
}

// Which engines there are, and where another is looked for.
std::string Ancestors::about_engines(const base::Digest& wanted) const {
  const std::string file = Engines::file_name(base::to_hex(wanted));
  if (!options_.engines) {
    return "wake it with a program that was built with the former, or give this one " + file;
  }
  std::string known, folders;
  const std::string built_in(guest::engine_sha256());
  for (const EngineInfo& info : options_.engines->list()) {
    if (info.problem.empty() && info.sha256 != built_in) known += ", " + info.sha256;
  }
  for (const fs::path& folder : options_.engines->folders())
    folders += (folders.empty() ? "" : ", ") + base::quoted(folder);
  return (known.empty() ? "" : "it also knows" + known.substr(1) + "; ") +
         (folders.empty() ? "give it " + file
                          : "put " + file + " into " + folders + ", or say in which folder it is");
}

snapshot::Identity Ancestors::identity_for(std::span<const std::byte> file) const {
  const auto stated = options_.engines ? snapshot::stated_engine(file) : std::nullopt;
  const auto engine = stated ? options_.engines->find(base::to_hex(*stated)) : std::nullopt;
  // Of one that is not known, decoding tells after it has seen that the file is whole.
  return engine ? engine->parts_->identity() : snapshot::process_identity();
}

Parts Ancestors::find(const snapshot::AncestorName& wanted, const std::string& descendant) {
  if (++depth_ > snapshot::kAncestorsMax || t_asking >= snapshot::kAncestorsMax) {
    refuse(descendant, wanted,
           "and so on for more than " + std::to_string(snapshot::kAncestorsMax) +
               " snapshots, which no Quiesce writes");
  }
  Parts found = options_.find_ancestor ? ask(wanted, descendant) : nullptr;
  if (!found && !folder_.empty()) found = find_in_folder(wanted);
  if (found) return found;
  if (folder_.empty()) refuse(descendant, wanted, "which is needed with it");
  refuse(descendant, wanted,
         "and no *.qsnap or *.qimg in " + base::quoted(folder_) +
             " is that one: put it there, or say in which folder it is" +
             (not_opened_.empty() ? "" : " (one could be it, but: " + not_opened_ + ")"));
}

Parts Ancestors::ask(const snapshot::AncestorName& wanted, const std::string& descendant) const {
  const Asking asking;
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

/// Files that are no snapshots, or cannot be read or opened, are nobody's ancestors: the search
/// goes on.
std::optional<std::vector<std::byte>> Ancestors::candidate(const fs::directory_entry& entry,
                                                           const snapshot::AncestorName& wanted) {
  std::error_code error;
  const fs::path extension = entry.path().extension();
  if ((extension != ".qsnap" && extension != ".qimg") || !entry.is_regular_file(error))
    return std::nullopt;
  const std::uint64_t size = entry.file_size(error);
  const bool could_be_sealed = size > wanted.file_bytes &&
                               size - wanted.file_bytes >= snapshot::kSealBytesMin &&
                               size - wanted.file_bytes <= snapshot::kSealBytesMax;
  if (error || (size != wanted.file_bytes && !could_be_sealed)) return std::nullopt;
  try {
    auto bytes = base::read_file(entry.path(), size);
    if (!could_be_sealed) {
      if (base::sha256(bytes) != wanted.digest) return std::nullopt;
      snapshot::require_no_seal_is_demanded(options_.trust, base::quoted(entry.path()));
      return bytes;
    }
    if (snapshot::sealed_bytes(bytes) != wanted.file_bytes) return std::nullopt;
    bytes = snapshot::open(std::move(bytes), options_.trust, base::quoted(entry.path()));
    if (base::sha256(bytes) == wanted.digest) return bytes;
  } catch (const Error& refused) {
    if (refused.code() == Errc::resources || refused.code() == Errc::invalid_argument) throw;
    // It went away, is another user's, is damaged, or not sealed as it has to be.
    if (refused.code() == Errc::untrusted) not_opened_ = refused.what();
  }
  return std::nullopt;
}

Parts Ancestors::find_in_folder(const snapshot::AncestorName& wanted) {
  not_opened_.clear();
  if (wanted.file_bytes > file_bytes_max(options_)) return nullptr;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    if (auto bytes = candidate(*entry, wanted)) {
      return parts_from_opened(std::move(*bytes), base::quoted(entry->path()));
    }
  }
  if (error) {
    throw Error(Errc::io,
                "cannot look for snapshots in " + base::quoted(folder_) + ": " + error.message());
  }
  return nullptr;
}

}  // namespace quiesce::detail
