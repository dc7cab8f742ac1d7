// What a specifier means: from the text of an import to the URL of a module.
//
//   quiesce::NodeResolver resolver({.conditions = {"development"}});
//   resolver.resolve(vm.files(), {.specifier = "lodash/fp", .referrer = "file:///app/main.mjs"});
//       // "file:///app/node_modules/lodash/fp.js"
//
// A resolver reads files (file_system.hpp) and keeps nothing of them, so that one resolver may
// serve many VMs on many threads and never gives an answer that a file does not give any more. It
// is asked by a loader of modules (node_modules.hpp); a program may write its own, or wrap one:
//
//   struct Aliases final : quiesce::Resolver {
//     quiesce::NodeResolver node;
//     std::string resolve(quiesce::FileReader& files, const quiesce::ModuleRequest& request)
//     override {
//       quiesce::ModuleRequest wanted = request;
//       if (wanted.specifier == "react") wanted.specifier = "preact/compat";
//       return node.resolve(files, wanted);
//     }
//   };
//
// Texts are WTF-8 (module.hpp). The rules in full, and what to do about each error, stand in
// docs/resolution.md.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "quiesce/file_system.hpp"
#include "quiesce/module.hpp"

namespace quiesce {

/// Says which module is meant.
class Resolver {
 public:
  virtual ~Resolver() = default;

  /// The URL of the module: "file:///...", "node:name", "data:...". The referrer is the URL of
  /// whoever imports; an absolute path is taken as that of a file. Throws ModuleError. For
  /// ModuleRequest::Kind::require the rules of `require` apply, for the others those of `import`;
  /// Kind::meta_resolve also names what is not there.
  virtual std::string resolve(FileReader& files, const ModuleRequest& request) = 0;
};

/// Names of built-in modules, without "node:".
using BuiltinNames = std::set<std::string, std::less<>>;

/// Those of Quiesce that reach nothing outside of the VM's heap: all but `fs` and `fs/promises`.
BuiltinNames default_builtins();
/// All of Quiesce.
BuiltinNames all_builtins();
/// Those of Node 22, for answers that are to be compared with Node's. A loader that uses them names
/// modules which Quiesce does not have.
BuiltinNames node_builtins();

/// How a NodeResolver differs from the next.
struct NodeResolverOptions {
  /// In addition to `import` or `require`, `module-sync`, `quiesce` and `default`. Node itself has
  /// "node" and "node-addons" here.
  std::vector<std::string> conditions = {};
  /// What there is under `node:`. What Node has and is not here is an error, never a package of
  /// that name.
  BuiltinNames builtins = default_builtins();
};

/// As Node 22 resolves: its ESM algorithm for imports, its CommonJS algorithm for `require`, with
/// its error codes. Immutable, so any number of threads may use it.
class NodeResolver final : public Resolver {
 public:
  /// Throws Errc::invalid_argument for a condition that no package could name: an empty one, or one
  /// that is an array index or begins with a dot.
  explicit NodeResolver(NodeResolverOptions options = {});
  ~NodeResolver() override;
  /// What was moved from can only be assigned to or destroyed.
  NodeResolver(NodeResolver&&) noexcept;
  /// As above.
  NodeResolver& operator=(NodeResolver&&) noexcept;

  std::string resolve(FileReader& files, const ModuleRequest& request) override;

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

/// How a LenientResolver differs from the next.
struct LenientResolverOptions {
  /// What there is under `node:`.
  BuiltinNames builtins = default_builtins();
};

/// The convention of small sandboxes: the exact name, then with ".js", then as a folder with
/// `index.js`. A bare name is looked for in the folders `node_modules` above the referrer, and
/// never leaves them; `package.json` is not needed, but its `main` counts. A file is one module,
/// however it was named. `import` and `require` mean the same. Immutable.
class LenientResolver final : public Resolver {
 public:
  /// With these built-ins.
  explicit LenientResolver(LenientResolverOptions options = {});

  std::string resolve(FileReader& files, const ModuleRequest& request) override;

 private:
  BuiltinNames builtins_;
};

/// The URL of a file, as Node's url.pathToFileURL writes it. The path is absolute.
std::string path_to_file_url(std::string_view path);
/// The path of a file, as Node's url.fileURLToPath reads it. Throws ModuleError for what is no URL
/// of a file.
std::string file_url_to_path(std::string_view url);

}  // namespace quiesce
