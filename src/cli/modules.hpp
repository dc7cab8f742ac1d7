// What a program on the command line can import: the folders that are mounted for it, and how names
// are resolved there.
//
//   const Modules modules(options.modules, options.input);
//   modules.give_to(host);
//   const std::string path = modules.path_of("app.mjs");     // where the program sees that file
//
// Without --mount, the current folder is mounted where it is, or, for a file elsewhere, the folder
// of the package that it belongs to. Throws UsageError. Use from one thread.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "quiesce/files.hpp"
#include "quiesce/host.hpp"
#include "quiesce/node_modules.hpp"

namespace quiesce::cli {

class Modules {
 public:
  /// For a program that begins at `file` on this machine; empty: at no file.
  Modules(const ModuleOptions& options, const std::filesystem::path& file);

  /// Files, loader, and what node:process says. `main` is the path of the program, if it has one.
  void give_to(Host& host, const std::string& main = {},
               const std::vector<std::string>& arguments = {}) const;
  /// Where a program sees a file or folder of this machine.
  std::string path_of(const std::filesystem::path& file) const;
  const NodeModules& loader() const { return *loader_; }
  /// The current folder, as the program sees it: process.cwd(), and where imports of code without a
  /// file begin. "/" where it is not mounted.
  const std::string& folder() const { return folder_; }

 private:
  std::optional<std::string> find(const std::filesystem::path& file) const;

  std::vector<MountOption> places_;  // folders are absolute and without links
  bool keeps_writes_;                // there is node:fs to write with
  std::string folder_;
  std::map<std::string, std::string> environment_;
  std::shared_ptr<NodeModules> loader_;
};

}  // namespace quiesce::cli
