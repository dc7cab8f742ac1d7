// The C interface, used as C would: code, host functions, sleep, limits, and what misuse gets.
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>

#include "c/c_testing.hpp"

namespace {

using C = CTest;

TEST_F(C, Versions) {
  EXPECT_EQ(quiesce_abi_version(), QUIESCE_ABI_VERSION);
  EXPECT_STREQ(quiesce_version(), "0.1.0");
  EXPECT_NE(std::string(quiesce_quickjs_version()), "");
  EXPECT_EQ(std::string(quiesce_engine()).size(), 64u);
  EXPECT_STREQ(quiesce_status_name(QUIESCE_JAVASCRIPT), "javascript");
  EXPECT_STREQ(quiesce_status_name(static_cast<quiesce_status>(77)), "unknown");
}

TEST_F(C, EvalOptionsAndErrors) {  // A2, A3
  quiesce_eval_options options;
  quiesce_eval_options_init(&options);
  options.file_name = "order.js";
  options.file_name_length = QUIESCE_NTS;
  options.strict = 1;
  quiesce_value* value = nullptr;
  EXPECT_EQ(quiesce_vm_eval(vm(), "undeclared = 1", QUIESCE_NTS, &options, &value),
            QUIESCE_JAVASCRIPT);
  EXPECT_EQ(value, nullptr);
  EXPECT_EQ(quiesce_last_error(), QUIESCE_JAVASCRIPT);
  EXPECT_STREQ(quiesce_last_error_name(nullptr), "ReferenceError");
  size_t length = 0;
  const char* text = quiesce_last_error_text(&length);
  EXPECT_EQ(std::string(text), std::string(text, length));
  EXPECT_NE(std::string(quiesce_last_error_stack(nullptr)).find("order.js:1"), std::string::npos);
  OK(quiesce_vm_take_thrown(vm(), &value));
  quiesce_class type = QUIESCE_CLASS_NONE;
  OK(quiesce_value_class(kept(value), &type));
  EXPECT_EQ(type, QUIESCE_CLASS_ERROR);
  OK(quiesce_vm_take_thrown(vm(), &value));
  EXPECT_EQ(value, nullptr);

  options.type = QUIESCE_MODULE;
  OK(quiesce_vm_eval(vm(), "export const x = 1", QUIESCE_NTS, &options, &value));
  OK(quiesce_vm_run(vm(), kept(value), &value));
  EXPECT_EQ(printed(kept(value)), "[Module: null prototype] { x: 1 }");
  int is_module = 0;
  OK(quiesce_vm_is_module(vm(), "export const x = 1", QUIESCE_NTS, &is_module));
  EXPECT_EQ(is_module, 1);

  options.type = static_cast<quiesce_source_type>(9);
  EXPECT_EQ(quiesce_vm_eval(vm(), "1", 1, &options, nullptr), QUIESCE_INVALID_ARGUMENT);
  options.struct_size = 3;
  EXPECT_EQ(quiesce_vm_eval(vm(), "1", 1, &options, nullptr), QUIESCE_INVALID_ARGUMENT);
  EXPECT_NE(std::string(quiesce_last_error_text(nullptr)).find("struct_size"), std::string::npos);
  EXPECT_EQ(quiesce_vm_eval(vm(), nullptr, 1, nullptr, nullptr), QUIESCE_INVALID_ARGUMENT);
}

// ---- host functions -----------------------------------------------------------------------------

quiesce_status add(void* user, quiesce_call* call) {
  ++*static_cast<int*>(user);
  size_t count = 0;
  quiesce_vm* vm = nullptr;
  quiesce_value* sum = nullptr;
  double total = 0;
  quiesce_status status = quiesce_call_argument_count(call, &count);
  for (size_t i = 0; i < count && status == QUIESCE_OK; ++i) {
    quiesce_value* argument = nullptr;
    double number = 0;
    status = quiesce_call_argument(call, i, &argument);
    if (status == QUIESCE_OK) status = quiesce_value_as_number(argument, &number);
    quiesce_value_free(argument);
    total += number;
  }
  if (status == QUIESCE_OK) status = quiesce_call_vm(call, &vm);
  if (status == QUIESCE_OK) status = quiesce_new_number(vm, total, &sum);
  if (status == QUIESCE_OK) status = quiesce_call_return(call, sum);
  quiesce_value_free(sum);
  return status;
}

quiesce_status refuse(void*, quiesce_call* call) {
  return quiesce_call_throw_error(call, "RangeError", QUIESCE_NTS, "too much", QUIESCE_NTS);
}

quiesce_status call_back(void*, quiesce_call* call) {
  quiesce_value* function = nullptr;
  quiesce_value* self = nullptr;
  quiesce_value* result = nullptr;
  quiesce_status status = quiesce_call_argument(call, 0, &function);
  if (status == QUIESCE_OK) status = quiesce_call_this(call, &self);
  if (status == QUIESCE_OK) status = quiesce_value_call(function, self, nullptr, 0, &result);
  if (status == QUIESCE_OK) status = quiesce_call_return(call, result);
  quiesce_value_free(function);
  quiesce_value_free(self);
  quiesce_value_free(result);
  return status;
}

void count_down(void* user) { --*static_cast<int*>(user); }

TEST_F(C, HostFunctions) {  // A8, C9
  int calls = 0;
  OK(quiesce_host_function(host_, "add", QUIESCE_NTS, 2, add, &calls, nullptr));
  OK(quiesce_host_function(host_, "refuse", QUIESCE_NTS, 0, refuse, nullptr, nullptr));
  OK(quiesce_host_function(host_, "callBack", QUIESCE_NTS, 1, call_back, nullptr, nullptr));
  OK(quiesce_host_function(
      host_, "odd", QUIESCE_NTS, 1,
      [](void*, quiesce_call*) { return static_cast<quiesce_status>(77); }, nullptr, nullptr));
  EXPECT_EQ(evaluated("[add(1, 2, 39), add(), add.length]"), "[ 42, 0, 2 ]");
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(evaluated("try { add('x') } catch (e) { String(e) }").find("'TypeError: "), 0u);
  EXPECT_EQ(evaluated("try { refuse() } catch (e) { String(e) }"), "'RangeError: too much'");
  EXPECT_EQ(evaluated("callBack.call(7, function () { 'use strict'; return this + 1; })"), "8");
  EXPECT_EQ(evaluated("callBack(() => callBack(() => add(1, 2)))"), "3");
  // The same object comes out that went in.
  EXPECT_EQ(evaluated("const mine = {}; try { callBack(() => { throw mine; }) } "
                      "catch (e) { e === mine }"),
            "true");
  EXPECT_EQ(evaluated("try { odd() } catch (e) { String(e) }"), "'Error: internal error'");
  quiesce_value* function = nullptr;
  OK(quiesce_new_function(vm(), "add", QUIESCE_NTS, &function));
  EXPECT_EQ(printed(kept(function)), "[Function: add]");
  EXPECT_EQ(quiesce_new_function(vm(), "nix", QUIESCE_NTS, &function), QUIESCE_MISSING_FUNCTION);
  quiesce_list* names = nullptr;
  OK(quiesce_vm_function_names(vm(), &names));
  EXPECT_EQ(quiesce_list_count(names), 4u);
  EXPECT_STREQ(quiesce_list_text(names, 0, nullptr), "add");
  EXPECT_EQ(quiesce_list_text(names, 4, nullptr), nullptr);
  OK(quiesce_list_free(names));
}

TEST_F(C, UsersOfFunctionsEndOnce) {
  int alive = 3;
  OK(quiesce_host_function(host_, "add", QUIESCE_NTS, 0, add, &alive, count_down));
  // Refused, and still ended.
  EXPECT_EQ(quiesce_host_function(host_, "", 0, 0, add, &alive, count_down),
            QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(alive, 2);
  EXPECT_EQ(quiesce_host_function(nullptr, "x", 1, 0, add, &alive, count_down),
            QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(alive, 1);
  vm();
  OK(quiesce_host_function(host_, "add", QUIESCE_NTS, 0, refuse, nullptr, nullptr));
  EXPECT_EQ(alive, 1);  // the VM has the old one still
  OK(quiesce_vm_free(vm_));
  vm_ = nullptr;
  EXPECT_EQ(alive, 0);
}

TEST_F(C, LogClockEntropyTimezone) {  // A14, A26
  std::string log;
  OK(quiesce_host_log(
      host_,
      [](void* user, quiesce_log_level level, const char* text, size_t length) {
        *static_cast<std::string*>(user) += std::to_string(level) + std::string(text, length) + ";";
      },
      &log, nullptr));
  int64_t now = 5'000'000'000;
  OK(quiesce_host_clock(
      host_, [](void* user) { return *static_cast<int64_t*>(user); }, &now, nullptr));
  OK(quiesce_host_entropy(
      host_, [](void*, uint8_t* bytes, size_t count) { std::memset(bytes, 7, count); }, nullptr,
      nullptr));
  OK(quiesce_host_timezone(host_, [](void*, int64_t) { return 120; }, nullptr, nullptr));
  eval("console.log('one'); console.error('two')");
  EXPECT_EQ(log, "1one;3two;");
  EXPECT_EQ(evaluated("[Date.now(), new Date(0).getHours()]"), "[ 5000, 2 ]");
  EXPECT_EQ(quiesce_host_log(host_, nullptr, nullptr, nullptr), QUIESCE_INVALID_ARGUMENT);
  OK(quiesce_vm_free(vm_));
  vm_ = nullptr;
  OK(quiesce_host_fixed_timezone(host_, -90));
  EXPECT_EQ(evaluated("new Date(0).getTimezoneOffset()"), "90");
  OK(quiesce_host_system_timezone(host_));
}

// ---- promises, sleep ----------------------------------------------------------------------------

quiesce_status charge(void*, quiesce_call* call) {
  quiesce_vm* vm = nullptr;
  quiesce_value* amount = nullptr;
  quiesce_deferred* deferred = nullptr;
  quiesce_value* promise = nullptr;
  quiesce_status status = quiesce_call_vm(call, &vm);
  if (status == QUIESCE_OK) status = quiesce_call_argument(call, 0, &amount);
  const quiesce_value* arguments[] = {amount};
  if (status == QUIESCE_OK)
    status = quiesce_vm_defer(vm, "charge", QUIESCE_NTS, arguments, 1, &deferred);
  if (status == QUIESCE_OK) status = quiesce_deferred_promise(deferred, &promise);
  if (status == QUIESCE_OK) status = quiesce_call_return(call, promise);
  quiesce_value_free(promise);
  quiesce_value_free(amount);
  quiesce_deferred_free(deferred);
  return status;
}

TEST_F(C, PendingCallsSleepInAFile) {  // A9, A10, A18, A19, C1, D1
  OK(quiesce_host_function(host_, "charge", QUIESCE_NTS, 1, charge, nullptr, nullptr));
  quiesce_value* order = eval("(async () => 'paid ' + await charge(499))()");
  quiesce_value* value = order;
  OK(quiesce_vm_run(vm(), order, &value));
  EXPECT_EQ(value, nullptr);
  OK(quiesce_vm_keep(vm(), "order", QUIESCE_NTS, order));
  const std::string file = testing::TempDir() + "/c_test.qsnap";
  quiesce_snapshot* snapshot = nullptr;
  OK(quiesce_vm_snapshot(vm(), &snapshot));
  OK(quiesce_snapshot_save(snapshot, file.c_str(), QUIESCE_NTS));
  OK(quiesce_snapshot_free(snapshot));

  OK(quiesce_snapshot_load(file.data(), file.size(), QUIESCE_UNLIMITED, &snapshot));
  quiesce_vm* again = nullptr;
  OK(quiesce_vm_restore(host_, snapshot, nullptr, &again));
  quiesce_list* calls = nullptr;
  OK(quiesce_vm_pending_calls(again, &calls));
  ASSERT_EQ(quiesce_list_count(calls), 1u);
  EXPECT_EQ(quiesce_list_text(calls, 0, nullptr), nullptr);
  quiesce_pending_call call;
  call.struct_size = sizeof(call);
  OK(quiesce_list_pending_call(calls, 0, &call));
  EXPECT_STREQ(call.name, "charge");
  EXPECT_STREQ(call.arguments_json, "[499]");
  EXPECT_EQ(call.since_ns, 1'767'225'600'000'000'000);
  EXPECT_EQ(quiesce_list_pending_call(calls, 1, &call), QUIESCE_INVALID_ARGUMENT);
  OK(quiesce_vm_settle_json(again, call.id, "\"ch_42\"", QUIESCE_NTS, QUIESCE_RESOLVE));
  EXPECT_EQ(quiesce_vm_settle_json(again, call.id, "1", 1, QUIESCE_RESOLVE), QUIESCE_UNKNOWN_CALL);
  OK(quiesce_list_free(calls));

  quiesce_value* kept_order = nullptr;
  OK(quiesce_vm_kept(again, "order", QUIESCE_NTS, &kept_order));
  quiesce_value* result = nullptr;
  OK(quiesce_vm_run(again, kept_order, &result));
  EXPECT_EQ(printed(result), "'paid ch_42'");
  OK(quiesce_value_free(result));
  OK(quiesce_value_free(kept_order));
  int found = 0;
  OK(quiesce_vm_forget(again, "order", QUIESCE_NTS, &found));
  EXPECT_EQ(found, 1);
  OK(quiesce_vm_kept(again, "order", QUIESCE_NTS, &kept_order));
  EXPECT_EQ(kept_order, nullptr);
  OK(quiesce_vm_free(again));

  quiesce_host* bare = nullptr;
  OK(quiesce_host_new(&bare));
  EXPECT_EQ(quiesce_vm_restore(bare, snapshot, nullptr, &again), QUIESCE_MISSING_FUNCTION);
  EXPECT_NE(std::string(quiesce_last_error_text(nullptr)).find("charge"), std::string::npos);
  quiesce_restore_options options;
  quiesce_restore_options_init(&options);
  options.allow_missing_functions = 1;
  quiesce_limits limits;
  quiesce_limits_init(&limits);
  limits.memory_bytes_max = 1u << 20;
  options.limits = &limits;
  OK(quiesce_vm_restore(bare, snapshot, &options, &again));
  OK(quiesce_vm_limits(again, &limits));
  EXPECT_EQ(limits.memory_bytes_max, 1u << 20);
  OK(quiesce_vm_free(again));
  OK(quiesce_host_free(bare));
  OK(quiesce_snapshot_free(snapshot));
  std::filesystem::remove(file);
}

TEST_F(C, SnapshotsAsDeltas) {  // D2
  eval("globalThis.x = 1");
  const auto [first, second, delta] = two_snapshots();
  quiesce_buffer* bytes = nullptr;
  OK(quiesce_snapshot_to_bytes(delta, &bytes));
  const std::string content = taken(bytes);
  quiesce_snapshot* again = nullptr;
  EXPECT_EQ(quiesce_snapshot_from_bytes(content.data(), content.size(), QUIESCE_UNLIMITED, &again),
            QUIESCE_SNAPSHOT);
  EXPECT_EQ(quiesce_snapshot_from_delta(content.data(), content.size(), QUIESCE_UNLIMITED, second,
                                        &again),
            QUIESCE_SNAPSHOT);
  OK(quiesce_snapshot_from_delta(content.data(), content.size(), QUIESCE_UNLIMITED, first, &again));
  quiesce_buffer* expected = nullptr;
  quiesce_buffer* digest = nullptr;
  OK(quiesce_snapshot_content_digest(second, &expected));
  OK(quiesce_snapshot_content_digest(again, &digest));
  EXPECT_EQ(taken(digest), taken(expected));
  for (quiesce_snapshot* snapshot : {first, second, delta, again})
    OK(quiesce_snapshot_free(snapshot));
}

TEST_F(C, SnapshotsAsBytes) {  // A18, C4
  eval("globalThis.x = 'here'");
  quiesce_snapshot* snapshot = nullptr;
  OK(quiesce_vm_snapshot(vm(), &snapshot));
  quiesce_buffer* bytes = nullptr;
  OK(quiesce_snapshot_to_bytes(snapshot, &bytes));
  std::string content = taken(bytes);
  quiesce_snapshot* again = nullptr;
  OK(quiesce_snapshot_from_bytes(content.data(), content.size(), QUIESCE_UNLIMITED, &again));
  quiesce_buffer* first = nullptr;
  quiesce_buffer* second = nullptr;
  for (const auto digest :
       {quiesce_snapshot_digest, quiesce_snapshot_content_digest, quiesce_snapshot_engine}) {
    OK(digest(snapshot, &first));
    OK(digest(again, &second));
    const std::string text = taken(first);
    EXPECT_EQ(text, taken(second));
    EXPECT_EQ(text.size(), 64u);
  }
  uint64_t memory = 0;
  OK(quiesce_snapshot_memory_bytes(again, &memory));
  EXPECT_GT(memory, 1u << 20);
  quiesce_limits limits;
  quiesce_limits_init(&limits);
  OK(quiesce_snapshot_limits(again, &limits));
  EXPECT_EQ(limits.fuel_max, QUIESCE_UNLIMITED);
  content[content.size() / 2] ^= 1;
  quiesce_snapshot* damaged = nullptr;
  EXPECT_EQ(
      quiesce_snapshot_from_bytes(content.data(), content.size(), QUIESCE_UNLIMITED, &damaged),
      QUIESCE_SNAPSHOT);
  EXPECT_EQ(quiesce_snapshot_load("/nowhere/at all", QUIESCE_NTS, QUIESCE_UNLIMITED, &damaged),
            QUIESCE_IO);
  EXPECT_EQ(quiesce_snapshot_load("a\0b", 3, QUIESCE_UNLIMITED, &damaged),
            QUIESCE_INVALID_ARGUMENT);
  OK(quiesce_snapshot_free(again));
  OK(quiesce_snapshot_free(snapshot));
}

TEST_F(C, JobsTimersAndRejections) {  // A11, A12
  quiesce_value* promise = eval("Promise.resolve(1).then(x => { throw x + 1; })");
  int ran = 0;
  OK(quiesce_vm_run_one_job(vm(), &ran));
  EXPECT_EQ(ran, 1);
  quiesce_promise_state state = QUIESCE_PENDING;
  OK(quiesce_value_promise_state(promise, &state));
  EXPECT_EQ(state, QUIESCE_REJECTED);
  quiesce_value* reason = nullptr;
  OK(quiesce_value_promise_result(promise, &reason));
  EXPECT_EQ(printed(kept(reason)), "2");
  quiesce_value* rejected = nullptr;
  OK(quiesce_vm_take_rejection(vm(), &rejected, &reason));
  EXPECT_EQ(printed(kept(reason)), "2");
  kept(rejected);
  OK(quiesce_vm_take_rejection(vm(), &rejected, &reason));
  EXPECT_EQ(rejected, nullptr);
  OK(quiesce_value_mark_handled(eval("Promise.reject(3)")));
  OK(quiesce_vm_take_rejection(vm(), &rejected, &reason));
  EXPECT_EQ(rejected, nullptr);
  int64_t deadline = 0;
  OK(quiesce_vm_next_deadline(vm(), &deadline));
  EXPECT_EQ(deadline, std::numeric_limits<int64_t>::max());
  eval("setTimeout(() => {}, 1000)");
  OK(quiesce_vm_next_deadline(vm(), &deadline));
  EXPECT_EQ(deadline, 1'767'225'601'000'000'000);
  OK(quiesce_vm_run_one_timer(vm(), &ran));
  EXPECT_EQ(ran, 0);
  OK(quiesce_vm_run_until_idle(vm()));
  EXPECT_EQ(quiesce_vm_run(vm(), eval("Promise.reject(new TypeError('no'))"), nullptr),
            QUIESCE_JAVASCRIPT);
  EXPECT_STREQ(quiesce_last_error_text(nullptr), "TypeError: no");

  quiesce_deferred* deferred = nullptr;
  OK(quiesce_vm_defer(vm(), "ask", 3, nullptr, 0, &deferred));
  uint64_t id = 0;
  OK(quiesce_deferred_id(deferred, &id));
  quiesce_deferred* same = nullptr;
  OK(quiesce_vm_deferred(vm(), id, &same));
  EXPECT_EQ(quiesce_deferred_settle(same, reason, QUIESCE_RESOLVE), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_deferred_settle(same, promise, static_cast<quiesce_settle>(5)),
            QUIESCE_INVALID_ARGUMENT);
  OK(quiesce_deferred_settle(same, eval("'no'"), QUIESCE_REJECT));
  EXPECT_EQ(quiesce_deferred_settle(deferred, promise, QUIESCE_RESOLVE), QUIESCE_UNKNOWN_CALL);
  OK(quiesce_deferred_free(same));
  OK(quiesce_deferred_free(deferred));
}

// ---- limits -------------------------------------------------------------------------------------

TEST_F(C, Limits) {  // A15, A16, A17
  quiesce_limits limits;
  quiesce_limits_init(&limits);
  limits.fuel_max = 1000;
  OK(quiesce_vm_new(host_, &limits, &vm_));
  EXPECT_EQ(quiesce_vm_eval(vm_, "for (;;);", QUIESCE_NTS, nullptr, nullptr), QUIESCE_LIMIT);
  EXPECT_EQ(quiesce_last_error_limit(), QUIESCE_LIMIT_FUEL);
  uint64_t used = 0;
  uint64_t allowed = 0;
  quiesce_last_error_figures(&used, &allowed);
  EXPECT_EQ(allowed, 1000u);
  uint64_t fuel = 1;
  OK(quiesce_vm_fuel_left(vm_, &fuel));
  EXPECT_EQ(fuel, 0u);
  limits.fuel_max = QUIESCE_UNLIMITED;
  limits.time_ns_max = 20'000'000;
  limits.memory_bytes_max = 8u << 20;
  OK(quiesce_vm_set_limits(vm_, &limits));
  EXPECT_EQ(quiesce_vm_eval(vm_, "for (;;);", QUIESCE_NTS, nullptr, nullptr), QUIESCE_LIMIT);
  EXPECT_EQ(quiesce_last_error_limit(), QUIESCE_LIMIT_TIME);
  limits.time_ns_max = 0;
  OK(quiesce_vm_set_limits(vm_, &limits));
  EXPECT_EQ(quiesce_vm_eval(vm_, "const a = []; for (;;) a.push('x'.repeat(1e5) + a.length)",
                            QUIESCE_NTS, nullptr, nullptr),
            QUIESCE_JAVASCRIPT);
  EXPECT_EQ(quiesce_last_error_limit(), QUIESCE_LIMIT_MEMORY);
  EXPECT_EQ(quiesce_vm_eval(vm_, "function f() { f() } f()", QUIESCE_NTS, nullptr, nullptr),
            QUIESCE_JAVASCRIPT);
  EXPECT_EQ(quiesce_last_error_limit(), QUIESCE_LIMIT_STACK);
  OK(quiesce_vm_collect_garbage(vm_));
  quiesce_memory_usage usage;
  usage.struct_size = sizeof(usage);
  OK(quiesce_vm_memory_usage(vm_, &usage));
  EXPECT_GT(usage.objects, 100u);
  limits.stack_bytes_max = 1;
  EXPECT_EQ(quiesce_vm_set_limits(vm_, &limits), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_vm_set_limits(vm_, nullptr), QUIESCE_INVALID_ARGUMENT);
}

TEST_F(C, StopsFromAnotherThread) {  // A16
  quiesce_stop* stop = nullptr;
  OK(quiesce_stop_new(&stop));
  OK(quiesce_vm_set_stop(vm(), stop));
  std::thread other([stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(quiesce_stop_request(stop), QUIESCE_OK);
  });
  EXPECT_EQ(quiesce_vm_eval(vm(), "for (;;);", QUIESCE_NTS, nullptr, nullptr), QUIESCE_STOPPED);
  other.join();
  OK(quiesce_vm_set_stop(vm(), nullptr));
  EXPECT_EQ(evaluated("6 * 7"), "42");
  OK(quiesce_stop_free(stop));
  EXPECT_EQ(quiesce_stop_request(stop), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_vm_set_stop(vm(), stop), QUIESCE_INVALID_ARGUMENT);
}

TEST_F(C, SlicesFuelAndFigures) {  // A28
  eval(
      "globalThis.n = 0; for (let i = 0; i < 10; ++i) Promise.resolve().then(() => { "
      "for (let k = 0; k < 1000; ++k) ++n; })");
  quiesce_run_end end = QUIESCE_RUN_SETTLED;
  OK(quiesce_vm_run_slice(vm(), nullptr, 100, &end, nullptr));
  EXPECT_EQ(end, QUIESCE_RUN_FUEL_SLICE);
  EXPECT_EQ(evaluated("n < 10000"), "true");
  OK(quiesce_vm_run_slice(vm(), nullptr, QUIESCE_UNLIMITED, &end, nullptr));
  EXPECT_EQ(end, QUIESCE_RUN_IDLE);
  EXPECT_EQ(evaluated("n"), "10000");
  quiesce_value* value = nullptr;
  OK(quiesce_vm_run_slice(vm(), eval("Promise.resolve(5)"), 1000, &end, &value));
  EXPECT_EQ(end, QUIESCE_RUN_SETTLED);
  EXPECT_EQ(printed(kept(value)), "5");
  uint64_t fuel = 0;
  OK(quiesce_vm_fuel_used(vm(), &fuel));
  EXPECT_GT(fuel, 10000u);
  OK(quiesce_vm_set_gc_threshold(vm(), QUIESCE_UNLIMITED));
  uint64_t bytes = 0;
  OK(quiesce_vm_gc_threshold(vm(), &bytes));
  EXPECT_EQ(bytes, QUIESCE_UNLIMITED);
  OK(quiesce_vm_reseed(vm()));
  int64_t now = 0;
  OK(quiesce_vm_now(vm(), &now));
  EXPECT_EQ(now, 1'767'225'600'000'000'000);
}

TEST_F(C, WatchedPromises) {  // A9, A10
  std::string seen;
  const auto note = [](void* user, quiesce_settlement how, quiesce_value* value) {
    auto& text = *static_cast<std::string*>(user);
    text += std::to_string(how);
    if (value == nullptr) return;
    quiesce_buffer* printed = nullptr;
    EXPECT_EQ(quiesce_value_inspect(value, &printed), QUIESCE_OK);
    text += taken(printed);
  };
  const auto end = [](void* user) { *static_cast<std::string*>(user) += "|"; };
  OK(quiesce_vm_on_settled(vm(), eval("Promise.resolve('yes')"), note, &seen, end));
  OK(quiesce_vm_on_settled(vm(), eval("Promise.reject('no')"), note, &seen, end));
  OK(quiesce_vm_on_settled(vm(), eval("new Promise(() => {})"), note, &seen, end));
  EXPECT_EQ(quiesce_vm_on_settled(vm(), eval("5"), note, &seen, end), QUIESCE_TYPE_MISMATCH);
  EXPECT_EQ(seen, "|");
  OK(quiesce_vm_run_until_idle(vm()));
  EXPECT_EQ(seen, "|0'yes'|1'no'|");
  quiesce_deferred* deferred = nullptr;
  quiesce_value* promise = nullptr;
  OK(quiesce_vm_new_promise(vm(), &deferred));
  OK(quiesce_deferred_promise(deferred, &promise));
  OK(quiesce_deferred_settle(deferred, eval("8"), QUIESCE_RESOLVE));
  quiesce_value* value = nullptr;
  OK(quiesce_vm_run(vm(), kept(promise), &value));
  EXPECT_EQ(printed(kept(value)), "8");
  OK(quiesce_deferred_free(deferred));
  OK(quiesce_vm_free(vm_));
  vm_ = nullptr;
  EXPECT_EQ(seen, "|0'yes'|1'no'|2|");
}

// ---- misuse -------------------------------------------------------------------------------------

TEST_F(C, NullAndDeadHandlesAreErrors) {  // C8
  quiesce_value* value = nullptr;
  double number = 0;
  EXPECT_EQ(quiesce_vm_eval(nullptr, "1", 1, nullptr, &value), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_value_as_number(nullptr, &number), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_value_as_number(eval("1"), nullptr), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_new_number(vm(), 1, nullptr), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_vm_new(host_, nullptr, nullptr), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_buffer_data(nullptr, nullptr), nullptr);
  EXPECT_EQ(quiesce_list_count(nullptr), 0u);

  OK(quiesce_new_number(vm(), 1, &value));
  OK(quiesce_value_free(value));
  EXPECT_EQ(quiesce_value_as_number(value, &number), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_value_free(value), QUIESCE_INVALID_ARGUMENT);
  EXPECT_NE(std::string(quiesce_last_error_text(nullptr)).find("freed"), std::string::npos);
  EXPECT_EQ(quiesce_value_free(nullptr), QUIESCE_OK);

  // One kind in another's place, and what was never a handle.
  EXPECT_EQ(quiesce_value_as_number(reinterpret_cast<quiesce_value*>(vm()), &number),
            QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_value_free(reinterpret_cast<quiesce_value*>(&number)),
            QUIESCE_INVALID_ARGUMENT);
  quiesce_vm* none = nullptr;
  EXPECT_EQ(quiesce_vm_new(reinterpret_cast<quiesce_host*>(vm()), nullptr, &none),
            QUIESCE_INVALID_ARGUMENT);
  const quiesce_value* holes[] = {eval("1"), nullptr};
  EXPECT_EQ(quiesce_new_array(vm(), holes, 2, &value), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_new_array(vm(), nullptr, 2, &value), QUIESCE_INVALID_ARGUMENT);
}

TEST_F(C, ValuesOfAnotherOrADeadVm) {  // C8
  quiesce_vm* other = nullptr;
  OK(quiesce_vm_new(nullptr, nullptr, &other));
  quiesce_value* foreign = nullptr;
  OK(quiesce_new_object(other, &foreign));
  EXPECT_EQ(quiesce_value_set(eval("({})"), "x", 1, foreign), QUIESCE_FOREIGN_VALUE);
  OK(quiesce_vm_free(other));
  EXPECT_EQ(quiesce_vm_free(other), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_value_set(foreign, "x", 1, eval("1")), QUIESCE_DEAD_VM);
  EXPECT_EQ(quiesce_value_set(eval("({})"), "x", 1, foreign), QUIESCE_DEAD_VM);
  OK(quiesce_value_free(foreign));
}

TEST_F(C, WhatAHostFunctionMayNotDo) {  // C14
  struct Seen {
    quiesce_status freed, asleep;
    quiesce_call* call;
  } seen{};
  OK(quiesce_host_function(
      host_, "try", 3, 0,
      [](void* user, quiesce_call* call) {
        Seen& out = *static_cast<Seen*>(user);
        quiesce_vm* vm = nullptr;
        quiesce_snapshot* snapshot = nullptr;
        quiesce_call_vm(call, &vm);
        out.freed = quiesce_vm_free(vm);
        out.asleep = quiesce_vm_snapshot(vm, &snapshot);
        out.call = call;
        return QUIESCE_OK;
      },
      &seen, nullptr));
  EXPECT_EQ(evaluated("[globalThis['try'](), 'goes on']"), "[ undefined, 'goes on' ]");
  EXPECT_EQ(seen.freed, QUIESCE_BUSY);
  EXPECT_EQ(seen.asleep, QUIESCE_BUSY);
  size_t count = 0;
  EXPECT_EQ(quiesce_call_argument_count(seen.call, &count), QUIESCE_INVALID_ARGUMENT);
}

TEST_F(C, LastErrorsBelongToThreads) {
  EXPECT_EQ(quiesce_vm_eval(vm(), "null.x", QUIESCE_NTS, nullptr, nullptr), QUIESCE_JAVASCRIPT);
  std::thread([] {
    EXPECT_EQ(quiesce_last_error(), QUIESCE_OK);
    EXPECT_STREQ(quiesce_last_error_text(nullptr), "");
  }).join();
  EXPECT_STREQ(quiesce_last_error_name(nullptr), "TypeError");
}

}  // namespace
