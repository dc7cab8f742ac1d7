// Archives, unpacked into memory by libarchive. An archive is hostile: what it says of sizes, names
// and kinds is checked before it is believed, and what it unpacks to is counted while it is
// unpacked.
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "modules/memory_files.hpp"
#include "vm/file_path.hpp"

namespace quiesce {

namespace {

using modules::MemoryFiles;
using Kind = FileStatus::Kind;

// What an entry costs besides its name and content, roughly.
constexpr std::uint64_t kEntryBytes = 128;

[[noreturn]] void refuse(const std::string& why) { throw Error(Errc::archive, why); }

// libarchive converts names by the thread's locale: with any other than UTF-8 it would lose some.
class Utf8Names {
 public:
  Utf8Names() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (utf8_ != nullptr) before_ = ::uselocale(utf8_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;
  ~Utf8Names() {
    if (utf8_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(utf8_);
  }

 private:
  locale_t utf8_;
  locale_t before_{};
};

struct Closer {
  void operator()(archive* reader) const noexcept { ::archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Closer>;

// Only what is decompressed in this process: libarchive would start programs for the rest.
Reader new_reader() {
  Reader reader(::archive_read_new());
  if (!reader) throw Error(Errc::resources, "no memory for reading an archive");
  ::archive_read_support_format_tar(reader.get());
  ::archive_read_support_format_zip(reader.get());
  for (const auto support :
       {::archive_read_support_filter_gzip, ::archive_read_support_filter_bzip2,
        ::archive_read_support_filter_xz, ::archive_read_support_filter_zstd,
        ::archive_read_support_filter_lz4}) {
    if (support(reader.get()) != ARCHIVE_OK)
      refuse("libarchive was built without one of gzip, bzip2, xz, zstd and lz4");
  }
  return reader;
}

class Unpacking {
 public:
  Unpacking(Reader reader, const ArchiveOptions& options)
      : reader_(std::move(reader)), options_(options) {}

  std::shared_ptr<FileSystem> run() {
    archive_entry* entry = nullptr;
    for (;;) {
      const int found = ::archive_read_next_header(reader_.get(), &entry);
      if (found == ARCHIVE_EOF) break;
      if (found != ARCHIVE_OK && found != ARCHIVE_WARN) fail("");
      if (::archive_entry_is_encrypted(entry) != 0) refuse("the archive is encrypted");
      take(*entry);
    }
    if (::archive_format(reader_.get()) == 0) refuse("this is neither a tar nor a zip archive");
    return files_;
  }

 private:
  [[noreturn]] void fail(const std::string& path) const {
    const char* const why = ::archive_error_string(reader_.get());
    refuse("the archive cannot be read" + (path.empty() ? "" : " at '" + path + "'") + ": " +
           (why != nullptr ? why : "it is damaged"));
  }

  void count(std::uint64_t bytes) {
    if (bytes > options_.bytes_max - used_) {
      refuse("the archive unpacks to more than bytes_max = " + std::to_string(options_.bytes_max) +
             " bytes");
    }
    used_ += bytes;
  }

  void take(archive_entry& entry) {
    const char* const name = ::archive_entry_pathname(&entry);
    if (name == nullptr) refuse("the archive has an entry whose name cannot be read");
    if (++entries_ > options_.entries_max) {
      refuse("the archive has more than entries_max = " + std::to_string(options_.entries_max) +
             " entries");
    }
    const std::string path = clean(name);
    count(path.size() + kEntryBytes);
    const std::string place = stripped(path);
    MemoryFiles::Modified modified{};
    if (::archive_entry_mtime_is_set(&entry) != 0) modified = time_of(entry);
    if (const char* const target = ::archive_entry_hardlink(&entry)) {
      add(place, path, Kind::file, linked(path, target), modified);
      return;
    }
    switch (::archive_entry_filetype(&entry)) {
      case AE_IFREG: {
        std::string content = content_of(entry, path);
        add(place, path, Kind::file, std::move(content), modified);
        return;
      }
      case AE_IFDIR: add(place, path, Kind::directory, {}, modified); return;
      case AE_IFLNK: {
        const char* const target = ::archive_entry_symlink(&entry);
        if (target == nullptr) refuse("the link '" + path + "' in the archive has no target");
        check_target(place, path, target);
        count(std::string_view(target).size());
        add(place, path, Kind::symbolic_link, target, modified);
        return;
      }
      default: refuse("'" + path + "' in the archive is neither file, directory nor link");
    }
  }

  // "/a/b" of "./a//b/"; "/" of "./".
  static std::string clean(std::string_view name) {
    if (name.starts_with('/')) refuse("'" + std::string(name) + "' in the archive is absolute");
    std::string path;
    for (std::string_view rest = name; !rest.empty();) {
      const std::string_view segment = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
      if (segment == "..") refuse("'" + std::string(name) + "' leads out of the archive");
      if (!segment.empty() && segment != ".") path.append("/").append(segment);
    }
    if (path.empty()) path = "/";
    if (!detail::is_clean_path(path)) refuse("'" + std::string(name) + "' is too long a path");
    return path;
  }

  // Without the leading segments that are not wanted; empty: nothing is left.
  std::string stripped(const std::string& path) const {
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < options_.strip && at != std::string::npos; ++i)
      at = path.find('/', at + 1);
    return at == std::string::npos ? std::string() : path.substr(at);
  }

  void add(const std::string& place, const std::string& path, Kind kind, std::string content,
           MemoryFiles::Modified modified) {
    if (place.empty()) return;
    if (place == "/") {
      if (kind != Kind::directory) refuse("the root of the archive is no directory");
      return;
    }
    const std::uint64_t before = files_->count();
    const MemoryFiles::Added added = files_->add(place, kind, std::move(content), modified);
    if (added == MemoryFiles::Added::is_taken) refuse("'" + path + "' is in the archive twice");
    if (added == MemoryFiles::Added::is_below_file)
      refuse("'" + path + "' in the archive lies below a file");
    // Directories that nobody listed.
    const std::uint64_t more = files_->count() - before;
    if (more > 1) count((more - 1) * kEntryBytes);
    if (files_->count() > options_.entries_max) {
      refuse("the archive has more than entries_max = " + std::to_string(options_.entries_max) +
             " entries");
    }
  }

  static MemoryFiles::Modified time_of(archive_entry& entry) {
    // Nanoseconds in 64 bits end in 2262.
    constexpr std::int64_t kSecondsMax = 9'000'000'000;
    const std::int64_t seconds =
        std::clamp<std::int64_t>(::archive_entry_mtime(&entry), -kSecondsMax, kSecondsMax);
    return MemoryFiles::Modified(std::chrono::seconds(seconds) +
                                 std::chrono::nanoseconds(::archive_entry_mtime_nsec(&entry)));
  }

  std::string content_of(archive_entry& entry, const std::string& path) {
    std::string content;
    if (::archive_entry_size_is_set(&entry) != 0) {
      const std::int64_t size = ::archive_entry_size(&entry);
      if (size < 0 || static_cast<std::uint64_t>(size) > options_.bytes_max - used_)
        count(std::numeric_limits<std::uint64_t>::max());
    }
    std::array<char, std::size_t{1} << 16> piece;
    for (;;) {
      const la_ssize_t got = ::archive_read_data(reader_.get(), piece.data(), piece.size());
      if (got < 0) fail(path);
      if (got == 0) return content;
      count(static_cast<std::uint64_t>(got));
      content.append(piece.data(), static_cast<std::size_t>(got));
    }
  }

  // A hard link is one more file with the content of an earlier one.
  std::string linked(const std::string& path, const char* target) {
    const std::string place = stripped(clean(target));
    const std::string* const content = place.empty() ? nullptr : files_->find_file(place);
    if (content == nullptr) {
      refuse("the hard link '" + path + "' in the archive leads to no file before it: '" +
             std::string(target) + "'");
    }
    count(content->size());
    return *content;
  }

  // No further up than the root, whatever else is a link on the way: that is for whoever follows it
  // to see.
  static void check_target(const std::string& place, const std::string& path,
                           std::string_view target) {
    const auto out = [&] {
      refuse("the link '" + path + "' leads out of the archive: '" + std::string(target) + "'");
    };
    if (target.starts_with('/')) out();
    if (target.empty() || target.size() > Q_FILE_PATH_MAX)
      refuse("the link '" + path + "' in the archive has no usable target");
    std::ptrdiff_t depth = std::ranges::count(place, '/') - 1;
    for (std::string_view rest = target; !rest.empty();) {
      const std::string_view segment = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
      if (segment == "..") --depth;
      if (!segment.empty() && segment != "." && segment != "..") ++depth;
      if (depth < 0) out();
    }
  }

  Reader reader_;
  const ArchiveOptions options_;
  std::shared_ptr<MemoryFiles> files_ = std::make_shared<MemoryFiles>();
  std::uint64_t used_ = 0, entries_ = 0;
};

[[noreturn]] void refuse_open(archive* reader) {
  const char* const why = ::archive_error_string(reader);
  refuse(std::string("this is not an archive that can be read: ") +
         (why != nullptr ? why : "unknown format"));
}

}  // namespace

std::shared_ptr<FileSystem> archive_files(std::span<const std::byte> bytes,
                                          const ArchiveOptions& options) {
  const Utf8Names names;
  Reader reader = new_reader();
  if (::archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    refuse_open(reader.get());
  return Unpacking(std::move(reader), options).run();
}

std::shared_ptr<FileSystem> archive_files(const std::filesystem::path& file,
                                          const ArchiveOptions& options) {
  const auto fail = [&](const std::string& why) {
    throw Error(Errc::io, "cannot read the archive " + base::quoted(file) + ": " + why);
  };
  struct Opened {
    int number;
    ~Opened() {
      if (number >= 0) ::close(number);
    }
  };
  // A pipe or device would be waited for.
  const Opened opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (opened.number < 0) fail(std::generic_category().message(errno));
  struct stat seen{};
  if (::fstat(opened.number, &seen) != 0) fail(std::generic_category().message(errno));
  if (!S_ISREG(seen.st_mode)) fail("it is not a file");
  const Utf8Names names;
  Reader reader = new_reader();
  constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
  try {
    if (::archive_read_open_fd(reader.get(), opened.number, kPieceBytes) != ARCHIVE_OK)
      refuse_open(reader.get());
    return Unpacking(std::move(reader), options).run();
  } catch (const Error& error) {
    throw Error(error.code(), base::quoted(file) + ": " + error.what());
  }
}

}  // namespace quiesce
