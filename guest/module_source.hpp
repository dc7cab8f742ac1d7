// What the host says of modules: what a specifier means, and sources.
#pragma once

#include "held.hpp"

/// The name that a specifier has; undefined is never answered. May enter the host.
JSValue resolve_module(JSAtom referrer, JSAtom specifier, JSValueConst attributes, u32 kind);

/// A source that the host has given at once, a promise of one, or why there is none.
class ModuleSource {
 public:
  /// Asks the host.
  ModuleSource(JSAtom name, JSValueConst attributes, u32 kind);
  /// What a promise was fulfilled with: a string, bytes, or {source, format}.
  ModuleSource(JSValueConst value, u32 promised_format);
  ModuleSource(const ModuleSource&) = delete;
  ModuleSource& operator=(const ModuleSource&) = delete;
  ~ModuleSource();

  bool failed() const { return failed_; }  // the error is pending
  bool is_promise() const { return JS_IsPromise(promise_.get()); }
  JSValueConst promise() const { return promise_.get(); }
  u32 format() const { return format_; }
  const char* bytes() const { return bytes_; }  // with a NUL behind them
  u32 count() const { return count_; }

 private:
  void take_value(JSValueConst value);
  void take_text(JSValueConst text);
  void take_bytes(JSValueConst source);
  Held promise_;
  u32 format_ = Q_SOURCE_JAVASCRIPT;
  char* bytes_ = nullptr;
  u32 count_ = 0;
  bool failed_ = false;
};

/// Whether it may be imported with these attributes. False: the error is pending.
bool is_as_promised(JSAtom name, u32 format, JSValueConst attributes);

/// The module of a source; JavaScript is compiled and no more. Null: the error is pending.
JSModuleDef* make_module(JSAtom name, const ModuleSource& source);

/// The value of JSON, text or bytes. Owned.
JSValue value_of_source(JSAtom name, const ModuleSource& source);

/// An error with `code`, as Node has them. `format` as for printf; always false.
bool throw_coded(u32 error_class, const char* code, const char* format, ...)
    __attribute__((format(printf, 3, 4)));
