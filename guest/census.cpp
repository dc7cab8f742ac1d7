// What fills the heap, block by block, and who waits for which promise. A walk leaves rows in the
// mailbox and lets the host take them; its own state is in the shared block too, so that a sleeper
// that was looked at has not changed. See census_internals.h.
#include <malloc.h>

#include "census_internals.h"
#include "held.hpp"

extern "C" char __heap_base;  // the linker's: where the C library allocates

namespace {

static_assert(offsetof(struct q_shared, mailbox) % 8 == 0, "rows are written there");

// As in clean_blocks.cpp: the size of a chunk and, in its lowest bits, who is in use.
struct Chunk {
  u32 below;
  u32 head;
};
constexpr u32 kChunkBytesMin = 16;
constexpr u32 kChunkAlignment = 16;
constexpr u32 kChunkHeadBytes = 8;
constexpr u32 kFootBytesMax = 64;  // what the C library keeps behind the last chunk
constexpr u32 kUsed = 2;

template <class Row>
void add(const Row& row) {
  auto& walk = machine.shared.census;
  if (walk.is_over) return;
  memcpy(machine.shared.mailbox + walk.rows++ * sizeof(Row), &row, sizeof(Row));
  if (walk.rows < Q_MAILBOX_BYTES / sizeof(Row)) return;
  const u32 rows = walk.rows;
  walk.rows = 0;
  if (host_seen(rows)) walk.is_over = 1;
}

void begin(u64 steps) {
  auto& walk = machine.shared.census;
  walk.steps_left = steps;
  walk.rows = 0;
  walk.is_over = 0;
}

// The heap is not as the engine would have left it.
void give_up() { machine.shared.census.is_over = 1; }

u32 finish() {
  auto& walk = machine.shared.census;
  const u32 rows = walk.rows;
  walk.rows = 0;
  if (rows != 0 && host_seen(rows)) walk.is_over = 1;
  return walk.is_over == 0;
}

// ---- the C library's blocks ---------------------------------------------------------------------

u32 first_chunk() {
  const u32 base = reinterpret_cast<u32>(&__heap_base);
  const u32 block = (base + kChunkHeadBytes + kChunkAlignment - 1) & ~(kChunkAlignment - 1);
  return block - kChunkHeadBytes;
}

void tell_chunks() {
  auto& walk = machine.shared.census;
  const u64 end = (u64)__builtin_wasm_memory_size(0) << 16;
  walk.heap_start = reinterpret_cast<u32>(&__heap_base);
  walk.heap_end = end > UINT32_MAX ? UINT32_MAX : (u32)end;
  walk.used_bytes = walk.used_blocks = 0;
  u64 at = first_chunk();
  while (at + kFootBytesMax < end && qc_step(1)) {
    const u32 head = reinterpret_cast<const Chunk*>((u32)at)->head;
    const u32 bytes = head & ~7u;
    if (bytes < kChunkBytesMin || at + bytes > end) return give_up();
    const bool is_last = at + bytes + kFootBytesMax >= end;
    const auto* contents = reinterpret_cast<const void*>((u32)at + kChunkHeadBytes);
    if (head & kUsed) {
      walk.used_bytes += bytes;
      ++walk.used_blocks;
    } else {
      const u32 rest = is_last ? (u32)(end - at) : bytes;
      qc_row(contents, rest - kChunkHeadBytes, is_last ? Q_CENSUS_FREE_END : Q_CENSUS_FREE_LARGE,
             nullptr);
    }
    at += bytes;
  }
}

// ---- the guest layer's own ----------------------------------------------------------------------

void tell_table(const void* block) { qc_block(Q_CENSUS_TABLE, nullptr, block); }
void tell_row(const void* block) { qc_block(Q_CENSUS_TABLE | Q_CENSUS_COUNTS, nullptr, block); }

void tell_calls() {
  tell_table(machine.pending.items);
  for (u32 i = 0; i < machine.pending.count && qc_step(1); ++i) {
    const PendingCall* call = machine.pending[i];
    tell_row(call);
    qc_value(call->name);
    qc_value(call->arguments);
  }
}

void tell_timers() {
  tell_table(machine.timers.items);
  tell_table(machine.timers_by_id.items);
  for (u32 i = 0; i < machine.timers_by_id.count && qc_step(1); ++i) {
    Timer* timer = machine.timers_by_id[i];
    tell_row(timer);
    qc_values(timer->arguments(), timer->argument_count);
  }
}

void tell_names() {
  tell_table(machine.kept.items);
  for (u32 i = 0; i < machine.kept.count && qc_step(1); ++i) {
    qc_value(machine.kept[i].name);
    qc_value(machine.kept[i].value);
  }
  tell_table(machine.functions.items);
  for (u32 i = 0; i < machine.functions.count && qc_step(1); ++i)
    qc_value(machine.functions[i].name);
  tell_table(machine.handles.slots.items);
  qc_values(machine.handles.slots.items, machine.handles.slots.count);
  tell_table(machine.rejections.items);
  tell_table(machine.handled.items);
  tell_table(machine.process.handled.items);
  tell_table(machine.process.configurations.items);
  qc_values(machine.process.configurations.items, machine.process.configurations.count);
  qc_value(machine.process.begins_again);
  for (const JSValue& end : machine.process.ends) qc_value(end);
  for (const Draw& draw : machine.draws) qc_value(draw.file);
}

void tell_resources() {
  auto& resources = machine.resources;
  tell_table(resources.classes.items);
  for (u32 i = 0; i < resources.classes.count && qc_step(1); ++i)
    qc_value(resources.classes[i].name);
  for (const Resource* row = resources.first; row && qc_step(1); row = row->next) {
    tell_row(row);
    qc_value(row->key);
  }
  for (const Resource* row = resources.dead; row && qc_step(1); row = row->next) tell_row(row);
}

void tell_modules() {
  auto& modules = machine.modules;
  const void* tables[] = {modules.names.buckets, modules.waiting.items, modules.ready.items,
                          modules.arrived.items, modules.graphs.items,  modules.committed.items,
                          modules.commonjs.items};
  for (const void* table : tables) qc_block(Q_CENSUS_MODULE, nullptr, table);
  for (u32 i = 0; i < modules.names.bucket_count && qc_step(1); ++i) {
    for (ModuleEntry* entry = modules.names.buckets[i]; entry && qc_step(1); entry = entry->next) {
      qc_block(Q_CENSUS_MODULE, nullptr, entry);
      qc_block(Q_CENSUS_MODULE, nullptr, entry->requests);
      qc_block(Q_CENSUS_MODULE, nullptr, entry->graphs.items);
      qc_value(entry->text);
    }
  }
  for (u32 i = 0; i < modules.graphs.count && qc_step(1); ++i) {
    qc_block(Q_CENSUS_MODULE, nullptr, modules.graphs[i]);
    qc_block(Q_CENSUS_MODULE, nullptr, modules.graphs[i]->members.items);
  }
  for (u32 i = 0; i < modules.arrived.count && qc_step(1); ++i) qc_value(modules.arrived[i].value);
  for (u32 i = 0; i < modules.commonjs.count && qc_step(1); ++i) qc_value(modules.commonjs[i].text);
}

// By the table of names: that needs no way through the tree, which could be of any depth.
void tell_files() {
  auto& files = machine.files;
  const auto tell = [](const void* block) { qc_block(Q_CENSUS_FILE, nullptr, block); };
  tell(files.names.buckets);
  tell(files.mounts.items);
  tell(files.root);
  for (u32 i = 0; i < files.mounts.count && qc_step(1); ++i) {
    tell(files.mounts[i].path);
    tell(files.mounts[i].name);
  }
  for (u32 i = 0; i < files.names.bucket_count && qc_step(1); ++i) {
    for (FileNode* node = files.names.buckets[i]; node && qc_step(1); node = node->next_in_bucket) {
      qc_block(Q_CENSUS_FILE | Q_CENSUS_COUNTS, nullptr, node);
      tell(node->name);
      tell(node->content);
    }
  }
}

void tell_guest_layer() {
  const void* reserve = machine.memory.reserve;
  if (reserve) qc_row(reserve, (u32)qc_room_of(reserve), Q_CENSUS_ENGINE, nullptr);
  tell_calls();
  tell_timers();
  tell_names();
  tell_resources();
  tell_modules();
  tell_files();
}

// ---- who waits ----------------------------------------------------------------------------------

void tell_sources() {
  for (u32 i = 0; i < machine.pending.count && qc_step(1); ++i) {
    const PendingCall* call = machine.pending[i];
    qc_wait wait = {};
    wait.kind = Q_WAIT_CALL;
    wait.id = call->id;
    wait.ms = call->since;
    qc_source(machine.rt, call->promise, &wait);
    qc_tell_wait(&wait);
  }
  for (u32 i = 0; i < machine.timers.count && qc_step(1); ++i) {
    const Timer* timer = machine.timers[i];
    qc_wait wait = {};
    wait.kind = Q_WAIT_TIMER;
    wait.id = timer->id;
    wait.ms = timer->deadline;
    qc_source(machine.rt, timer->callback, &wait);
    qc_tell_wait(&wait);
  }
  for (u32 i = 0; i < machine.kept.count && qc_step(1); ++i) {
    qc_wait wait = {};
    wait.promise = qc_promise_of(machine.kept[i].value);
    if (!wait.promise) continue;
    wait.kind = Q_WAIT_KEPT;
    wait.function = JS_VALUE_GET_PTR(machine.kept[i].name);
    qc_tell_wait(&wait);
  }
}

u32 address_of(const void* p) { return reinterpret_cast<u32>(p); }

}  // namespace

bool qc_step(uint32_t count) {
  auto& walk = machine.shared.census;
  if (walk.steps_left < count) walk.is_over = 1;
  if (walk.is_over) return false;
  walk.steps_left -= count;
  return true;
}

void qc_row(const void* address, uint32_t bytes, uint32_t kind, const void* name) {
  add(q_census_row{address_of(address), bytes, kind, address_of(name)});
}

const void* qc_heap_start() { return &__heap_base; }

size_t qc_room_of(const void* block) { return malloc_usable_size(const_cast<void*>(block)); }

void qc_tell_wait(const qc_wait* wait) {
  add(q_wait_row{wait->kind, address_of(wait->promise), address_of(wait->next),
                 address_of(wait->function), address_of(wait->file), wait->line, wait->column, 0,
                 wait->id, wait->ms});
}

u32 q_census(u64 steps) {
  begin(steps);
  tell_chunks();
  qc_engine(machine.rt);
  tell_guest_layer();
  return finish();
}

u32 q_census_more(u32 address, u32 kind, u64 steps) {
  begin(steps);
  qc_more(address, (kind & Q_CENSUS_ROPE) != 0);
  return finish();
}

u32 q_census_text(u32 address) {
  const qi_units text = qc_text(address);
  if (!text.units) return 0;
  machine.shared.view = {address_of(text.units), text.count, text.width};
  return 1;
}

u32 q_waits(u64 steps) {
  begin(steps);
  tell_sources();
  qc_waits(machine.rt);
  qc_globals(machine.ctx);
  return finish();
}
