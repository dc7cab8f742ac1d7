// Resolving exports without recursion: how deep a graph of modules is, is the program's choice.
// Part of quickjs_internals.c, in the place of QuickJS's own functions; the algorithms are those of
// ECMA-262 16.2.1.

int qp_spend(JSContext* ctx, uint32_t steps);

// ---- a small hash table, for the time of one search ---------------------------------------------

// A key is a module and a name in it, or whatever else is told apart by a pointer and a number.
typedef struct {
  const void* owner;  // NULL: the row is free
  uint32_t name;
  void *first, *second;
} qi_row;

typedef struct {
  qi_row* rows;
  uint32_t size, count;  // size: a power of two, or 0
} qi_table;

static qi_row* qi_row_at(const qi_table* table, const void* owner, uint32_t name) {
  uint32_t i = ((uint32_t)(uintptr_t)owner >> 3) * 0x9E3779B1u ^ name * 0x85EBCA6Bu;
  for (i ^= i >> 15;; ++i) {
    qi_row* row = &table->rows[i & (table->size - 1)];
    if (!row->owner || (row->owner == owner && row->name == name)) return row;
  }
}

static qi_row* qi_find_row(const qi_table* table, const void* owner, uint32_t name) {
  if (table->size == 0) return NULL;
  qi_row* row = qi_row_at(table, owner, name);
  return row->owner ? row : NULL;
}

// A row that was not there before. NULL: there is no memory, and no error is pending.
static qi_row* qi_add_row(JSContext* ctx, qi_table* table, const void* owner, uint32_t name) {
  if (table->count * 4 >= table->size * 3) {
    const uint32_t size = table->size ? table->size * 2 : 16;
    if (size > UINT32_MAX / sizeof(qi_row)) return NULL;
    qi_table grown = {js_mallocz_rt(ctx->rt, size * sizeof(qi_row)), size, table->count};
    if (!grown.rows) return NULL;
    for (uint32_t i = 0; i < table->size; ++i) {
      const qi_row* row = &table->rows[i];
      if (row->owner) *qi_row_at(&grown, row->owner, row->name) = *row;
    }
    js_free_rt(ctx->rt, table->rows);
    *table = grown;
  }
  qi_row* row = qi_row_at(table, owner, name);
  *row = (qi_row){.owner = owner, .name = name};
  ++table->count;
  return row;
}

static void qi_free_table(JSContext* ctx, qi_table* table) {
  js_free_rt(ctx->rt, table->rows);
  *table = (qi_table){NULL, 0, 0};
}

// Long searches count as steps: the program can be stopped in them.
static bool qi_search_goes_on(JSContext* ctx, uint32_t* turns) {
  return ++*turns % 64 != 0 || qp_spend(ctx, 1) == 0;
}

// ---- ResolveExport ------------------------------------------------------------------------------

// What was found while a graph is linked: a chain of reexports is then walked once and not once for
// each of its members.
static qi_table qi_known_exports;
static bool qi_remembers_exports;

// A module whose `export *` are being asked one after the other.
typedef struct {
  JSModuleDef* module;
  JSAtom name;
  int next;
  JSModuleDef* found;
  JSExportEntry* entry;
} qi_star;

typedef struct {
  qi_table seen;
  qi_star* stars;
  int count, size;
  uint32_t turns;
  JSModuleDef* found;
  JSExportEntry* entry;
} qi_search;

static JSImportEntry* qi_import_of_variable(JSModuleDef* module, int index) {
  for (int i = 0; i < module->import_entries_count; ++i) {
    if (module->import_entries[i].var_idx == index) return &module->import_entries[i];
  }
  return NULL;
}

// `import {x} from 'y'; export {x}` is an indirect export (ECMA-262 16.2.1.7.1, ParseModule), which
// QuickJS takes for one of the module's own. NULL: it is none.
static const JSImportEntry* qi_exported_import(JSModuleDef* module, const JSExportEntry* entry) {
  if (module->init_func || entry->export_type != JS_EXPORT_TYPE_LOCAL) return NULL;
  const JSImportEntry* import = qi_import_of_variable(module, entry->u.local.var_idx);
  return import && import->import_name != JS_ATOM__star_ ? import : NULL;
}

static bool qi_is_end_of_search(JSModuleDef* module, const JSExportEntry* entry) {
  if (!entry) return false;
  if (entry->export_type != JS_EXPORT_TYPE_LOCAL) return entry->local_name == JS_ATOM__star_;
  return !qi_exported_import(module, entry);
}

static JSResolveResultEnum qi_out_of_memory(JSContext* ctx) {
  qi_throw_out_of_memory(ctx);
  return JS_RESOLVE_RES_EXCEPTION;
}

// Goes from one indirect export to the next until there is an answer, or a module with `export *`,
// which is put on the stack: then the answer is "not found" for now.
static JSResolveResultEnum qi_follow(JSContext* ctx, qi_search* search, JSModuleDef* module,
                                     JSAtom name) {
  for (;;) {
    if (!qi_search_goes_on(ctx, &search->turns)) return JS_RESOLVE_RES_EXCEPTION;
    if (qi_find_row(&search->seen, module, name)) return JS_RESOLVE_RES_CIRCULAR;
    const qi_row* known = qi_find_row(&qi_known_exports, module, name);
    JSExportEntry* entry = known ? known->second : find_export_entry(ctx, module, name);
    if (known || qi_is_end_of_search(module, entry)) {
      search->found = known ? known->first : module;
      search->entry = entry;
      return JS_RESOLVE_RES_FOUND;
    }
    if (!qi_add_row(ctx, &search->seen, module, name)) return qi_out_of_memory(ctx);
    if (entry) {
      const JSImportEntry* import = qi_exported_import(module, entry);
      name = import ? import->import_name : entry->local_name;
      module = module->req_module_entries[import ? import->req_module_idx : entry->u.req_module_idx]
                   .module;
      continue;
    }
    if (name == JS_ATOM_default || module->star_export_entries_count == 0)
      return JS_RESOLVE_RES_NOT_FOUND;
    if (js_resize_array(ctx, (void**)&search->stars, sizeof(qi_star), &search->size,
                        search->count + 1)) {
      return JS_RESOLVE_RES_EXCEPTION;
    }
    search->stars[search->count++] = (qi_star){.module = module, .name = name};
    return JS_RESOLVE_RES_NOT_FOUND;
  }
}

static JSResolveResultEnum qi_run_search(JSContext* ctx, qi_search* search, JSModuleDef* module,
                                         JSAtom name) {
  JSResolveResultEnum result = qi_follow(ctx, search, module, name);
  while (search->count > 0) {
    if (result == JS_RESOLVE_RES_EXCEPTION || result == JS_RESOLVE_RES_AMBIGUOUS) return result;
    qi_star* star = &search->stars[search->count - 1];
    if (result == JS_RESOLVE_RES_FOUND) {
      if (star->entry &&
          (star->found != search->found || star->entry->local_name != search->entry->local_name)) {
        return JS_RESOLVE_RES_AMBIGUOUS;
      }
      if (!star->entry) star->found = search->found, star->entry = search->entry;
    }
    if (star->next < star->module->star_export_entries_count) {
      const int index = star->module->star_export_entries[star->next++].req_module_idx;
      result = qi_follow(ctx, search, star->module->req_module_entries[index].module, star->name);
    } else {
      search->found = star->found;
      search->entry = star->entry;
      result = star->entry ? JS_RESOLVE_RES_FOUND : JS_RESOLVE_RES_NOT_FOUND;
      --search->count;
    }
  }
  return result;
}

static JSResolveResultEnum qi_resolve_export(JSContext* ctx, JSModuleDef** found,
                                             JSExportEntry** entry, JSModuleDef* module,
                                             JSAtom name, JSResolveState* state) {
  (void)state;
  *found = NULL;
  *entry = NULL;
  JSExportEntry* direct = find_export_entry(ctx, module, name);
  if (qi_is_end_of_search(module, direct)) {
    *found = module;
    *entry = direct;
    return JS_RESOLVE_RES_FOUND;
  }
  qi_search search = {0};
  const JSResolveResultEnum result = qi_run_search(ctx, &search, module, name);
  if (result == JS_RESOLVE_RES_FOUND) {
    *found = search.found;
    *entry = search.entry;
    if (qi_remembers_exports && !qi_find_row(&qi_known_exports, module, name)) {
      qi_row* row = qi_add_row(ctx, &qi_known_exports, module, name);
      if (row) row->first = search.found, row->second = search.entry;
    }
  }
  js_free(ctx, search.stars);
  qi_free_table(ctx, &search.seen);
  return result;
}

// The variable behind a local export. That of `import {x} from 'y'; export {x}` is not there before
// the module is linked: then it is looked for where it comes from. NULL: it goes round in a circle.
static JSVarRef* qi_exported_variable(JSContext* ctx, JSModuleDef* module, JSExportEntry* entry) {
  qi_table seen = {0};
  uint32_t turns = 0;
  JSVarRef* variable = NULL;
  while (qi_search_goes_on(ctx, &turns)) {
    variable = entry->u.local.var_ref;
    const int index = entry->u.local.var_idx;
    if (!variable && JS_VALUE_GET_TAG(module->func_obj) == JS_TAG_OBJECT)
      variable = JS_VALUE_GET_OBJ(module->func_obj)->u.func.var_refs[index];
    if (variable || qi_find_row(&seen, module, (uint32_t)index)) break;
    if (!qi_add_row(ctx, &seen, module, (uint32_t)index)) {
      qi_throw_out_of_memory(ctx);
      break;
    }
    const JSImportEntry* import = qi_import_of_variable(module, index);
    if (!import) break;
    JSModuleDef* from = module->req_module_entries[import->req_module_idx].module;
    if (qi_resolve_export(ctx, &module, &entry, from, import->import_name, NULL) !=
            JS_RESOLVE_RES_FOUND ||
        entry->local_name == JS_ATOM__star_) {
      break;
    }
  }
  qi_free_table(ctx, &seen);
  return variable;
}

// ---- GetExportedNames ---------------------------------------------------------------------------

static bool qi_add_exported_names(JSContext* ctx, GetExportNamesState* state, qi_table* names,
                                  JSModuleDef* module, bool from_star) {
  for (int i = 0; i < module->export_entries_count; ++i) {
    JSExportEntry* entry = &module->export_entries[i];
    if (from_star && entry->export_name == JS_ATOM_default) continue;
    qi_row* row = qi_find_row(names, state, entry->export_name);
    if (row) {
      state->exported_names[(uintptr_t)row->first].u.me = NULL;
      continue;
    }
    row = qi_add_row(ctx, names, state, entry->export_name);
    if (!row) {
      qi_throw_out_of_memory(ctx);
      return false;
    }
    row->first = (void*)(uintptr_t)state->exported_names_count;
    if (js_resize_array(ctx, (void**)&state->exported_names, sizeof(state->exported_names[0]),
                        &state->exported_names_size, state->exported_names_count + 1)) {
      return false;
    }
    ExportedNameEntry* added = &state->exported_names[state->exported_names_count++];
    added->export_name = entry->export_name;
    // QuickJS looks it up no more if it is the module's own.
    added->u.me = from_star || entry->export_type != JS_EXPORT_TYPE_LOCAL ? NULL : entry;
  }
  return true;
}

static int qi_exported_names(JSContext* ctx, GetExportNamesState* state, JSModuleDef* root,
                             bool from_star) {
  qi_table modules = {0}, names = {0};
  uint32_t turns = 0;
  bool ok = true;
  // state->modules is the queue, in which each stands once; their order does not matter.
  for (int i = -1; ok && i < state->modules_count; ++i) {
    JSModuleDef* module = i < 0 ? NULL : state->modules[i];
    const int stars = module ? module->star_export_entries_count : 1;
    for (int n = 0; ok && n < stars; ++n) {
      JSModuleDef* next =
          module ? module->req_module_entries[module->star_export_entries[n].req_module_idx].module
                 : root;
      if (qi_find_row(&modules, next, 0)) continue;
      ok = qi_search_goes_on(ctx, &turns);
      if (ok && !qi_add_row(ctx, &modules, next, 0)) {
        qi_throw_out_of_memory(ctx);
        ok = false;
      }
      ok = ok && !js_resize_array(ctx, (void**)&state->modules, sizeof(state->modules[0]),
                                  &state->modules_size, state->modules_count + 1);
      if (ok) state->modules[state->modules_count++] = next;
    }
    if (ok && module) ok = qi_add_exported_names(ctx, state, &names, module, from_star || i > 0);
  }
  qi_free_table(ctx, &modules);
  qi_free_table(ctx, &names);
  return ok ? 0 : -1;
}
