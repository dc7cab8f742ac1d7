// One name for all that is in a tree of files.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "quiesce/file_system.hpp"

namespace quiesce {

namespace {

[[noreturn]] void throw_gone(const std::string& path) {
  throw Error(Errc::io, "'" + path + "' changed while the digest of its tree was computed");
}

// What is hashed cannot be confused: each part has its length before it.
void add(base::Sha256& hash, std::string_view bytes) {
  std::array<std::byte, 8> size{};
  for (std::size_t i = 0; i < size.size(); ++i)
    size[i] = static_cast<std::byte>(static_cast<std::uint64_t>(bytes.size()) >> 8 * i);
  hash.update(size);
  hash.update(std::as_bytes(std::span(bytes)));
}

}  // namespace

// Depth first, names in the order of their bytes. What is still to do is a list and not the stack,
// for trees may be deep.
std::string tree_digest(FileSystem& files) {
  base::Sha256 hash;
  add(hash, "quiesce tree 1");
  std::vector<std::string> todo{"/"};
  while (!todo.empty()) {
    const std::string path = std::move(todo.back());
    todo.pop_back();
    const auto status = files.status(path);
    if (!status) throw_gone(path);
    add(hash, path);
    const auto add_bytes = [&](std::string_view kind, const std::optional<std::string>& bytes) {
      if (!bytes) throw_gone(path);
      add(hash, kind);
      add(hash, *bytes);
    };
    switch (status->kind) {
      case FileStatus::Kind::file: add_bytes("file", files.read(path)); break;
      case FileStatus::Kind::symbolic_link: add_bytes("link", files.read_link(path)); break;
      case FileStatus::Kind::directory: {
        auto names = files.list(path);
        if (!names) throw_gone(path);
        add(hash, "directory");
        std::ranges::sort(*names, std::ranges::greater());
        for (const std::string& name : *names)
          todo.push_back(path == "/" ? "/" + name : path + "/" + name);
        break;
      }
    }
  }
  return base::to_hex(hash.finish());
}

}  // namespace quiesce
