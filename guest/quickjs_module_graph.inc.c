// Linking and evaluating graphs of modules without recursion, as in quickjs_module_exports.inc.c.
// Part of quickjs_internals.c.

// ---- walking a graph ----------------------------------------------------------------------------

typedef struct {
  JSModuleDef* module;
  int next;  // request that is looked at next
} qi_visit;

typedef struct {
  qi_visit* items;
  int count, size;
} qi_visits;

static bool qi_push_visit(JSContext* ctx, qi_visits* visits, JSModuleDef* module) {
  if (js_resize_array(ctx, (void**)&visits->items, sizeof(qi_visit), &visits->size,
                      visits->count + 1)) {
    return false;
  }
  visits->items[visits->count++] = (qi_visit){module, 0};
  return true;
}

// ---- Link ---------------------------------------------------------------------------------------

static bool qi_links_one;    // what the module in hand imports is linked, or is above it in a cycle
static bool qi_creates_one;  // the same for the functions
static JSModuleDef* qi_link_failed_in;

JSModuleDef* qi_take_failed_module(void) {
  JSModuleDef* module = qi_link_failed_in;
  qi_link_failed_in = NULL;
  return module;
}

static int qi_create_module_function(JSContext* ctx, JSModuleDef* module) {
  if (qi_creates_one) return 0;
  if (!module->resolved) return guest_prepare_module(ctx, module) ? 0 : -1;
  return 0;  // its functions were made when it was linked
}

enum { QI_ENTERED = -2 };  // dfs_ancestor_index, which is of no meaning before a module is linked

// All that are to be linked, each behind what it imports, as far as there is no cycle.
static bool qi_order_to_link(JSContext* ctx, JSModuleDef* root, qi_visits* order) {
  qi_visits visits = {0};
  uint32_t turns = 0;
  bool ok = root->status != JS_MODULE_STATUS_UNLINKED || qi_push_visit(ctx, &visits, root);
  if (visits.count > 0) root->dfs_ancestor_index = QI_ENTERED;
  while (ok && visits.count > 0) {
    qi_visit* visit = &visits.items[visits.count - 1];
    JSModuleDef* module = visit->module;
    if (visit->next == module->req_module_entries_count) {
      --visits.count;
      ok = qi_push_visit(ctx, order, module);
      if (!ok) module->dfs_ancestor_index = 0;
      continue;
    }
    JSModuleDef* next = module->req_module_entries[visit->next++].module;
    if (next->status != JS_MODULE_STATUS_UNLINKED || next->dfs_ancestor_index == QI_ENTERED)
      continue;
    ok = qi_search_goes_on(ctx, &turns) && qi_push_visit(ctx, &visits, next);
    if (ok) next->dfs_ancestor_index = QI_ENTERED;
  }
  for (int i = 0; i < visits.count; ++i) visits.items[i].module->dfs_ancestor_index = 0;
  for (int i = 0; i < order->count; ++i) order->items[i].module->dfs_ancestor_index = 0;
  js_free(ctx, visits.items);
  return ok;
}

static bool qi_link_one(JSContext* ctx, JSModuleDef* module) {
  JSModuleDef* stack = NULL;
  qi_links_one = true;
  const int result = original_inner_linking(ctx, module, &stack, 0);
  qi_links_one = false;
  if (result >= 0) return true;
  module->status = JS_MODULE_STATUS_UNLINKED;
  qi_link_failed_in = module;
  return false;
}

static int qi_inner_linking(JSContext* ctx, JSModuleDef* root, JSModuleDef** stack, int index) {
  (void)stack;
  if (qi_links_one) return index;
  qi_visits order = {0};
  bool ok = qi_order_to_link(ctx, root, &order);
  for (int i = 0; ok && i < order.count; ++i) {
    qi_creates_one = true;
    ok = original_create_module_function(ctx, order.items[i].module) == 0;
    qi_creates_one = false;
  }
  uint32_t turns = 0;
  qi_remembers_exports = true;
  for (int i = 0; ok && i < order.count; ++i)
    ok = qi_search_goes_on(ctx, &turns) && qi_link_one(ctx, order.items[i].module);
  qi_remembers_exports = false;
  qi_free_table(ctx, &qi_known_exports);
  js_free(ctx, order.items);
  return ok ? index : -1;
}

bool qi_link_module(JSContext* ctx, JSModuleDef* module) {
  qi_link_failed_in = NULL;
  return js_link_module(ctx, module) == 0;
}

// ---- Evaluate -----------------------------------------------------------------------------------

// Evaluations may stand in each other, through require() or the host: the modules of one have
// higher numbers than those of all around it.
static int qi_evaluating;

static bool qi_begin_evaluation(JSContext* ctx, qi_visits* visits, JSModuleDef* module,
                                JSModuleDef** stack) {
  if (!qi_push_visit(ctx, visits, module)) return false;
  module->status = JS_MODULE_STATUS_EVALUATING;
  module->dfs_index = module->dfs_ancestor_index = qi_evaluating++;
  module->pending_async_dependencies = 0;
  module->stack_prev = *stack;
  *stack = module;
  return true;
}

static bool qi_wait_for(JSContext* ctx, JSModuleDef* module, JSModuleDef* dependency) {
  if (!dependency->async_evaluation) return true;
  if (js_resize_array(ctx, (void**)&dependency->async_parent_modules,
                      sizeof(dependency->async_parent_modules[0]),
                      &dependency->async_parent_modules_size,
                      dependency->async_parent_modules_count + 1)) {
    return false;
  }
  ++module->pending_async_dependencies;
  dependency->async_parent_modules[dependency->async_parent_modules_count++] = module;
  return true;
}

// Looks at the next request of a module: one that must run first is put on top. False: it threw.
static bool qi_visit_next(JSContext* ctx, qi_visits* visits, int base, JSModuleDef** stack,
                          JSValue* thrown) {
  qi_visit* visit = &visits->items[visits->count - 1];
  JSModuleDef* module = visit->module;
  JSModuleDef* dependency = module->req_module_entries[visit->next].module;
  bool ok = true;
  if (dependency->status == JS_MODULE_STATUS_LINKED) {
    ok = qi_begin_evaluation(ctx, visits, dependency, stack);
  } else {
    ++visit->next;
    if (dependency->status == JS_MODULE_STATUS_EVALUATING) {
      // One of an evaluation around this one goes on when this one is over.
      if (dependency->dfs_index >= base) {
        module->dfs_ancestor_index =
            min_int(module->dfs_ancestor_index, dependency->dfs_ancestor_index);
      }
    } else {
      if (!dependency->eval_has_exception && dependency->cycle_root)
        dependency = dependency->cycle_root;
      if (dependency->eval_has_exception) {
        *thrown = js_dup(dependency->eval_exception);
        return false;
      }
    }
    ok = qi_wait_for(ctx, module, dependency);
  }
  if (!ok) *thrown = JS_GetException(ctx);
  return ok;
}

// Runs a module that awaits. QuickJS does not look whether the functions could be made that hear of
// its end: without them, whoever imports it would wait for ever. They are made before it runs, and
// to hang them to its promise may exceed the memory limit. False: it did not run, or nobody hears.
static bool qi_start_async_module(JSContext* ctx, JSModuleDef* module) {
  JSValueConst self = JS_MKPTR(JS_TAG_MODULE, module);
  JSValue then[] = {JS_NewCFunctionData(ctx, js_async_module_execution_fulfilled, 0, 0, 1, &self),
                    JS_NewCFunctionData(ctx, js_async_module_execution_rejected, 0, 0, 1, &self)};
  bool ok = !JS_IsException(then[0]) && !JS_IsException(then[1]);
  if (ok) {
    JSValue promise = js_async_function_call(ctx, module->func_obj, JS_UNDEFINED, 0, NULL, 0);
    const bool outer = qi_in_need;
    qi_in_need = true;
    JSValue chained =
        JS_IsException(promise) ? JS_EXCEPTION : js_promise_then(ctx, promise, 2, vc(then));
    qi_in_need = outer;
    ok = !JS_IsException(chained);
    JS_FreeValue(ctx, chained);
    JS_FreeValue(ctx, promise);
  }
  JS_FreeValue(ctx, then[0]);
  JS_FreeValue(ctx, then[1]);
  return ok;
}

// All that it imports has run, or waits.
static bool qi_run_module(JSContext* ctx, JSModuleDef* module, JSModuleDef** stack,
                          JSValue* thrown) {
  if (module->pending_async_dependencies > 0 || module->has_tla) {
    module->async_evaluation = true;
    module->async_evaluation_timestamp = ctx->rt->module_async_evaluation_next_timestamp++;
  }
  if (module->pending_async_dependencies > 0) {
  } else if (module->has_tla) {
    if (!qi_start_async_module(ctx, module)) {
      *thrown = JS_GetException(ctx);
      return false;
    }
  } else if (js_execute_sync_module(ctx, module, thrown) < 0) {
    return false;
  }
  if (module->dfs_index != module->dfs_ancestor_index) return true;
  for (;;) {
    JSModuleDef* done = *stack;
    *stack = done->stack_prev;
    done->status =
        done->async_evaluation ? JS_MODULE_STATUS_EVALUATING_ASYNC : JS_MODULE_STATUS_EVALUATED;
    done->cycle_root = module;
    if (done == module) return true;
  }
}

static bool qi_evaluate_graph(JSContext* ctx, JSModuleDef* root, qi_visits* visits,
                              JSModuleDef** stack, JSValue* thrown) {
  const int base = qi_evaluating;
  if (!qi_begin_evaluation(ctx, visits, root, stack)) {
    *thrown = JS_GetException(ctx);
    root->status = JS_MODULE_STATUS_EVALUATING;  // as every module that fails is found
    root->stack_prev = *stack;
    *stack = root;
    return false;
  }
  while (visits->count > 0) {
    const qi_visit* visit = &visits->items[visits->count - 1];
    JSModuleDef* module = visit->module;
    if (visit->next < module->req_module_entries_count) {
      if (!qi_visit_next(ctx, visits, base, stack, thrown)) return false;
      continue;
    }
    if (!qi_run_module(ctx, module, stack, thrown)) return false;
    --visits->count;  // whoever imports it looks at it once more
  }
  return true;
}

static int qi_inner_evaluation(JSContext* ctx, JSModuleDef* root, int index, JSModuleDef** stack,
                               JSValue* thrown) {
  *thrown = JS_UNDEFINED;
  if (root->status != JS_MODULE_STATUS_LINKED) {
    if (!root->eval_has_exception) return index;
    *thrown = js_dup(root->eval_exception);
    return -1;
  }
  const int outer = qi_evaluating;
  qi_visits visits = {0};
  const bool ok = qi_evaluate_graph(ctx, root, &visits, stack, thrown);
  js_free(ctx, visits.items);
  qi_evaluating = outer;
  return ok ? index : -1;
}

// Afterwards nobody has to wait for it any more; QuickJS forgets that for a module without `await`
// that waited for others.
static void qi_set_module_evaluated(JSContext* ctx, JSModuleDef* module) {
  module->async_evaluation = false;
  original_set_module_evaluated(ctx, module);
}

static int qi_execute_async_module(JSContext* ctx, JSModuleDef* module) {
  if (qi_start_async_module(ctx, module)) return 0;
  JSValue error = JS_GetException(ctx);
  JSValueConst data = JS_MKPTR(JS_TAG_MODULE, module);
  js_async_module_execution_rejected(ctx, JS_UNDEFINED, 1, vc(&error), 0, &data);
  JS_FreeValue(ctx, error);
  return 0;
}

// Which modules can run now that `module` has.
static int qi_gather_ancestors(JSContext* ctx, JSModuleDef* module, void* available) {
  ExecModuleList* list = available;
  for (int next = list->count;; ++next) {
    for (int i = 0; i < module->async_parent_modules_count; ++i) {
      JSModuleDef* parent = module->async_parent_modules[i];
      const JSModuleDef* root = parent->cycle_root;
      if (parent->pending_async_dependencies == 0 || (root && root->eval_has_exception) ||
          parent->eval_has_exception || --parent->pending_async_dependencies > 0) {
        continue;
      }
      // Nobody else counts down: it may exceed the memory limit.
      const bool outer = qi_in_need;
      qi_in_need = true;
      const int failed = js_resize_array(ctx, (void**)&list->tab, sizeof(list->tab[0]), &list->size,
                                         list->count + 1);
      qi_in_need = outer;
      if (failed) return -1;
      list->tab[list->count++] = parent;
    }
    while (next < list->count && list->tab[next]->has_tla) ++next;
    if (next == list->count) return 0;
    module = list->tab[next];
  }
}

static bool qi_mark_rejected(JSContext* ctx, JSModuleDef* module, JSValueConst error) {
  if (module->status == JS_MODULE_STATUS_EVALUATED) return false;
  module->eval_has_exception = true;
  module->eval_exception = js_dup(error);
  module->status = JS_MODULE_STATUS_EVALUATED;
  module->async_evaluation = false;
  return true;
}

// AsyncModuleExecutionRejected: the module and all that wait for it. QuickJS names this function by
// its address, too. It runs no program, and who is not told waits for ever: it may exceed the
// memory limit.
static JSValue js_async_module_execution_rejected(JSContext* ctx, JSValueConst self, int argc,
                                                  JSValueConst* argv, int magic,
                                                  JSValueConst* data) {
  (void)self, (void)magic;
  JSValueConst error = argc > 0 ? argv[0] : JS_UNDEFINED;
  JSModuleDef* root = JS_VALUE_GET_PTR(data[0]);
  qi_visits visits = {0};
  if (!qi_mark_rejected(ctx, root, error)) return JS_UNDEFINED;
  const bool outer = qi_in_need;
  qi_in_need = true;
  bool ok = qi_push_visit(ctx, &visits, root);
  while (ok && visits.count > 0) {
    qi_visit* visit = &visits.items[visits.count - 1];
    JSModuleDef* module = visit->module;
    if (visit->next < module->async_parent_modules_count) {
      JSModuleDef* parent = module->async_parent_modules[visit->next++];
      if (qi_mark_rejected(ctx, parent, error)) ok = qi_push_visit(ctx, &visits, parent);
      continue;
    }
    --visits.count;
    if (!JS_IsUndefined(module->promise))
      JS_FreeValue(ctx, JS_Call(ctx, module->resolving_funcs[1], JS_UNDEFINED, 1, &error));
  }
  qi_in_need = outer;
  js_free(ctx, visits.items);
  return ok ? JS_UNDEFINED : JS_EXCEPTION;
}

// A promise. What is running already is, for who asks in the middle, as it is in a cycle.
JSValue qi_evaluate_module(JSContext* ctx, JSModuleDef* module) {
  if (module->status != JS_MODULE_STATUS_EVALUATING || !JS_IsUndefined(module->promise))
    return js_evaluate_module(ctx, module);
  JSValue settle[2];
  JSValue promise = JS_NewPromiseCapability(ctx, settle);
  if (JS_IsException(promise)) return promise;
  JSValueConst nothing = JS_UNDEFINED;
  JS_FreeValue(ctx, JS_Call(ctx, settle[0], JS_UNDEFINED, 1, &nothing));
  JS_FreeValue(ctx, settle[0]);
  JS_FreeValue(ctx, settle[1]);
  return promise;
}

// Why not all that is still to run of a graph can run at once: `module`, its root, becomes the
// module that stands in the way.
qi_obstacle qi_why_not_now(JSContext* ctx, JSModuleDef** module) {
  qi_table seen = {0};
  qi_visits queue = {0};
  qi_obstacle why = qi_push_visit(ctx, &queue, *module) ? QI_CAN_RUN : QI_UNKNOWN;
  for (int i = 0; why == QI_CAN_RUN && i < queue.count; ++i) {
    JSModuleDef* next = queue.items[i].module;
    if (next->status == JS_MODULE_STATUS_EVALUATED || qi_find_row(&seen, next, 0)) continue;
    if (next->status == JS_MODULE_STATUS_EVALUATING) {
      why = QI_RUNS;
    } else if (next->has_tla || next->status == JS_MODULE_STATUS_EVALUATING_ASYNC) {
      why = QI_AWAITS;
    } else if (!qi_add_row(ctx, &seen, next, 0)) {
      qi_throw_out_of_memory(ctx);
      why = QI_UNKNOWN;
    }
    if (why == QI_RUNS || why == QI_AWAITS) *module = next;
    for (int n = 0; why == QI_CAN_RUN && n < next->req_module_entries_count; ++n) {
      JSModuleDef* request = next->req_module_entries[n].module;
      if (!qi_find_row(&seen, request, 0) && !qi_push_visit(ctx, &queue, request)) why = QI_UNKNOWN;
    }
  }
  js_free(ctx, queue.items);
  qi_free_table(ctx, &seen);
  return why;
}
