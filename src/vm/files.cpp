// The files of a VM as the host asks for them: VM::files.
#include "quiesce/files.hpp"

#include "vm/machine.hpp"

namespace quiesce {

namespace {
[[noreturn]] void not_yet() { throw Error(Errc::file, "the files of a VM cannot be asked yet"); }
}  // namespace

Files VM::files() const { return Files(machine_->weak_from_this()); }

std::optional<FileStatus> Files::status(std::string_view) { not_yet(); }
std::optional<std::string> Files::read(std::string_view) { not_yet(); }
std::optional<std::string> Files::real_path(std::string_view) { not_yet(); }
std::optional<FileStatus> Files::link_status(std::string_view) { not_yet(); }
std::optional<std::string> Files::read_link(std::string_view) { not_yet(); }
std::optional<std::vector<std::string>> Files::list(std::string_view) { not_yet(); }
void Files::write(std::string_view, std::string_view) { not_yet(); }
void Files::append(std::string_view, std::string_view) { not_yet(); }
void Files::make_directory(std::string_view) { not_yet(); }
void Files::make_directories(std::string_view) { not_yet(); }
void Files::make_link(std::string_view, std::string_view) { not_yet(); }
bool Files::remove(std::string_view) { not_yet(); }
bool Files::remove_all(std::string_view) { not_yet(); }
void Files::rename(std::string_view, std::string_view) { not_yet(); }
void Files::set_modified(std::string_view, std::chrono::sys_time<std::chrono::nanoseconds>) {
  not_yet();
}

}  // namespace quiesce
