// ES modules whose names and sources the host gives.
//
//   host.modules(
//       [](quiesce::VM&, const quiesce::ModuleRequest& request) {      // what the specifier means
//         return std::optional("app:" + request.specifier);
//       },
//       [&](quiesce::VM&, const quiesce::ModuleKey& key) {             // its source
//         return std::optional(quiesce::ModuleSource{sources.at(key.name)});
//       });
//   vm.run(vm.eval("export {total} from './cart.js'", {.type = quiesce::SourceType::module}));
//
// A module is its name together with the attributes it was imported with: each is loaded once per
// VM, evaluated once, and sleeps in the VM's snapshots, so that a restored VM asks for nothing that
// it has. What an import loads is dropped again if any of it cannot be loaded, parsed or linked,
// and the next import asks anew; a module that threw while it was evaluated stays, and gives the
// same error to all who import it.
//
// Texts are WTF-8: UTF-8 in which a lone surrogate has its three-byte form, so that every name that
// JavaScript can write arrives as it was written, NUL included. What a callback throws goes the way
// of a host function's exceptions (host.hpp). A callback may use the VM, but not import in it: that
// is a TypeError. Called on the thread that uses the VM.
//
// A source may come later, as a promise of the VM:
//
//   [](quiesce::VM& vm, const quiesce::ModuleKey& key) {
//     return std::optional(quiesce::ModuleSource::later(vm.defer("fetch", key.name).promise()));
//   }
//
// The import then waits, and with it what imports it; everything else goes on, and the VM may sleep
// and be woken elsewhere meanwhile. What two waiting imports have in common is asked for once. When
// the promise is rejected, the imports are, with its reason. `require` cannot wait: it throws an
// error with code ERR_REQUIRE_ASYNC_MODULE.
//
// CommonJS modules (Format::commonjs) are functions of `exports`, `require`, `module`, `__filename`
// and `__dirname`, as in Node.js; require() asks the same loader, with Kind::require. What ES
// modules import of them: `default` and `module.exports` are what they export, and the names that
// can be read off their text. A name "node:..." means a built-in module, which is not loaded from
// the host: whether a program may have it is for `resolve` to say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "quiesce/error.hpp"
#include "quiesce/value.hpp"

namespace quiesce {

class VM;

/// Import attributes, `with {type: "json"}`.
using ModuleAttributes = std::map<std::string, std::string, std::less<>>;

/// Something that a program wants to import.
struct ModuleRequest {
  /// An import declaration (or `export from`), a call of `import()`, of `require` in a CommonJS
  /// module, or of `import.meta.resolve`, which wants the name only.
  enum class Kind { static_import, dynamic_import, require, meta_resolve };

  /// As it is written.
  std::string specifier;
  /// Name of the importing module, or file name of the importing script.
  std::string referrer;
  /// What follows `with`.
  ModuleAttributes attributes;
  /// How it is imported.
  Kind kind = Kind::static_import;
};

/// What tells one module from another.
struct ModuleKey {
  /// As `resolve` gave it: `import.meta.url`.
  std::string name;
  /// What it was imported with.
  ModuleAttributes attributes;
  /// How it is imported by who asks first. Never Kind::meta_resolve.
  ModuleRequest::Kind kind = ModuleRequest::Kind::static_import;
};

/// The text or bytes of a module. `javascript`, `json` and `text` are UTF-8 (else Errc::encoding,
/// an Error in JavaScript). The last three have one export, `default`; `bytes` is a Uint8Array over
/// an immutable ArrayBuffer. A module imported with the attribute `type` "json", "text" or "bytes"
/// must be of that format: otherwise the import is a TypeError, for who asked for data must not be
/// given code.
struct ModuleSource {
  /// What the content is.
  enum class Format { javascript, json, text, bytes, commonjs };

  /// Text, or bytes for `bytes`.
  std::string content;
  /// What the content is.
  Format format = Format::javascript;
  /// Undefined: the content is above. A promise of this VM (else Errc::type_mismatch): it will give
  /// the content, as a string, an ArrayBuffer or a view of one, or an object with `source`, that,
  /// and `format`: "module", "commonjs", "json", "text" or "bytes". Anything else is a TypeError.
  Value promise = {};

  /// What a promise will give.
  static ModuleSource later(Value promise, Format format = Format::javascript) {
    return {{}, format, std::move(promise)};
  }
};

/// Where something is wrong in the text of a module.
struct ModulePlace {
  /// Its URL, or what else it is called.
  std::string name;
  /// From 1.
  std::uint32_t line;
  /// From 1.
  std::uint32_t column;
  /// The line, and a caret in another one, for who cannot see the file; may be empty.
  std::string excerpt = {};
};

/// A module that cannot be had, thrown by a loader: in JavaScript an error with `code`, as Node has
/// them ("ERR_MODULE_NOT_FOUND"). `what()` is the message, after "name:line:column: " and before
/// the excerpt if there is a place.
class ModuleError : public Error {
 public:
  /// The constructors that Node uses for them.
  enum class Class { error, type_error, syntax_error };

  /// `code` as in Node's documentation.
  ModuleError(std::string code, const std::string& message, Class error_class = Class::error);
  /// The same with a place, which stands in the `stack` of the error in JavaScript.
  ModuleError(std::string code, const std::string& message, Class error_class, ModulePlace place);

  /// `error.code` in JavaScript.
  const std::string& node_code() const noexcept { return node_code_; }
  /// `error.message` in JavaScript.
  const std::string& message() const noexcept { return message_; }
  /// The class of the error in JavaScript.
  Class error_class() const noexcept { return class_; }
  /// Where it is; nothing: it is not in the text of a module.
  const std::optional<ModulePlace>& place() const noexcept { return place_; }

 private:
  std::string node_code_, message_;
  Class class_;
  std::optional<ModulePlace> place_;
};

/// Finds modules. One loader may serve many VMs, on as many threads if its members may.
class ModuleLoader {
 public:
  virtual ~ModuleLoader() = default;

  /// The name of the module that is meant, a URL as a rule. Nothing: there is none, which is an
  /// Error in JavaScript with specifier and referrer in its text. Asked for every import, also of
  /// what is loaded.
  virtual std::optional<std::string> resolve(VM& vm, const ModuleRequest& request) = 0;

  /// The source of a module that the VM does not have. Nothing: as above.
  virtual std::optional<ModuleSource> load(VM& vm, const ModuleKey& key) = 0;
};

/// `ModuleLoader::resolve` as a function, for `Host::modules`.
using ResolveModule = std::function<std::optional<std::string>(VM&, const ModuleRequest&)>;
/// `ModuleLoader::load` as a function.
using LoadModule = std::function<std::optional<ModuleSource>(VM&, const ModuleKey&)>;

}  // namespace quiesce
