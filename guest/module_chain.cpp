#include "module_chain.hpp"

#include <stdio.h>
#include <string.h>

#include "held.hpp"

namespace {

constexpr const char kImportedFrom[] = "    imported from ";

// Lines for the stack of an error: the chain of importers from a member of a graph to its root.
JSValue import_chain(ModuleGraph* graph, u32 index) {
  constexpr u32 kLinesMax = 16;
  JSContext* ctx = machine.ctx;
  Held lines(JS_NewString(ctx, ""));
  u32 count = 0;
  for (;; index = graph->members[index].importer, ++count) {
    if (count < kLinesMax && !lines.failed()) {
      const char* name = JS_ToCString(ctx, graph->members[index].entry->text);
      const char* before = JS_ToCString(ctx, lines.get());
      if (name && before) {
        HeldBytes text(strlen(before) + strlen(kImportedFrom) + strlen(name) + 2);
        if (!text.failed()) {
          const int size = sprintf(text.get(), "%s%s%s\n", before, kImportedFrom, name);
          lines.reset(JS_NewStringLen(ctx, text.get(), (size_t)size));
        }
      }
      JS_FreeCString(ctx, name);
      JS_FreeCString(ctx, before);
    }
    if (graph->members[index].importer == index) break;
  }
  if (count < kLinesMax || lines.failed()) return lines.release();
  const char* before = JS_ToCString(ctx, lines.get());
  if (!before) return JS_EXCEPTION;
  HeldBytes text(strlen(before) + 64);
  if (!text.failed()) {
    sprintf(text.get(), "%s    ... and %u more\n", before, (unsigned)(count + 1 - kLinesMax));
    lines.reset(JS_NewString(ctx, text.get()));
  }
  JS_FreeCString(ctx, before);
  return lines.release();
}

// An error of the engine or of the host's making, not one that a program has thrown.
bool is_ours(JSValueConst error) {
  JSContext* ctx = machine.ctx;
  if (qi_class_of(ctx, error) != Q_CLASS_ERROR) return false;
  HeldAtom name(JS_NewAtom(ctx, "name"));
  if (name.failed()) return false;
  Held origin(qi_own_data_property(error, machine.origin_key));
  if (!JS_IsUndefined(origin.get())) return true;
  Held kind(qi_data_property(ctx, error, name.get()));
  const char* text = JS_IsString(kind.get()) ? JS_ToCString(ctx, kind.get()) : nullptr;
  const bool is_syntax = text && strcmp(text, "SyntaxError") == 0;
  JS_FreeCString(ctx, text);
  return is_syntax;
}

// Whether the host has said where in a text it is: then it has not said who imports that.
bool has_place(JSValueConst error) {
  HeldAtom name(JS_NewAtom(machine.ctx, "stack"));
  if (name.failed()) return false;
  Held stack(qi_own_data_property(error, name.get()));
  return JS_IsString(stack.get());
}

void extend(JSValueConst error, ModuleGraph* graph, u32 index) {
  JSContext* ctx = machine.ctx;
  Held lines(import_chain(graph, index));
  if (lines.failed() || !qi_extend_stack(ctx, error, lines.get()))
    JS_FreeValue(ctx, JS_GetException(ctx));  // the error itself is what counts
}

}  // namespace

void tell_importers(ModuleEntry* entry, u32 steps, JSValueConst error) {
  if (entry->graphs.count == 0 || !is_ours(error)) return;
  if (has_place(error)) steps = 1;
  ModuleGraph* graph = entry->graphs.items[0].graph;
  u32 index = entry->graphs.items[0].index;
  for (; steps > 0; --steps) {
    if (graph->members[index].importer == index) return;
    index = graph->members[index].importer;
  }
  extend(error, graph, index);
}

void tell_importers_of(ModuleGraph* graph, const JSModuleDef* module, JSValueConst error) {
  if (!module || !is_ours(error)) return;
  for (u32 i = 0; i < graph->members.count; ++i) {
    const ModuleEntry* entry = graph->members[i].entry;
    if (entry->module == module && entry->state != ModuleEntry::State::committed)
      return extend(error, graph, i);
  }
}
