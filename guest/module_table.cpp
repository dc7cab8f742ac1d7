#include "module_table.hpp"

#include "held.hpp"
#include "texts.hpp"

namespace {

// Atoms are small numbers in the order of their making.
u32 hash_of(JSAtom name) { return name * 0x9E3779B1u >> 7; }

ModuleEntry* chain_of(JSAtom name) { return machine.modules.names.first(hash_of(name)); }

void forget(List<ModuleEntry*>& list, u32 first, const ModuleEntry* entry) {
  for (u32 i = first; i < list.count; ++i) {
    if (list[i] == entry) return list.remove(i);
  }
}

}  // namespace

ModuleEntry* find_module(JSAtom name, JSValueConst attributes, bool& failed) {
  failed = false;
  for (ModuleEntry* entry = chain_of(name); entry; entry = entry->next) {
    if (entry->name != name || entry->is_unlisted) continue;
    const int same = qi_same_attributes(machine.ctx, entry->attributes, attributes);
    if (same > 0) return entry;
    if (same < 0) {
      failed = true;
      return nullptr;
    }
  }
  return nullptr;
}

ModuleEntry* new_module_entry(JSAtom name, JSValueConst attributes) {
  JSContext* ctx = machine.ctx;
  auto& modules = machine.modules;
  if (!modules.names.reserve(machine.rt, [](const ModuleEntry& e) { return hash_of(e.name); })) {
    JS_ThrowOutOfMemory(ctx);
    return nullptr;
  }
  Held text(JS_AtomToString(ctx, name));
  if (text.failed()) return nullptr;
  Held flat(qi_flat(ctx, text.get()));
  if (flat.failed()) return nullptr;
  auto* entry = static_cast<ModuleEntry*>(js_mallocz(ctx, sizeof(ModuleEntry)));
  if (!entry) return nullptr;
  entry->id = ++modules.last_id;
  entry->name = JS_DupAtom(ctx, name);
  entry->text = flat.release();
  entry->attributes = JS_DupValue(ctx, attributes);
  modules.names.put(entry, hash_of(name));
  return entry;
}

void drop_module_entry(ModuleEntry* entry) {
  JSContext* ctx = machine.ctx;
  auto& modules = machine.modules;
  modules.names.take_out(entry, hash_of(entry->name));
  forget(modules.waiting, 0, entry);
  forget(modules.ready, modules.ready_next, entry);
  if (entry->module && !entry->is_native) qi_free_module(ctx, entry->module);
  JS_FreeAtom(ctx, entry->name);
  JS_FreeValue(ctx, entry->text);
  JS_FreeValue(ctx, entry->attributes);
  js_free(ctx, entry->requests);
  js_free(ctx, entry->graphs.items);
  js_free(ctx, entry);
}

JSValueConst module_text(u32 index) {
  auto& modules = machine.modules;
  if (index < modules.commonjs.count) return modules.commonjs[index].text;
  index -= modules.commonjs.count;
  return index < modules.committed.count ? modules.committed[index]->text : JS_UNDEFINED;
}

bool remember_commonjs(JSAtom file_name, JSAtom url) {
  JSContext* ctx = machine.ctx;
  for (const CommonjsFile& known : machine.modules.commonjs) {
    if (known.file_name == file_name && known.url == url) return true;
  }
  Held text(JS_AtomToString(ctx, url));
  if (text.failed()) return false;
  Held flat(qi_flat(ctx, text.get()));
  if (flat.failed()) return false;
  if (!machine.modules.commonjs.push(
          ctx, {JS_DupAtom(ctx, file_name), JS_DupAtom(ctx, url), JS_DupValue(ctx, flat.get())})) {
    JS_FreeAtom(ctx, file_name);
    JS_FreeAtom(ctx, url);
    JS_FreeValue(ctx, flat.get());
    return false;
  }
  return true;
}

JSAtom url_of_code(JSAtom file_name) {
  for (const CommonjsFile& known : machine.modules.commonjs) {
    if (known.file_name == file_name) return known.url;
  }
  return file_name;
}

u32 q_module_name(u32 index) {
  JSValueConst text = module_text(index);
  machine.shared.view = {};
  if (!JS_IsString(text)) return 0;
  machine.shared.view = view_of(text);
  return 1;
}

JSModuleDef* guest_module_of(JSContext* ctx, JSAtom name, const void* code, bool* failed) {
  // Several modules may have one name: entries that were evaluated under it. Then the one counts
  // that the function was written in.
  JSModuleDef* only = nullptr;
  u32 candidates = 0;
  for (const ModuleEntry* entry = chain_of(name); entry; entry = entry->next) {
    if (entry->name != name || !entry->module || !qi_has_code(entry->module)) continue;
    only = entry->module;
    ++candidates;
  }
  if (candidates < 2) return only;
  for (const ModuleEntry* entry = chain_of(name); entry; entry = entry->next) {
    if (entry->name != name || !entry->module || !qi_has_code(entry->module)) continue;
    const int is = qi_is_code_of(ctx, entry->module, code);
    *failed = is < 0;
    if (is != 0) return is > 0 ? entry->module : nullptr;
  }
  return nullptr;
}
