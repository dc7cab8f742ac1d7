/* From C: an order that waits for its payment sleeps in a file and is woken by another VM.
 *
 * Built as C99 against libquiesce.so and nothing else. */
#include <quiesce.h>
#include <stdio.h>
#include <stdlib.h>

/* Every status is looked at; the text says what went wrong. */
static void check(quiesce_status status) {
  if (status == QUIESCE_OK) return;
  fprintf(stderr, "%s: %s\n", quiesce_status_name(status), quiesce_last_error_text(NULL));
  exit(1);
}

/* greet(who): a host function. What fails on the way becomes an error in JavaScript. */
static quiesce_status greet(void* user, quiesce_call* call) {
  quiesce_vm* vm = NULL;
  quiesce_value* who = NULL;
  quiesce_value* greeting = NULL;
  quiesce_buffer* name = NULL;
  char text[100];
  int length;
  quiesce_status status = quiesce_call_vm(call, &vm);
  if (!status) status = quiesce_call_argument(call, 0, &who);
  if (!status) status = quiesce_value_as_text(who, &name);
  if (!status) {
    length = snprintf(text, sizeof text, "%s, %.60s", (const char*)user,
                      quiesce_buffer_data(name, NULL));
    status = quiesce_new_string(vm, text, (size_t)length, &greeting);
  }
  if (!status) status = quiesce_call_return(call, greeting);
  quiesce_buffer_free(name);
  quiesce_value_free(greeting);
  quiesce_value_free(who);
  return status;
}

static void fall_asleep(const quiesce_host* host, const char* file) {
  static const char kProgram[] =
      "(async () => greet('charge ' + await quiesce.call('charge', 499)))()";
  quiesce_vm* vm = NULL;
  quiesce_value* order = NULL;
  quiesce_value* result = NULL;
  quiesce_snapshot* snapshot = NULL;
  check(quiesce_vm_new(host, NULL, &vm));
  check(quiesce_vm_eval(vm, kProgram, QUIESCE_NTS, NULL, &order));
  check(quiesce_vm_run(vm, order, &result));
  if (result == NULL) printf("it waits for the outside\n");
  check(quiesce_vm_keep(vm, "order", QUIESCE_NTS, order));
  check(quiesce_vm_snapshot(vm, &snapshot));
  check(quiesce_snapshot_save(snapshot, file, QUIESCE_NTS));
  check(quiesce_snapshot_free(snapshot));
  check(quiesce_value_free(order));
  check(quiesce_vm_free(vm));
}

static void wake(const quiesce_host* host, const char* file) {
  quiesce_snapshot* snapshot = NULL;
  quiesce_vm* vm = NULL;
  quiesce_list* calls = NULL;
  quiesce_value* order = NULL;
  quiesce_value* result = NULL;
  quiesce_buffer* text = NULL;
  size_t i;
  check(quiesce_snapshot_load(file, QUIESCE_NTS, QUIESCE_UNLIMITED, &snapshot));
  check(quiesce_vm_restore(host, snapshot, NULL, &vm));
  check(quiesce_vm_pending_calls(vm, &calls));
  for (i = 0; i < quiesce_list_count(calls); ++i) {
    quiesce_pending_call call;
    call.struct_size = sizeof call;
    check(quiesce_list_pending_call(calls, i, &call));
    printf("%s%s\n", call.name, call.arguments_json);
    check(quiesce_vm_settle_json(vm, call.id, "\"ch_42\"", QUIESCE_NTS, QUIESCE_RESOLVE));
  }
  check(quiesce_vm_kept(vm, "order", QUIESCE_NTS, &order));
  check(quiesce_vm_run(vm, order, &result));
  check(quiesce_value_as_text(result, &text));
  printf("%s\n", quiesce_buffer_data(text, NULL));
  check(quiesce_buffer_free(text));
  check(quiesce_value_free(result));
  check(quiesce_value_free(order));
  check(quiesce_list_free(calls));
  check(quiesce_vm_free(vm));
  check(quiesce_snapshot_free(snapshot));
}

int main(void) {
  static char hello[] = "hello";
  quiesce_host* host = NULL;
  check(quiesce_host_new(&host));
  check(quiesce_host_function(host, "greet", QUIESCE_NTS, 1, greet, hello, NULL));
  fall_asleep(host, "order.qsnap");
  wake(host, "order.qsnap");
  check(quiesce_host_free(host));
  return 0;
}
