// What a VM remembers of its modules: a part of Machine.
//
// A module is its name together with its attributes. From the moment it is asked for it has an
// entry in one table; an import is a graph of entries, and when all of a graph is there it is
// linked and committed as a whole. Until then nobody finds it but other graphs that are loading
// too: what two of them have in common is fetched and compiled once. What belongs to no graph any
// more, because all of them failed, is dropped.
#pragma once

#include "chains.hpp"
#include "list.hpp"
#include "quickjs.h"

struct ModuleGraph;

struct ModuleEntry {
  enum class State : uint8_t {
    asked,      // its source has not come yet
    loaded,     // compiled
    expanded,   // what it imports has entries
    committed,  // linked with all that it imports; no graph has it
  };
  struct Membership {
    ModuleGraph* graph;
    uint32_t index;  // in its members
  };

  uint64_t id;  // never used twice
  JSAtom name;
  JSValue text;        // the name, flat
  JSValue attributes;  // an object, or undefined
  ModuleEntry* next;   // in the table
  JSModuleDef* module;
  State state;
  bool is_unlisted;        // the name was taken: imports do not find it
  bool is_native;          // an extension has made it, and keeps it
  uint8_t format;          // q_source_format of what is awaited
  uint8_t kind;            // q_import_kind of who asked first
  ModuleEntry** requests;  // until it is committed: for each request of `module`
  List<Membership> graphs;
};

struct ModuleGraph {
  struct Member {
    ModuleEntry* entry;
    uint32_t importer;  // the member that imports it; the root's is itself
  };

  uint64_t id;
  List<Member> members;  // the root is the first
  uint32_t missing;      // members that are not expanded
  bool is_main;
  bool is_over;             // it failed with `error`
  JSValue resolve, reject;  // undefined: somebody on the stack looks after it
  JSValue error;
};

/// A source that came, or will never come, while nobody could take it.
struct ArrivedSource {
  uint64_t entry;
  bool is_rejected;
  JSValue value;
};

/// A CommonJS module that was loaded by require().
struct CommonjsFile {
  JSAtom file_name;  // what its functions say they are in
  JSAtom url;
  JSValue text;  // the URL, flat
};

struct ModuleState {
  Chains<ModuleEntry, &ModuleEntry::next> names;
  uint64_t last_id;
  bool is_loading;             // the host is being asked: nothing else may be imported
  bool is_lexing;              // and the loader looks for the names that CommonJS modules export
  JSModuleDef* main;           // of the program, if it is CommonJS
  JSContext* lexer_realm;      // that nothing of the program's reaches; null: it was not needed yet
  JSValue lexer;               // a function of it
  List<ModuleEntry*> waiting;  // for their source, by id
  List<ModuleEntry*> ready;    // loaded, to be expanded in this order
  uint32_t ready_next;
  List<ArrivedSource> arrived;
  List<ModuleGraph*> graphs;     // that nobody on the stack looks after, by id
  List<ModuleEntry*> committed;  // in the order in which they came
  List<CommonjsFile> commonjs;
};
