// Engines that are libraries of their own: quiesce-engine-<SHA-256>.so.
//
//   const qw_engine about = look_at_engine("/usr/lib/.../quiesce-engine-12ab....so").about;
//   std::shared_ptr<const EngineProgram> engine = load_engine(...);
//
// Looking reads the file's ELF headers and its note, and runs nothing. Loading runs native code in
// this process, so everything that can be refused without it is refused before: what is no library,
// cut off, for another processor, of another interface or wall, or not what its name says. Thread
// safe.
//
// Throws Errc::engine with one sentence that says what to do, and Errc::io if the file cannot be
// read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "guest/engine_program.hpp"
#include "guest/wasm2c_abi.h"

namespace quiesce::guest {

std::string engine_file_name(std::string_view sha256);
/// The SHA-256 in a file name of that form; empty: it has another.
std::string engine_in_file_name(const std::filesystem::path& file);

struct EngineFile {
  qw_engine about;
  std::uint64_t bytes;
};
EngineFile look_at_engine(const std::filesystem::path& file);

std::shared_ptr<const EngineProgram> load_engine(const std::filesystem::path& file);

}  // namespace quiesce::guest
