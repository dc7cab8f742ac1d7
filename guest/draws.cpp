// What the program draws from clock and chance, so that a start image can say whether it would be
// another one if it had been made at another time.
#include "machine.hpp"
#include "texts.hpp"

void prepare_draws() {
  for (Draw& draw : machine.draws) draw.file = JS_UNDEFINED;
}

// Runs no guest code: it may be called in the middle of anything.
void qi_note_draw(u32 kind) {
  Draw& draw = machine.draws[kind];
  if (draw.count++ != 0) return;
  JSValue file = qi_program_place(machine.ctx, &draw.line, &draw.column);
  if (JS_IsException(file)) {  // no memory for a name that is none of QuickJS's strings
    JS_FreeValue(machine.ctx, JS_GetException(machine.ctx));
    return;
  }
  draw.file = file;
}

u64 q_draws(u32 kind) {
  auto& shared = machine.shared.draw;
  shared = {};
  if (kind >= Q_DRAWS) return 0;
  const Draw& draw = machine.draws[kind];
  if (JS_IsString(draw.file)) shared = {view_of(draw.file), draw.line, draw.column};
  return draw.count;
}
