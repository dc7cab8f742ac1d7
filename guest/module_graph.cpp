// Loading graphs of modules, of which each may have to wait for sources.
//
// ECMA-262 16.2.1.5: a graph is loaded as a whole, in a loop and not by recursion, then linked,
// then evaluated. What cannot be loaded fails every graph that it belongs to; what those have
// brought is dropped, so that the next import asks the host anew.
#include "module_graph.hpp"

#include "builtins.hpp"
#include "inspect_internals.h"
#include "module_chain.hpp"
#include "module_source.hpp"
#include "module_table.hpp"
#include "process.hpp"

namespace {

using State = ModuleEntry::State;

bool is_stopped() { return machine.shared.stop != Q_STOP_NONE; }

// ---- graphs and their members -------------------------------------------------------------------

const ModuleEntry::Membership* membership(const ModuleEntry* entry, const ModuleGraph* graph) {
  for (u32 i = 0; i < entry->graphs.count; ++i) {
    if (entry->graphs.items[i].graph == graph) return &entry->graphs.items[i];
  }
  return nullptr;
}

// False: the error is pending.
bool add_member(ModuleGraph* graph, ModuleEntry* entry, u32 importer) {
  JSContext* ctx = machine.ctx;
  if (entry->state == State::committed || membership(entry, graph)) return true;
  if (!graph->members.reserve(ctx, graph->members.count + 1) ||
      !entry->graphs.push(ctx, {graph, graph->members.count})) {
    return false;
  }
  graph->members.push(ctx, {entry, importer});
  if (entry->state != State::expanded) ++graph->missing;
  return true;
}

// With all that it is known to import.
bool join(ModuleGraph* graph, ModuleEntry* entry, u32 importer) {
  const u32 first = graph->members.count;
  if (!add_member(graph, entry, importer)) return false;
  for (u32 i = first; i < graph->members.count; ++i) {
    const ModuleEntry* member = graph->members[i].entry;
    if (member->state != State::expanded) continue;
    const u32 requests = qi_request_count(member->module);
    for (u32 n = 0; n < requests; ++n) {
      if (member->requests[n] && !add_member(graph, member->requests[n], i)) return false;
    }
  }
  return true;
}

ModuleGraph* new_graph() {
  auto* graph = static_cast<ModuleGraph*>(js_mallocz(machine.ctx, sizeof(ModuleGraph)));
  if (!graph) return nullptr;
  graph->id = ++machine.modules.last_id;
  graph->resolve = graph->reject = graph->error = JS_UNDEFINED;
  return graph;
}

void free_graph(ModuleGraph* graph) {
  JSContext* ctx = machine.ctx;
  auto& graphs = machine.modules.graphs;
  for (u32 i = 0; i < graphs.count; ++i) {
    if (graphs[i] != graph) continue;
    graphs.remove(i);
    break;
  }
  JS_FreeValue(ctx, graph->resolve);
  JS_FreeValue(ctx, graph->reject);
  JS_FreeValue(ctx, graph->error);
  js_free(ctx, graph->members.items);
  js_free(ctx, graph);
}

// Lets go of the members; what nobody else has is dropped.
void drop_members(ModuleGraph* graph) {
  // Modules refer to each other without owning: nothing is freed before all are out.
  for (u32 i = 0; i < graph->members.count; ++i) {
    ModuleEntry* entry = graph->members[i].entry;
    if (entry->state == State::committed) continue;
    const auto* known = membership(entry, graph);
    entry->graphs.remove((u32)(known - entry->graphs.items));
  }
  for (u32 i = 0; i < graph->members.count; ++i) {
    ModuleEntry* entry = graph->members[i].entry;
    if (entry->state != State::committed && entry->graphs.count == 0) drop_module_entry(entry);
  }
  graph->members.count = 0;
}

void fail_graph(ModuleGraph* graph, JSValueConst error) {
  JSContext* ctx = machine.ctx;
  if (graph->is_over) return;
  graph->is_over = true;
  graph->error = JS_DupValue(ctx, error);
  drop_members(graph);
  if (JS_IsUndefined(graph->reject)) return;
  if (graph->is_main) machine.process.has_failed = true;
  Held told(JS_Call(ctx, graph->reject, JS_UNDEFINED, 1, &error));
  if (told.failed()) JS_FreeValue(ctx, JS_GetException(ctx));
  free_graph(graph);
}

constexpr u32 kNobody = UINT32_MAX;  // is to be told who imports it

// The pending error is why `entry` cannot be had: all its graphs fail. It is gone afterwards,
// unless something keeps it.
void fail_entry(ModuleEntry* entry, u32 steps) {
  Held error(qi_take_exception(machine.ctx));
  tell_importers(entry, steps, error.get());
  while (entry->graphs.count > 1)
    fail_graph(entry->graphs[entry->graphs.count - 1].graph, error.get());
  if (entry->graphs.count == 1) {
    fail_graph(entry->graphs[0].graph, error.get());
  } else {
    drop_module_entry(entry);
  }
}

// ---- sources ------------------------------------------------------------------------------------

bool has_module(ModuleEntry* entry, JSModuleDef* module) {
  if (!module) return false;
  entry->module = module;
  qi_set_module_attributes(machine.ctx, module, entry->attributes);
  entry->state = State::loaded;
  return machine.modules.ready.push(machine.ctx, entry);
}

bool has_native(ModuleEntry* entry, JSModuleDef* module) {
  entry->is_native = true;
  return has_module(entry, module);
}

bool take_source(ModuleEntry* entry, const ModuleSource& source) {
  if (source.failed() || !is_as_promised(entry->name, source.format(), entry->attributes))
    return false;
  JSModuleDef* module = make_module(entry->name, source);
  if (module && source.format() == Q_SOURCE_COMMONJS) entry->format = Q_SOURCE_COMMONJS;
  return has_module(entry, module);
}

// Where the entry with this id waits, or would.
u32 waiting_place(u64 id) {
  auto& waiting = machine.modules.waiting;
  u32 low = 0, high = waiting.count;
  while (low < high) {
    const u32 middle = low + (high - low) / 2;
    if (waiting[middle]->id < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void drive();

// A source has come, or the reason why it does not.
void accept(u64 id, bool is_rejected, JSValueConst value) {
  JSContext* ctx = machine.ctx;
  auto& waiting = machine.modules.waiting;
  const u32 place = waiting_place(id);
  if (place == waiting.count || waiting[place]->id != id) return;  // nobody wants it any more
  ModuleEntry* entry = waiting[place];
  waiting.remove(place);
  if (is_rejected) {
    JS_Throw(ctx, JS_DupValue(ctx, value));
    return fail_entry(entry, kNobody);
  }
  const Asking asking;
  const ModuleSource source(value, entry->format);
  if (!take_source(entry, source)) fail_entry(entry, 1);
}

// Reaction of the promise of a source.
JSValue on_source(JSContext* ctx, JSValueConst, int, JSValueConst* arguments, int is_rejected,
                  JSValueConst* data) {
  f64 id = 0;
  JS_ToFloat64(ctx, &id, data[0]);
  auto& modules = machine.modules;
  if (modules.is_loading) {
    if (!modules.arrived.push(ctx, {(u64)id, is_rejected != 0, JS_DupValue(ctx, arguments[0])})) {
      JS_FreeValue(ctx, arguments[0]);
      return JS_EXCEPTION;
    }
    return JS_UNDEFINED;
  }
  accept((u64)id, is_rejected != 0, arguments[0]);
  drive();
  return is_stopped() ? qi_throw_interrupted(ctx) : JS_UNDEFINED;
}

bool await_source(ModuleEntry* entry, const ModuleSource& source) {
  JSContext* ctx = machine.ctx;
  auto& waiting = machine.modules.waiting;
  JSValueConst id = JS_NewNumber(ctx, (f64)entry->id);
  Held fulfilled(JS_NewCFunctionData(ctx, on_source, 1, 0, 1, &id));
  Held rejected(JS_NewCFunctionData(ctx, on_source, 1, 1, 1, &id));
  if (fulfilled.failed() || rejected.failed() || !waiting.reserve(ctx, waiting.count + 1) ||
      !qi_promise_react(ctx, source.promise(), fulfilled.get(), rejected.get())) {
    return false;
  }
  entry->format = (uint8_t)source.format();
  return waiting.insert(ctx, waiting_place(entry->id), entry);
}

// False: the error is pending, which names `importers` of those that lead here.
bool ask_for(ModuleEntry* entry, u32& importers) {
  JSContext* ctx = machine.ctx;
  const Asking asking;
  importers = 1;
  if (is_builtin_url(entry->name)) {
    return is_as_promised(entry->name, Q_SOURCE_JAVASCRIPT, entry->attributes) &&
           has_module(entry, builtin_es_module(ctx, entry->name));
  }
  const ModuleSource source(entry->name, entry->attributes, entry->kind);
  if (source.failed()) {
    importers = 2;
    return false;
  }
  return source.is_promise() ? await_source(entry, source) : take_source(entry, source);
}

// ---- the loop -----------------------------------------------------------------------------------

// What `entry` imports as its n-th request: in all graphs that it is in. Null: the error is
// pending, or `is_lost`: it was the imported module's, and has failed the graphs.
ModuleEntry* expand_request(ModuleEntry* entry, u32 n, bool& is_lost) {
  JSContext* ctx = machine.ctx;
  const qi_request wanted = qi_request_at(entry->module, n);
  Held url(JS_UNDEFINED);
  {
    const Asking asking;
    url.reset(resolve_module(entry->name, wanted.specifier, wanted.attributes, Q_IMPORT_STATIC));
  }
  HeldAtom name(url.failed() ? JS_ATOM_NULL : JS_ValueToAtom(ctx, url.get()));
  if (name.failed()) return nullptr;
  bool failed;
  ModuleEntry* found = find_module(name.get(), wanted.attributes, failed);
  if (failed) return nullptr;
  JSModuleDef* native = found ? nullptr : qi_find_native_module(ctx, name.get());
  const bool is_new = !found;
  if (!found) found = new_module_entry(name.get(), wanted.attributes);
  if (!found) return nullptr;
  entry->requests[n] = found;
  for (u32 i = 0; i < entry->graphs.count; ++i) {
    const ModuleEntry::Membership of = entry->graphs[i];
    if (join(of.graph, found, of.index)) continue;
    if (is_new && found->graphs.count == 0) {
      entry->requests[n] = nullptr;
      drop_module_entry(found);
    }
    return nullptr;
  }
  u32 importers = 1;
  if (is_new && !(native ? has_native(found, native) : ask_for(found, importers))) {
    fail_entry(found, importers);
    is_lost = true;
    return nullptr;
  }
  return found;
}

// A job: all of the graph has come.
JSValue finish_graph(JSContext* ctx, int argc, JSValueConst* argv);

bool is_expanded(ModuleEntry* entry) {
  JSContext* ctx = machine.ctx;
  entry->state = State::expanded;
  for (u32 i = 0; i < entry->graphs.count; ++i) {
    ModuleGraph* graph = entry->graphs[i].graph;
    if (--graph->missing > 0 || JS_IsUndefined(graph->reject)) continue;  // see GraphLoad::open
    JSValueConst id = JS_NewNumber(ctx, (f64)graph->id);
    if (JS_EnqueueJob(ctx, finish_graph, 1, &id) < 0) return false;
  }
  return true;
}

void expand(ModuleEntry* entry) {
  JSContext* ctx = machine.ctx;
  const u32 count = qi_request_count(entry->module);
  bool ok = true;
  if (count > 0) {
    entry->requests = static_cast<ModuleEntry**>(js_mallocz(ctx, count * sizeof(ModuleEntry*)));
    ok = entry->requests != nullptr;
  }
  for (u32 n = 0; ok && n < count; ++n) {
    bool is_lost = false;
    ok = expand_request(entry, n, is_lost) != nullptr;
    if (is_lost) return;
  }
  if (ok && is_expanded(entry)) return;
  fail_entry(entry, 1);
}

JSValue drive_job(JSContext* ctx, int, JSValueConst*) {
  drive();
  return is_stopped() ? qi_throw_interrupted(ctx) : JS_UNDEFINED;
}

// Expands what was loaded, until all that is left waits.
void drive() {
  auto& modules = machine.modules;
  for (;;) {
    while (modules.arrived.count > 0 && !is_stopped()) {
      const ArrivedSource arrived = modules.arrived[0];
      modules.arrived.remove(0);
      Held value(arrived.value);
      accept(arrived.entry, arrived.is_rejected, value.get());
    }
    if (modules.ready_next == modules.ready.count) break;
    ModuleEntry* entry = modules.ready[modules.ready_next++];
    expand(entry);
    if (is_stopped()) break;
  }
  if (modules.ready_next == modules.ready.count) {
    modules.ready.count = modules.ready_next = 0;
  } else if (JS_EnqueueJob(machine.ctx, drive_job, 0, nullptr) < 0) {
    JS_FreeValue(machine.ctx, JS_GetException(machine.ctx));
  }
}

// ---- a complete graph ---------------------------------------------------------------------------

void commit(ModuleGraph* graph) {
  JSContext* ctx = machine.ctx;
  for (u32 i = 0; i < graph->members.count; ++i) {
    ModuleEntry* entry = graph->members[i].entry;
    if (entry->state == State::committed) continue;
    entry->state = State::committed;
    machine.modules.committed.push(ctx, entry);  // for which there is room
    js_free(ctx, entry->requests);
    js_free(ctx, entry->graphs.items);
    entry->requests = nullptr;
    entry->graphs = {};
  }
}

// Links all of it, and from then on it is there. False: the error is pending, and it is dropped.
bool link(ModuleGraph* graph) {
  JSContext* ctx = machine.ctx;
  for (u32 i = 0; i < graph->members.count; ++i) {
    const ModuleEntry* entry = graph->members[i].entry;
    if (entry->state == State::committed) continue;
    const u32 requests = qi_request_count(entry->module);
    for (u32 n = 0; n < requests; ++n)
      qi_answer_request(entry->module, n, entry->requests[n]->module);
    qi_set_resolved(entry->module);
  }
  auto& committed = machine.modules.committed;
  if (committed.reserve(ctx, committed.count + graph->members.count) &&
      qi_link_module(ctx, graph->members[0].entry->module)) {
    commit(graph);
    return true;
  }
  Held error(qi_take_exception(ctx));
  tell_importers_of(graph, qi_take_failed_module(), error.get());
  fail_graph(graph, error.get());
  return false;
}

ModuleGraph* waiting_graph(u64 id) {
  for (ModuleGraph* graph : machine.modules.graphs) {
    if (graph->id == id) return graph;
  }
  return nullptr;
}

JSValue finish_graph(JSContext* ctx, int, JSValueConst* argv) {
  f64 id = 0;
  JS_ToFloat64(ctx, &id, argv[0]);
  ModuleGraph* graph = waiting_graph((u64)id);
  if (!graph || graph->missing > 0 || !link(graph)) return JS_UNDEFINED;
  JSModuleDef* module = graph->members[0].entry->module;
  Held resolve(JS_DupValue(ctx, graph->resolve));
  Held reject(JS_DupValue(ctx, graph->reject));
  const bool is_main = graph->is_main;
  free_graph(graph);
  if (evaluate_module(module, resolve.get(), reject.get(), is_main)) return JS_UNDEFINED;
  Held error(qi_take_exception(ctx));
  JSValueConst reason = error.get();
  return JS_Call(ctx, reject.get(), JS_UNDEFINED, 1, &reason);
}

// In the place of `reject` for a main module: its error is one that nobody has caught, which the
// program may listen for. What a CommonJS main module throws it was told of at once.
JSValue main_failed(JSContext* ctx, JSValueConst, int, JSValueConst* arguments, int,
                    JSValueConst* settle) {
  JSValueConst error = arguments[0];
  JS_Throw(ctx, JS_DupValue(ctx, error));
  if (!machine.modules.main && handle_uncaught(ctx, Uncaught::rejection))
    return JS_Call(ctx, settle[0], JS_UNDEFINED, 0, nullptr);
  machine.process.has_failed = true;
  Held left(qi_take_exception(ctx));
  JSValueConst reason = left.get();
  return JS_Call(ctx, settle[1], JS_UNDEFINED, 1, &reason);
}

}  // namespace

bool may_import() {
  if (!machine.modules.is_loading) return true;
  JS_ThrowTypeError(machine.ctx, "a module loader cannot import into the VM that is asking it");
  return false;
}

ModuleEntry* request_module(JSAtom name, JSValueConst attributes, u32 kind) {
  bool failed;
  ModuleEntry* entry = find_module(name, attributes, failed);
  if (entry || failed) return entry;
  JSModuleDef* native = qi_find_native_module(machine.ctx, name);
  entry = new_module_entry(name, attributes);
  if (!entry) return nullptr;
  entry->kind = (uint8_t)kind;
  u32 importers;
  if (native ? has_native(entry, native) : ask_for(entry, importers)) return entry;
  drop_module_entry(entry);
  return nullptr;
}

ModuleEntry* enter_module(JSAtom name, JSModuleDef* compiled) {
  bool failed;
  const ModuleEntry* known = find_module(name, JS_UNDEFINED, failed);
  ModuleEntry* entry = failed ? nullptr : new_module_entry(name, JS_UNDEFINED);
  if (!entry) {
    qi_free_module(machine.ctx, compiled);
    return nullptr;
  }
  entry->is_unlisted = known != nullptr;
  if (has_module(entry, compiled)) return entry;
  drop_module_entry(entry);
  return nullptr;
}

bool evaluate_module(JSModuleDef* module, JSValueConst resolve, JSValueConst reject, bool is_main) {
  JSContext* ctx = machine.ctx;
  if (!is_main) return qi_settle_with_namespace(ctx, module, resolve, reject);
  JSValueConst settle[] = {resolve, reject};
  Held failed(JS_NewCFunctionData(ctx, main_failed, 1, 0, 2, settle));
  if (failed.failed()) return false;
  const bool is_commonjs = qi_is_commonjs(module);
  qi_mark_module(module, QI_MODULE_MAIN);
  machine.modules.main = is_commonjs ? module : nullptr;
  machine.process.has_failed = false;
  const bool ok = qi_settle_with_namespace(ctx, module, resolve, failed.get());
  // In Node the body of an ES module is a job itself; that of a CommonJS main module is none, so
  // the ticks come first.
  machine.ticks.jobs_first = !is_commonjs;
  return ok;
}

GraphLoad::GraphLoad(JSAtom referrer, JSAtom specifier, JSValueConst attributes, u32 kind) {
  JSContext* ctx = machine.ctx;
  failed_ = !may_import();
  if (failed_) return;
  Held url(JS_UNDEFINED);
  {
    const Asking asking;
    url.reset(resolve_module(referrer, specifier, attributes, kind));
  }
  HeldAtom name(url.failed() ? JS_ATOM_NULL : JS_ValueToAtom(ctx, url.get()));
  ModuleEntry* entry = name.failed() ? nullptr : request_module(name.get(), attributes, kind);
  if (entry) {
    open(entry);
  } else {
    failed_ = true;
  }
}

GraphLoad::GraphLoad(ModuleEntry* entry) {
  failed_ = !may_import();
  if (!failed_) open(entry);
}

GraphLoad::GraphLoad(JSModuleDef* compiled) {
  if (!may_import()) {
    qi_free_module(machine.ctx, compiled);
    failed_ = true;
    return;
  }
  ModuleEntry* entry = enter_module(qi_module_name(compiled), compiled);
  if (entry) {
    open(entry);
  } else {
    failed_ = true;
  }
}

GraphLoad::~GraphLoad() {
  if (!graph_) return;
  if (!graph_->is_over) fail_graph(graph_, JS_UNDEFINED);
  free_graph(graph_);
}

void GraphLoad::open(ModuleEntry* entry) {
  if (entry->state == State::committed) {
    module_ = entry->module;
    return;
  }
  graph_ = new_graph();
  if (!graph_ || !join(graph_, entry, 0)) {
    if (entry->graphs.count == 0) drop_module_entry(entry);
    failed_ = true;
    return;
  }
  drive();
  if (graph_->is_over) return fail();
  if (graph_->missing == 0) finish();
}

void GraphLoad::fail() {
  failed_ = true;
  JS_Throw(machine.ctx, graph_->error);
  graph_->error = JS_UNDEFINED;
  if (is_stopped()) qi_throw_interrupted(machine.ctx);
}

void GraphLoad::finish() {
  JSModuleDef* module = graph_->members[0].entry->module;
  if (!link(graph_)) return fail();
  module_ = module;
  free_graph(graph_);
  graph_ = nullptr;
}

bool GraphLoad::leave(JSValueConst resolve, JSValueConst reject, bool is_main) {
  JSContext* ctx = machine.ctx;
  if (!machine.modules.graphs.push(ctx, graph_)) return false;
  graph_->resolve = JS_DupValue(ctx, resolve);
  graph_->reject = JS_DupValue(ctx, reject);
  graph_->is_main = is_main;
  graph_ = nullptr;
  return true;
}

JSAtom GraphLoad::awaited() const {
  for (u32 i = 0; i < graph_->members.count; ++i) {
    if (graph_->members[i].entry->state == State::asked) return graph_->members[i].entry->name;
  }
  return graph_->members[0].entry->name;
}
