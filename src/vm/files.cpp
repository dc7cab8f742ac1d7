// The files of a VM as the host asks for them: VM::files.
#include "quiesce/files.hpp"

#include <algorithm>
#include <initializer_list>

#include "vm/machine.hpp"

namespace quiesce {

namespace {

using detail::FileTable;
using detail::Machine;

using Reasons = std::initializer_list<std::uint32_t>;

// What is an answer to whoever looks, and no failure.
constexpr Reasons kNotThere = {Q_FILE_ENOENT, Q_FILE_ENOTDIR, Q_FILE_ELOOP, Q_FILE_ENAMETOOLONG};

bool is_one_of(std::uint32_t error, Reasons reasons) {
  for (const std::uint32_t reason : reasons) {
    if (error == reason) return true;
  }
  return false;
}

std::shared_ptr<Machine> alive(const std::weak_ptr<Machine>& machine) {
  std::shared_ptr<Machine> held = machine.lock();
  if (!held || held->dead()) throw Error(Errc::dead_vm, "the VM of these files is gone");
  return held;
}

// Nothing: it is not there, for one of the usual reasons or of `more`.
std::optional<FileTable::Look> look(const std::weak_ptr<Machine>& weak, q_file_look what,
                                    std::string_view operation, std::string_view path,
                                    Reasons more = {}) {
  const std::shared_ptr<Machine> machine = alive(weak);

  if (path.find('\0') != std::string_view::npos) return std::nullopt;  // no name has one
  FileTable::Look found = machine->files().look(what, path);
  if (found.error == Q_FILE_OK) return found;
  if (is_one_of(found.error, kNotThere) || is_one_of(found.error, more)) return std::nullopt;
  machine->files().throw_error(found.error, operation, path);
}

// Whether it was done; false for the reasons that are an answer.
bool change(const std::weak_ptr<Machine>& weak, q_file_change what, std::string_view operation,
            std::string_view path, std::string_view other = {}, Reasons answers = {},
            std::uint64_t number = 0) {
  const std::shared_ptr<Machine> machine = alive(weak);
  const std::uint32_t error = machine->files().change(what, path, other, number);
  if (error == Q_FILE_OK) return true;
  if (is_one_of(error, answers)) return false;
  machine->files().throw_error(error, operation, path);
}

}  // namespace

Files VM::files() const {
  machine_->check_alive();
  return Files(machine_->weak_from_this());
}

std::optional<FileStatus> Files::status(std::string_view path) {
  const auto found = look(machine_, Q_LOOK_STATUS, "stat", path);
  return found ? std::optional(found->status) : std::nullopt;
}

std::optional<FileStatus> Files::link_status(std::string_view path) {
  const auto found = look(machine_, Q_LOOK_LINK_STATUS, "lstat", path);
  return found ? std::optional(found->status) : std::nullopt;
}

std::optional<std::string> Files::read(std::string_view path) {
  auto found = look(machine_, Q_LOOK_CONTENT, "read", path, {Q_FILE_EISDIR});
  return found ? std::optional(std::move(found->bytes)) : std::nullopt;
}

std::optional<std::string> Files::real_path(std::string_view path) {
  auto found = look(machine_, Q_LOOK_REAL_PATH, "realpath", path);
  return found ? std::optional(std::move(found->bytes)) : std::nullopt;
}

std::optional<std::string> Files::read_link(std::string_view path) {
  auto found = look(machine_, Q_LOOK_TARGET, "readlink", path);
  return found ? std::optional(std::move(found->bytes)) : std::nullopt;
}

std::optional<std::vector<std::string>> Files::list(std::string_view path) {
  const auto found = look(machine_, Q_LOOK_NAMES, "scandir", path);
  if (!found) return std::nullopt;
  // Each costs much more here than it need have cost in the VM.
  constexpr std::size_t kNamesMax = std::size_t{1} << 22;
  if (std::ranges::count(found->bytes, '\0') > std::ptrdiff_t{kNamesMax})
    throw Error(Errc::limit, "more than 4,194,304 names, scandir '" + std::string(path) + "'");
  std::vector<std::string> names;
  for (std::string_view text = found->bytes; !text.empty();) {
    const std::string_view name = text.substr(0, text.find('\0'));
    names.emplace_back(name);
    text.remove_prefix(std::min(text.size(), name.size() + 1));
  }
  return names;
}

void Files::write(std::string_view path, std::string_view content) {
  change(machine_, Q_FILE_WRITE, "write", path, content);
}

void Files::append(std::string_view path, std::string_view content) {
  change(machine_, Q_FILE_APPEND, "append", path, content);
}

void Files::create(std::string_view path, std::string_view content) {
  change(machine_, Q_FILE_CREATE, "open", path, content);
}

void Files::write_at(std::string_view path, std::uint64_t offset, std::string_view content) {
  change(machine_, Q_FILE_WRITE_AT, "write", path, content, {}, offset);
}

void Files::resize(std::string_view path, std::uint64_t bytes) {
  change(machine_, Q_FILE_RESIZE, "truncate", path, {}, {}, bytes);
}

void Files::make_directory(std::string_view path) {
  change(machine_, Q_FILE_MAKE_DIRECTORY, "mkdir", path);
}

void Files::make_directories(std::string_view path) {
  change(machine_, Q_FILE_MAKE_DIRECTORIES, "mkdir", path);
}

void Files::make_link(std::string_view path, std::string_view target) {
  change(machine_, Q_FILE_MAKE_LINK, "symlink", path, target);
}

bool Files::remove(std::string_view path) {
  return change(machine_, Q_FILE_REMOVE, "remove", path, {}, {Q_FILE_ENOENT});
}

bool Files::remove_all(std::string_view path) {
  return change(machine_, Q_FILE_REMOVE_ALL, "remove", path, {}, {Q_FILE_ENOENT});
}

void Files::rename(std::string_view from, std::string_view to) {
  change(machine_, Q_FILE_RENAME, "rename", from, to);
}

void Files::set_modified(std::string_view path,
                         std::chrono::sys_time<std::chrono::nanoseconds> time) {
  change(machine_, Q_FILE_SET_MODIFIED, "utime", path, {}, {},
         static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

}  // namespace quiesce
