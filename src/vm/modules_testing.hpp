// What tests of modules share: a tree of texts under file: URLs.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace quiesce {

/// Finds "./x" and "../x" beside who asks, "node:x" as a built-in, anything else in /m. The format
/// is what the ending says. Names that begin with "later" come as promises: a pending call "fetch".
class Tree final : public ModuleLoader {
 public:
  explicit Tree(std::map<std::string, std::string> given) : files(std::move(given)) {}

  std::optional<std::string> resolve(VM&, const ModuleRequest& request) override {
    requests.push_back(request);
    const std::string& name = request.specifier;
    if (name.starts_with("node:") || name.starts_with("file:")) return name;
    if (name == "module" || name == "punycode") return "node:" + name;
    std::string url = "file:///m/" + name;
    if (name.starts_with(".")) {
      const std::size_t slash = request.referrer.rfind('/');
      std::string folder =
          slash == std::string::npos ? "file:///" : request.referrer.substr(0, slash + 1);
      std::string rest = name;
      while (rest.starts_with("./") || rest.starts_with("../")) {
        if (rest.starts_with("../")) folder.erase(folder.rfind('/', folder.size() - 2) + 1);
        rest.erase(0, rest.find('/') + 1);
      }
      url = folder + rest;
    }
    if (!files.contains(path_of(url))) return std::nullopt;
    return url;
  }

  std::optional<ModuleSource> load(VM& vm, const ModuleKey& key) override {
    loads.push_back(key);
    const std::string path = path_of(key.name);
    const std::string file = path.substr(path.rfind('/') + 1);
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    const auto format = format_of(file);
    if (file.starts_with("later")) {
      return ModuleSource::later(vm.defer("fetch", key.name).promise(), format);
    }
    return ModuleSource{found->second, format};
  }

  static std::string path_of(const std::string& url) {
    const std::string path = url.substr(7);
    return path.substr(0, path.find_first_of("?#"));
  }

  static ModuleSource::Format format_of(const std::string& file) {
    using enum ModuleSource::Format;
    if (file.ends_with(".cjs")) return commonjs;
    if (file.ends_with(".json")) return json;
    if (file.ends_with(".txt")) return text;
    if (file.ends_with(".bin")) return bytes;
    return javascript;
  }

  std::map<std::string, std::string> files;
  std::vector<ModuleRequest> requests;
  std::vector<ModuleKey> loads;
};

/// A VM with such a tree.
struct TreeWorld {
  explicit TreeWorld(std::map<std::string, std::string> files, const Limits& limits = {})
      : tree(std::make_shared<Tree>(std::move(files))), host(host_of(tree)), vm(host, limits) {}

  static Host host_of(std::shared_ptr<ModuleLoader> loader) {
    Host host;
    host.modules(std::move(loader));
    return host;
  }
  Value import(const std::string& url) { return vm.run(vm.import_main(url)).value(); }
  /// What a script's promise gives, as text.
  std::string text(const std::string& code) {
    const Value promise = vm.eval(code, {.file_name = "file:///script.js"});
    const auto settled = vm.run(promise);
    return settled ? settled->inspect() : "pending";
  }
  std::string failure(const std::string& url) {
    try {
      import(url);
    } catch (const JSError& error) {
      return error.what();
    }
    return "nothing was thrown";
  }
  /// Settles the pending fetch of that URL with its text.
  void fetch(const std::string& url, VM& in) {
    for (const PendingCall& call : in.pending_calls()) {
      if (call.name == "fetch" && call.arguments_json == "[\"" + url + "\"]") {
        in.deferred(call.id)->resolve(tree->files.at(Tree::path_of(url)));
        return;
      }
    }
    ADD_FAILURE() << url << " is not awaited";
  }
  void fetch(const std::string& url) { fetch(url, vm); }

  std::shared_ptr<Tree> tree;
  Host host;
  VM vm;
};

}  // namespace quiesce
