// All that a VM remembers outside the QuickJS heap, in one static object: a snapshot of the linear
// memory contains it, and everything else the guest layer keeps is reachable from here.
#pragma once

#include "abi.h"
#include "exports.hpp"
#include "file_tree.hpp"
#include "list.hpp"
#include "module_state.hpp"
#include "quickjs.h"
#include "quickjs_internals.h"

/// A call to the outside that nobody has settled. `name` and `arguments` are flat strings.
struct PendingCall {
  u64 id;
  f64 since;  // ms since the epoch
  JSValue name, arguments;
  JSValue promise, resolve, reject;
};

struct Timer {
  u32 id;
  bool is_immediate;
  bool is_running;    // its callback is on the stack
  bool is_cancelled;  // while it was running
  f64 deadline;       // ms since the epoch
  f64 interval;       // ms; 0: fires once
  u64 order;          // of two timers with one deadline the older fires first
  JSValue callback;
  JSValue context;  // asynchronous
  u32 argument_count;

  JSValue* arguments() { return reinterpret_cast<JSValue*>(this + 1); }  // allocated with the timer
};

struct Rejection {
  JSValue promise, reason;
};

struct KeptValue {
  JSAtom key;
  JSValue name;  // flat
  JSValue value;
};

struct HostFunction {
  JSAtom key;
  JSValue name;  // flat
};

/// An instance of a host class; the object it belongs to has it as its opaque pointer.
struct Resource {
  u64 number;  // 0: closed
  u32 class_index;
  void* object;  // null: collected
  JSValue key;   // flat, or undefined
  Resource *previous, *next;
};

struct HostClass {
  JSAtom key;
  JSValue name;  // flat
  JSValue constructor, prototype;
  u32 function;  // index in the table of host functions; UINT32_MAX: JavaScript may not make any
};

/// What a program drew from one q_draw, and where it first did.
struct Draw {
  u64 count;
  JSValue file;  // flat, or undefined
  u32 line, column;
};

struct Machine {
  JSRuntime* rt;
  JSContext* ctx;

  struct {
    List<JSValue>
        slots;  // [0] is never used; a free slot is an uninitialized value that names the next
    u32 first_free;
    u32 live;
  } handles;

  struct {
    u64 used, limit;  // bytes taken from the C library; limit 0: none
    void* reserve;    // given back when even an error finds no room
    bool is_short;    // a request was refused: what is garbage now is worth collecting
  } memory;

  struct {
    u64 left;     // including the steps that the counter of QuickJS was given and has not yet used
    i32 granted;  // what that counter was set to
    u64 used;     // since the VM began, without those of the present grant
  } fuel;

  JSAtom origin_key;  // private symbol under which an error remembers the host's number
  u64 last_origin;

  JSAtom
      reported_key;  // private symbol: the host was told that this promise is rejected, unhandled
  JSAtom told_key;   // private symbol: the program was told so
  u64 last_watch;

  JSAtom node_error_key;  // private symbol: this error is printed with its code
  JSAtom code_key;        // "code"

  List<PendingCall*> pending;  // by id
  u64 last_pending;

  List<Timer*> timers;        // those that wait, soonest first
  List<Timer*> timers_by_id;  // those and the one that runs
  u32 last_timer;
  u64 last_timer_order;

  List<Rejection> rejections;  // that nobody handles and nobody was told of, oldest first
  List<Rejection> handled;     // that somebody was told of and that were handled then
  ModuleState modules;
  List<KeptValue> kept;
  u64 last_token;
  List<HostFunction> functions;
  u64 last_callback;

  struct {
    JSClassID id;
    List<HostClass> classes;
    Resource *first, *last;  // those that live, by number
    Resource* dead;          // those whose numbers the host has yet to be told
    u64 last_number;
  } resources;

  struct {
    struct Tick *first, *last;  // of process.nextTick
    bool jobs_first;            // jobs were begun, and all of them come before the next tick
  } ticks;

  struct {
    JSValue modules;      // name -> {exports}, of those that were run
    JSValue natives;      // name -> what internal(name) answers
    JSValue primordials;  // globals as they were in the base image
    JSValue require, internal;
    JSValue format;  // what the console prints by, once a program uses built-ins
    bool are_used;   // by this program
  } builtins;

  FileTree files;

  struct {
    List<JSValue> configurations;  // JSON of the host, the latest last; none: it said nothing
    JSValue ends[3];               // for each q_end: a function of the built-in, or undefined
    JSValue uncaught, rejected;    // functions while the program listens, else undefined
    List<Rejection> handled;       // that the program was told of and that were handled then
    u32 telling;                   // so many of `rejections` come before all jobs
    bool has_failed;               // its main module threw: it is told no more of rejections
    bool is_idle;                  // it was told so, and nothing but jobs ran since
    JSValue begins_again;  // a function of the built-in, for a new configuration; or undefined
  } process;

  bool has_node_globals;
  bool is_image;  // q_make_image was the last that happened to it
  Draw draws[Q_DRAWS];

  struct q_shared shared;
};

extern Machine machine;

/// Frees the handles on the host's release list.
void drain_releases();

/// At the start of every export that may create values.
void enter();

f64 now_ms();  // what Date.now() says

/// Puts all timers off by so many milliseconds.
void shift_timers(f64 ms);

/// Gives QuickJS's step counter its next portion of fuel.
void grant_steps();

// Parts of q_initialize; false: out of memory.
bool install_timers(JSContext* ctx);
void prepare_draws();
bool install_pending_calls(JSContext* ctx);
bool install_resources(JSContext* ctx);
bool install_files();
void watch_rejections();
