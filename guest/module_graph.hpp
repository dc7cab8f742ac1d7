// Loading graphs of modules: see module_state.hpp.
#pragma once

#include "machine.hpp"

/// One graph, loaded as far as it can be now. Somebody on the stack looks after it.
class GraphLoad {
 public:
  /// Of what a specifier means. A module that is there already needs no graph.
  GraphLoad(JSAtom referrer, JSAtom specifier, JSValueConst attributes, u32 kind);
  /// Of a module that has been compiled. It is owned.
  explicit GraphLoad(JSModuleDef* compiled);
  /// Of an entry that may be waited for.
  explicit GraphLoad(ModuleEntry* entry);
  GraphLoad(const GraphLoad&) = delete;
  GraphLoad& operator=(const GraphLoad&) = delete;
  ~GraphLoad();  // what was not finished is dropped

  bool failed() const { return failed_; }  // the error is pending
  bool waits() const { return graph_ != nullptr && !failed_; }
  /// Linked, and ready to be evaluated.
  JSModuleDef* module() const { return module_; }
  /// The source of something has yet to come: when it has, `resolve` is called with the namespace,
  /// or `reject`. False: the error is pending.
  bool leave(JSValueConst resolve, JSValueConst reject, bool is_main);
  /// The name of something that has yet to come.
  JSAtom awaited() const;

 private:
  void open(ModuleEntry* entry);
  void finish();
  void fail();
  ModuleGraph* graph_ = nullptr;
  JSModuleDef* module_ = nullptr;
  bool failed_ = false;
};

/// The entry of what is meant by a name, which is asked for if there is none. Null: the error is
/// pending.
ModuleEntry* request_module(JSAtom name, JSValueConst attributes, u32 kind);

/// An entry for a module that has been compiled and that is owned. Null: the error is pending.
ModuleEntry* enter_module(JSAtom name, JSModuleDef* compiled);

/// Evaluates a linked module; the promise of the two functions is then settled with its namespace
/// or its error. `is_main`: it is the program's entry. False: the error is pending.
bool evaluate_module(JSModuleDef* module, JSValueConst resolve, JSValueConst reject, bool is_main);

/// While the host is asked about modules: nothing may be imported then. False: it is the case, and
/// the error is pending.
bool may_import();

/// Marks that time.
class Asking {
 public:
  Asking() { machine.modules.is_loading = true; }
  ~Asking() { machine.modules.is_loading = outer_; }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  const bool outer_ = machine.modules.is_loading;
};
