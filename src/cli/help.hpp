// What `quiesce --help` and `quiesce COMMAND --help` print.
#pragma once

#include <string>
#include <string_view>

namespace quiesce::cli {

std::string_view overview_help() noexcept;
/// `command` is eval, run, resume or inspect; empty for any other.
std::string command_help(std::string_view command);

}  // namespace quiesce::cli
