// What single operations of Quiesce cost, seen through its public interface.
//
// The names are those of bench/peers/*, which measure the same operations elsewhere; bench/run puts
// them side by side. docs/performance.md says what each figure contains. A VM's end is always in
// our figures and never in those of the others.
#include "single/single.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "programs.hpp"
#include "quiesce/quiesce.hpp"

namespace bench {
namespace {

void eval_one_plus_one(quiesce::VM& vm) { expect(vm.eval("1+1").as<double>() == 2, "1+1"); }

// ---- a new VM -----------------------------------------------------------------------------------

void create(benchmark::State& state) {
  const quiesce::Host host;
  for (auto _ : state) {
    quiesce::VM vm{host};
    benchmark::DoNotOptimize(vm);
  }
}
BENCHMARK(create);

void create_eval(benchmark::State& state) {
  const quiesce::Host host;
  for (auto _ : state) {
    quiesce::VM vm{host};
    eval_one_plus_one(vm);
  }
}
BENCHMARK(create_eval);

// ---- in a live VM -------------------------------------------------------------------------------

void eval(benchmark::State& state) {
  quiesce::VM vm;
  for (auto _ : state) eval_one_plus_one(vm);
}
BENCHMARK(eval);

void property_get(benchmark::State& state) {
  quiesce::VM vm;
  const quiesce::Value object = vm.eval("({x: 1.5})");
  for (auto _ : state) expect(object.get("x").as<double>() == 1.5, "property");
}
BENCHMARK(property_get);

void property_set(benchmark::State& state) {
  quiesce::VM vm;
  const quiesce::Value object = vm.eval("({x: 1.5})");
  for (auto _ : state) object.set("x", 2.5);
  expect(object.get("x").as<double>() == 2.5, "property");
}
BENCHMARK(property_set);

void data_out(benchmark::State& state) {
  quiesce::VM vm;
  const quiesce::Value objects = vm.eval(program("data.js"));
  for (auto _ : state) expect(objects.as<quiesce::Data>().size() == 1000, "data.js");
}
BENCHMARK(data_out);

void data_in(benchmark::State& state) {
  quiesce::VM vm;
  const quiesce::Data objects = vm.eval(program("data.js")).as<quiesce::Data>();
  for (auto _ : state) expect(vm.value(objects).is_object(), "data.js");
}
BENCHMARK(data_in);

double seconds_per_turn(const quiesce::Value& loops, const char* method, std::uint32_t turns) {
  const quiesce::Value loop = loops.get(method);
  const Clock::time_point start = Clock::now();
  loop(turns);
  return us_since(start) / 1e6 / turns;
}

/// One call from JavaScript with two numbers; the loop around it is subtracted.
void host_call(benchmark::State& state) {
  constexpr std::uint32_t kTurns = 2'000'000;
  quiesce::Host host;
  host.function("add", [](double left, double right) { return left + right; });
  quiesce::VM vm{host};
  const quiesce::Value loops = vm.eval(program("host_calls.js"));
  seconds_per_turn(loops, "calls", kTurns / 10);
  for (auto _ : state) {
    state.SetIterationTime(seconds_per_turn(loops, "calls", kTurns) -
                           seconds_per_turn(loops, "bare", kTurns));
  }
}
BENCHMARK(host_call)->UseManualTime()->Iterations(1);

void loop(benchmark::State& state) {
  quiesce::VM vm;
  const std::string source = program("loop.js");
  for (auto _ : state) expect(vm.eval(source).as<double>() == 3e7, "loop.js");
}
BENCHMARK(loop)->Iterations(1);

// ---- sleep and waking: the README's program -----------------------------------------------------

void wake_and_finish(const WaitingOrder& order, const quiesce::Snapshot& asleep) {
  quiesce::VM awake{order.host, asleep};
  order.finish(awake);
}

void snapshot(benchmark::State& state) {
  WaitingOrder order;
  for (auto _ : state) benchmark::DoNotOptimize(order.vm.snapshot());
}
BENCHMARK(snapshot);

void snapshot_bytes(benchmark::State& state) {
  WaitingOrder order;
  for (auto _ : state) benchmark::DoNotOptimize(order.vm.snapshot().to_bytes());
  state.counters["stored"] = static_cast<double>(order.vm.snapshot().stored_bytes());
}
BENCHMARK(snapshot_bytes);

void restore(benchmark::State& state) {
  WaitingOrder order;
  const quiesce::Snapshot asleep = order.vm.snapshot();
  for (auto _ : state) {
    quiesce::VM awake{order.host, asleep};
    benchmark::DoNotOptimize(awake);
  }
}
BENCHMARK(restore);

void restore_run(benchmark::State& state) {
  WaitingOrder order;
  const quiesce::Snapshot asleep = order.vm.snapshot();
  for (auto _ : state) wake_and_finish(order, asleep);
}
BENCHMARK(restore_run);

void restore_bytes_run(benchmark::State& state) {
  WaitingOrder order;
  const std::vector<std::byte> bytes = order.vm.snapshot().to_bytes();
  for (auto _ : state) wake_and_finish(order, quiesce::Snapshot::from_bytes(bytes));
}
BENCHMARK(restore_bytes_run);

// ---- sleep and waking: 24 MB of objects ---------------------------------------------------------

struct FullHeap {
  quiesce::Host host;
  quiesce::VM vm{host};
  quiesce::Value touch;

  FullHeap() {
    vm.eval(program("heap.js"));
    touch = vm.eval("() => { orders[700].cents++; }");
  }

  void read_one(const quiesce::Snapshot& asleep) const {
    quiesce::VM awake{host, asleep};
    expect(awake.eval("orders[500].id").as<double>() == 500, "heap.js");
  }
};

void heap_snapshot(benchmark::State& state) {
  FullHeap heap;
  for (auto _ : state) {
    state.PauseTiming();  // a snapshot of a VM that has not run since the last one would be no work
    heap.touch();
    state.ResumeTiming();
    benchmark::DoNotOptimize(heap.vm.snapshot());
  }
  state.counters["heap_memory"] = static_cast<double>(heap.vm.snapshot().memory_bytes());
}
BENCHMARK(heap_snapshot);

void heap_snapshot_bytes(benchmark::State& state) {
  FullHeap heap;
  for (auto _ : state) {
    state.PauseTiming();
    heap.touch();
    state.ResumeTiming();
    benchmark::DoNotOptimize(heap.vm.snapshot().to_bytes());
  }
  state.counters["heap_stored"] = static_cast<double>(heap.vm.snapshot().stored_bytes());
}
BENCHMARK(heap_snapshot_bytes);

void heap_restore(benchmark::State& state) {
  FullHeap heap;
  const quiesce::Snapshot asleep = heap.vm.snapshot();
  for (auto _ : state) heap.read_one(asleep);
}
BENCHMARK(heap_restore);

void heap_restore_bytes(benchmark::State& state) {
  FullHeap heap;
  const std::vector<std::byte> bytes = heap.vm.snapshot().to_bytes();
  for (auto _ : state) heap.read_one(quiesce::Snapshot::from_bytes(bytes));
}
BENCHMARK(heap_restore_bytes);

// ---- waking against what sleeps: under 1 ms, and independent of it ------------------------------

/// What the first restore from a snapshot pays for all: the image that VMs are views of.
double first_restore_us(const quiesce::Host& host, const quiesce::Snapshot& asleep) {
  const Clock::time_point start = Clock::now();
  quiesce::VM vm{host, asleep};
  return us_since(start);
}

/// A VM from a snapshot in memory, and its first call; the heap has so many MB of objects.
void restore_heap(benchmark::State& state) {
  const quiesce::Host host;
  quiesce::VM vm{host, {.memory_bytes_max = 1u << 30}};
  vm.eval(heap_program(static_cast<double>(state.range(0))));
  const quiesce::Snapshot asleep = vm.snapshot();
  state.counters["first_us"] = first_restore_us(host, asleep);
  for (auto _ : state) {
    quiesce::VM awake{host, asleep};
    expect(awake.eval("orders[50].id").as<double>() == 50, "heap.js");
  }
}
BENCHMARK(restore_heap)->Arg(1)->Arg(4)->Arg(16)->Arg(64)->Arg(256);

// ---- TypeScript ---------------------------------------------------------------------------------

/// The types of a file that was not seen before are erased; so many kilobytes.
void strip_types(benchmark::State& state) {
  if (!quiesce::has_typescript()) {
    state.SkipWithError("built without TypeScript");
    return;
  }
  const std::string kilobyte = program("types.ts");
  std::string text;
  for (std::int64_t i = 0; i < state.range(0); ++i) text += kilobyte;
  int files = 0;
  for (auto _ : state) {
    const std::string source = text + "// " + std::to_string(files++);
    expect(quiesce::strip_types(source, "types.ts").size() == source.size(), "types.ts");
  }
}
BENCHMARK(strip_types)->Arg(1)->Arg(10)->Arg(100);

}  // namespace

int run_single(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace bench
