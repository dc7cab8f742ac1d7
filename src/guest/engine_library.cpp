#include "guest/engine_library.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "quiesce/error.hpp"
#include "quiesce_wall.h"

namespace quiesce::guest {
namespace {

constexpr std::string_view kPrefix = "quiesce-engine-", kSuffix = ".so";
constexpr std::size_t kDigits = 64;
constexpr std::array<char, SELFMAG> kElfMagic = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3};

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
constexpr std::uint16_t kMachine = EM_NONE;  // no engine is for it
#endif

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case EM_X86_64: return "x86-64";
    case EM_AARCH64: return "arm64";
    case EM_RISCV: return "RISC-V";
    case EM_386: return "x86";
    case EM_ARM: return "arm";
    default: return "machine " + std::to_string(machine);
  }
}

bool is_digest(std::string_view text) {
  return text.size() == kDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(Errc::engine, base::quoted(file) + " cannot be used as an engine: " + why);
}

/// A file of which single ranges are read, each checked against its size.
class ElfFile {
 public:
  explicit ElfFile(const std::filesystem::path& path)
      : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat status{};
    if (file_ < 0 || ::fstat(file_, &status) != 0) fail();
    if (!S_ISREG(status.st_mode)) {
      close();
      refuse(path_, "it is no regular file");
    }
    bytes_ = static_cast<std::uint64_t>(status.st_size);
  }
  ~ElfFile() { close(); }
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  std::uint64_t bytes() const noexcept { return bytes_; }
  bool has(std::uint64_t offset, std::uint64_t count) const noexcept {
    return count <= bytes_ && offset <= bytes_ - count;
  }
  template <class T>
  T read(std::uint64_t offset) const {
    T value;
    read_into(offset, &value, sizeof(T));
    return value;
  }
  void read_into(std::uint64_t offset, void* to, std::size_t count) const {
    if (!has(offset, count)) refuse(path_, "it is cut off; copy it again");
    std::size_t done = 0;
    while (done < count) {
      const ssize_t got = ::pread(file_, static_cast<char*>(to) + done, count - done,
                                  static_cast<off_t>(offset + done));
      if (got == 0) refuse(path_, "it became shorter while it was read");
      if (got < 0 && errno != EINTR) fail();
      if (got > 0) done += static_cast<std::size_t>(got);
    }
  }

 private:
  void close() noexcept {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
  }
  [[noreturn]] void fail() const {
    throw Error(Errc::io, "cannot read " + base::quoted(path_) + ": " +
                              std::generic_category().message(errno));
  }

  const std::filesystem::path& path_;
  int file_;
  std::uint64_t bytes_ = 0;
};

void check_kind(const Elf64_Ehdr& header, const std::filesystem::path& file) {
  const bool known_form = header.e_ident[EI_CLASS] == ELFCLASS64 &&
                          header.e_ident[EI_DATA] == ELFDATA2LSB &&
                          header.e_phentsize == sizeof(Elf64_Phdr);
  if (!known_form || header.e_machine != kMachine) {
    refuse(file, "it is for " + machine_name(header.e_machine) + ", and this is " +
                     machine_name(kMachine) + "; install the one for this processor");
  }
  if (header.e_type != ET_DYN) refuse(file, "it is no shared library");
}

/// The description of our note in [offset, offset + size); false: there is none.
bool find_note(const ElfFile& elf, std::uint64_t offset, std::uint64_t size,
               std::vector<char>& description) {
  constexpr std::uint64_t kNoteBytesMax = 1u << 20;
  const std::uint64_t end = offset + std::min(size, kNoteBytesMax);
  const auto padded = [](std::uint64_t bytes) { return (bytes + 3) & ~std::uint64_t{3}; };
  while (end - offset >= sizeof(Elf64_Nhdr)) {
    const auto note = elf.read<Elf64_Nhdr>(offset);
    offset += sizeof(note);
    const std::uint64_t name_bytes = padded(note.n_namesz), bytes = padded(note.n_descsz);
    if (name_bytes > end - offset || bytes > end - offset - name_bytes) return false;
    char name[sizeof(QW_NOTE_NAME)] = {};
    if (note.n_type == QW_NOTE_TYPE && note.n_namesz == sizeof(name)) {
      elf.read_into(offset, name, sizeof(name));
      if (std::memcmp(name, QW_NOTE_NAME, sizeof(name)) == 0) {
        description.resize(note.n_descsz);
        elf.read_into(offset + name_bytes, description.data(), description.size());
        return true;
      }
    }
    offset += name_bytes + bytes;
  }
  return false;
}

/// Every segment is checked: the loader would map one that is cut off, and the first access to it
/// would end the process.
std::vector<char> note_of(const ElfFile& elf, const std::filesystem::path& file) {
  if (!elf.has(0, SELFMAG) || elf.read<std::array<char, SELFMAG>>(0) != kElfMagic)
    refuse(file, "it is no library");
  const auto header = elf.read<Elf64_Ehdr>(0);
  check_kind(header, file);
  std::vector<char> note;
  for (std::uint32_t i = 0; i < header.e_phnum; ++i) {
    // Without overflow, since read() has checked the one before.
    if (header.e_phoff > std::numeric_limits<std::uint64_t>::max() / 2)
      refuse(file, "it is damaged; copy it again");
    const auto segment = elf.read<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr));
    if (!elf.has(segment.p_offset, segment.p_filesz)) refuse(file, "it is cut off; copy it again");
    if (segment.p_type == PT_NOTE && note.empty())
      find_note(elf, segment.p_offset, segment.p_filesz, note);
  }
  return note;
}

const char* wall_name(std::uint32_t wall) { return wall == QW_WALL_GUARD ? "guard" : "checked"; }

qw_engine about_of(const std::vector<char>& note, const std::filesystem::path& file) {
  std::uint32_t version = 0;
  if (note.size() < sizeof(version)) {
    refuse(file, "it is a library, but not of an engine of Quiesce");
  }
  std::memcpy(&version, note.data(), sizeof(version));
  if (version != QW_INTERFACE_VERSION) {
    refuse(file, "its interface has version " + std::to_string(version) +
                     ", and this Quiesce speaks version " + std::to_string(QW_INTERFACE_VERSION) +
                     (version > QW_INTERFACE_VERSION ? "; use a newer Quiesce"
                                                     : "; use the Quiesce that it came with"));
  }
  qw_engine about;
  if (note.size() != sizeof(about))
    refuse(file, "what it says of itself is damaged; copy it again");
  std::memcpy(&about, note.data(), sizeof(about));
  const std::string_view sha256(about.sha256, kDigits);
  const bool ends = std::memchr(about.quickjs_version, 0, sizeof(about.quickjs_version)) != nullptr;
  if (!is_digest(sha256) || about.sha256[kDigits] != 0 || !ends) {
    refuse(file, "what it says of itself is damaged; copy it again");
  }
  constexpr std::uint32_t kWall = QUIESCE_WALL_GUARD ? QW_WALL_GUARD : QW_WALL_CHECKED;
  if (about.wall != kWall) {
    refuse(file, std::string("it was built for the wall '") + wall_name(about.wall) +
                     "', and this program has '" + wall_name(kWall) +
                     "'; build it with the same QUIESCE_WALL");
  }
  const std::string named = engine_in_file_name(file);
  if (named != sha256) {
    refuse(file, (named.empty() ? std::string("its name does not say which engine it is")
                                : std::string("its name says another engine")) +
                     "; call it " + engine_file_name(sha256));
  }
  return about;
}

std::string loader_error() {
  const char* const text = ::dlerror();
  return text != nullptr ? text : "the system does not say why";
}

}  // namespace

std::string engine_file_name(std::string_view sha256) {
  return std::string(kPrefix).append(sha256).append(kSuffix);
}

std::string engine_in_file_name(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (name.size() != kPrefix.size() + kDigits + kSuffix.size() || !name.starts_with(kPrefix) ||
      !name.ends_with(kSuffix)) {
    return {};
  }
  const std::string digits = name.substr(kPrefix.size(), kDigits);
  return is_digest(digits) ? digits : std::string();
}

EngineFile look_at_engine(const std::filesystem::path& file) {
  const ElfFile elf(file);
  return {about_of(note_of(elf, file), file), elf.bytes()};
}

std::shared_ptr<const EngineProgram> load_engine(const std::filesystem::path& file) {
  const EngineFile looked = look_at_engine(file);
  // An absolute path, so that the loader looks nowhere else.
  std::filesystem::path path = std::filesystem::absolute(file);
  void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) refuse(file, "the system does not load it: " + loader_error());
  std::shared_ptr<const void> library(
      handle, [](const void* loaded) { ::dlclose(const_cast<void*>(loaded)); });
  const auto* const found =
      static_cast<const qw_library*>(::dlsym(handle, "quiesce_engine_library"));
  if (found == nullptr) refuse(file, "it lacks the symbol quiesce_engine_library");
  if (std::memcmp(found->engine, &looked.about, sizeof(looked.about)) != 0) {
    refuse(file, "another file has taken its place while it was loaded; try again");
  }
  return std::make_shared<const EngineProgram>(*found->engine, *found->module, std::move(library),
                                               std::move(path));
}

}  // namespace quiesce::guest
