// What Quiesce costs, seen through its public interface.
//
//   build/release/bin/quiesce-bench --json                         what sleep and waking cost: a
//   line
//                                                                  of JSON for each figure
//   build/release/bin/quiesce-bench --curves                       the same against the size of the
//                                                                  heap, changed pages, live VMs
//   build/release/bin/quiesce-bench                                single operations, as text
//   build/release/bin/quiesce-bench --benchmark_filter='^restore'  some of these
//
// With --quick, the first two run briefly, to see that they work. bench/run sets all of this
// against others; docs/performance.md says what each figure contains.
#include <cstdio>
#include <exception>
#include <string_view>

#include "sleep/curves.hpp"
#include "sleep/required.hpp"
#if QUIESCE_BENCH_SINGLE
#include "single/single.hpp"
#endif

namespace {

int run_others([[maybe_unused]] int count, [[maybe_unused]] char** arguments) {
#if QUIESCE_BENCH_SINGLE
  return bench::run_single(count, arguments);
#else
  std::fputs("quiesce-bench: built without Google Benchmark, so --json and --curves only\n",
             stderr);
  return 2;
#endif
}

int run(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what != "--json" && what != "--curves") return run_others(count, arguments);
  const bool quick = count == 3 && std::string_view(arguments[2]) == "--quick";
  if (count > 2 && !quick) {
    std::fputs("usage: quiesce-bench --json|--curves [--quick]\n", stderr);
    return 2;
  }
  const bench::Care care = quick ? bench::Care::quick : bench::Care::full;
  what == "--json" ? bench::print_required(care) : bench::print_curves(care);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "quiesce-bench: %s\n", error.what());
    return 1;
  }
}
