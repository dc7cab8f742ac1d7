#include "fuzz/session.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "guest/instance.hpp"
#include "vm/machine.hpp"

namespace quiesce::fuzz {
namespace {

constexpr std::array<const char*, 14> kSnippets = {
    "globalThis",
    "({a: 1, get b() { return this.a }, set b(v) { throw v }, [Symbol.iterator]: null})",
    "[1, 2.5, 'three', null, undefined, 4n, [5]]",
    "new Proxy({}, {get: (t, k) => k, ownKeys: () => ['x', 'y'], has: () => { throw 1 }})",
    "(function f(n) { return n > 0 ? f(n - 1) + host(n) : [...arguments] })",
    "class A { #x = 1; static s = new A; get x() { return this.#x } async *g() { yield await 1 } "
    "}; A",
    "(async () => { for (const p of [1, 2, 3]) await quiesce.call('wait', p) })()",
    "new Promise((resolve, reject) => setTimeout(reject, 5, new TypeError('late')))",
    "new Map([[{}, new Set([1, /(a+)+$/.exec('aaaa')])], ['k', new Date(0)]])",
    "let u = new Uint16Array([1, 2, 65535]); new DataView(u.buffer, 2)",
    "JSON.parse('{\"a\":[1,{\"b\":\"\\\\ud800\"}]}', (k, v) => v)",
    "function* gen() { try { yield 1; yield 2 } finally { host('done') } }; const it = gen(); "
    "it.next(); it",
    "'\\u{1F600}x'.repeat(100).split('').sort().join('').normalize('NFD')",
    "try { null.x } catch (e) { e.cause = e; e }",
};

constexpr std::array<const char*, 10> kKeys = {
    "a", "b", "length", "0", "constructor", "__proto__", "then", "toString", "x\xc3\xa9", ""};

}  // namespace

void require(bool condition, const char* sentence) {
  if (condition) return;
  std::fprintf(stderr, "finding: %s\n", sentence);
  std::abort();
}

Limits small_limits() {
  Limits limits;
  limits.memory_bytes_max = 8u << 20;
  limits.stack_bytes_max = 128u << 10;
  limits.time_max = std::chrono::milliseconds(100);
  return limits;
}

void require_usable(VM& vm) {
  const auto sum = attempt([&] { return vm.eval("1 + 1").as<int>(); });
  if (sum) {
    require(*sum == 2, "1 + 1 is not 2 any more");
  } else {
    const Error& error = sum.error();
    require(error.code() == Errc::poisoned || error.limit().has_value(),
            "a VM that is not lost cannot add");
  }
}

Host Session::make_host() {
  Host host;
  host.clock(fixed_clock(Time{})).entropy(seeded_entropy(1));
  host.function("host", [](Call& call) {
    if (call.argument_count() > 0 && call.argument(0).is_function()) {
      return call.argument(0).call(call.self(), call.arguments());
    }
    return call.vm().eval("[this, typeof host]");
  });
  host.function("fail", [](double code) {
    if (code > 1) throw std::runtime_error("not for the guest");
    throw Error(Errc::invalid_argument, "for the guest");
  });
  static const auto kTree = memory_files({{"/a/f", "content"}, {"/g", "g"}}, {{"/l", "a"}});
  host.files(Mounts().mount("/m", kTree, {.keeps_writes = true}));
  return host;
}

Session::Session(Guest guest) : guest_(guest), host_(make_host()), vm_(host_, small_limits()) {}

void Session::run(Reader input) {
  while (!input.empty()) {
    const auto outcome = attempt([&] { step(input); });
    if (!outcome && outcome.error().code() == Errc::poisoned) return;
  }
}

const Value& Session::pick(Reader& input) {
  static const Value none;
  return values_.empty() ? none : values_[input.take<std::uint8_t>() % values_.size()];
}

void Session::put(Value value) {
  if (values_.size() < 32) {
    values_.push_back(std::move(value));
  } else {
    values_[static_cast<std::size_t>(value.type()) % 32] = std::move(value);
  }
}

void Session::step(Reader& input) {
  switch (input.choose(4)) {
    case 0: put(vm_.eval(kSnippets[input.choose(kSnippets.size())])); break;
    case 1: step_on_machine(input); break;
    case 2:
      if (guest_ == Guest::hostile) {
        damage(input);
        break;
      }
      [[fallthrough]];
    default: step_on_value(input); break;
  }
}

void Session::step_on_value(Reader& input) {
  const Value& value = pick(input);
  const char* key = kKeys[input.choose(kKeys.size())];
  switch (input.choose(18)) {
    case 0: put(value.get(key)); break;
    case 1: value.set(key, pick(input)); break;
    case 2: put(value(pick(input), input.take<std::int32_t>())); break;
    case 3: put(value.construct(pick(input))); break;
    case 4: put(vm_.string(value.to_string())); break;
    case 5: put(value.to_number()); break;
    case 6: put(vm_.value(value.to_json(input.choose(3)))); break;
    case 7: put(vm_.string(value.inspect())); break;
    case 8:
      for (Value& each : value.keys(static_cast<Keys>(input.choose(4)))) put(std::move(each));
      break;
    case 9: put(value.get(pick(input))); break;
    case 10: value.define(key, pick(input), {.writable = true}); break;
    case 11: put(value.has(key)); break;
    case 12: put(value.remove(input.take<std::uint16_t>())); break;
    case 13: put(value.strictly_equals(pick(input))); break;
    case 14: put(vm_.value(value.try_as<std::vector<std::byte>>())); break;
    case 15: put(vm_.value(value.try_as<std::u16string>())); break;
    case 16: put(vm_.value(value.try_as<std::vector<std::optional<BigInt>>>())); break;
    default: put(value.promise_result()); break;
  }
}

void Session::step_on_files(Reader& input) {
  static const std::array<const char*, 8> kPaths = {"/m/a/f", "/m/l/f", "/m/a", "/x",
                                                    "/x/y",   "/m/g",   "/m",   "/"};
  Files files = vm_.files();
  const char* const path = kPaths[input.choose(kPaths.size())];
  const char* const other = kPaths[input.choose(kPaths.size())];
  switch (input.choose(8)) {
    case 0: put(static_cast<double>(files.read(path).value_or("").size())); break;
    case 1:
      put(static_cast<double>(files.list(path).value_or(std::vector<std::string>()).size()));
      break;
    case 2: files.append(path, std::string(input.choose(256), 'x')); break;
    case 3: files.make_directories(path); break;
    case 4: files.remove_all(path); break;
    case 5: files.rename(path, other); break;
    case 6: files.make_link(path, other); break;
    default: files.real_path(path); break;
  }
}

void Session::step_on_machine(Reader& input) {
  switch (input.choose(18)) {
    case 16:
    case 17: step_on_files(input); break;
    case 0: vm_.run_until_idle(); break;
    case 1: sleep_and_wake(); break;
    case 2: vm_.keep(kKeys[input.choose(kKeys.size())], pick(input)); break;
    case 3: put(vm_.kept(kKeys[input.choose(kKeys.size())]).value_or(Value())); break;
    case 4: put(vm_.defer("wait", pick(input)).promise()); break;
    case 5:
      for (const PendingCall& call : vm_.pending_calls()) {
        if (auto deferred = vm_.deferred(call.id)) deferred->resolve(pick(input));
      }
      break;
    case 6:
      if (auto deferred = vm_.deferred(input.choose(8))) deferred->reject(pick(input));
      break;
    case 7: put(vm_.run(pick(input)).value_or(Value())); break;
    case 8: put(static_cast<double>(vm_.timer_deadlines().size())); break;
    case 9:
      for (Rejection& rejection : vm_.take_unhandled_rejections()) put(std::move(rejection.reason));
      break;
    case 10: vm_.collect_garbage(); break;
    case 11: put(static_cast<double>(vm_.memory_usage().objects)); break;
    case 12: put(static_cast<double>(vm_.function_names().size() + vm_.kept_names().size())); break;
    case 13: put(vm_.bigint({std::to_string(input.take<std::int64_t>())})); break;
    case 14: put(vm_.function("host")); break;
    default: {
      const auto unit = input.take<char16_t>();
      put(vm_.string(std::u16string(input.choose(200), unit)));
      break;
    }
  }
}

void Session::sleep_and_wake() {
  const Snapshot sleep = vm_.snapshot();
  VM again(host_, sleep);
  const Snapshot same = again.snapshot();
  require(same.to_bytes() == sleep.to_bytes(), "a VM that was woken sleeps in other bytes");
  if (guest_ == Guest::honest) {
    require(Snapshot::from_bytes(sleep.to_bytes()).digest() == sleep.digest(),
            "the file form does not load again");
  }
  vm_ = std::move(again);  // the values are now those of a VM that is gone
}

void Session::damage(Reader& input) {
  const guest::LinearMemory& memory = detail::ValueAccess::machine(vm_).instance().memory();
  const guest::BaseImage& image = guest::base_image();
  const auto start = input.choose(3) == 0 ? image.shared : image.stack_pointer;
  const std::uint64_t room = memory.size() - start - sizeof(std::uint64_t);
  const auto address = static_cast<std::uint32_t>(start + input.take<std::uint32_t>() % room);
  switch (input.choose(4)) {
    case 0: memory.store(address & ~3u, input.take<std::uint32_t>()); break;
    case 1: memory.store(address & ~3u, ~0u - input.choose(16)); break;
    case 2:  // a pointer to somewhere else
      memory.store(address & ~3u, static_cast<std::uint32_t>(image.stack_pointer +
                                                             input.take<std::uint32_t>() % room));
      break;
    default: memory.store(address, input.take<std::uint64_t>()); break;
  }
}

}  // namespace quiesce::fuzz
