// Single operations, measured with Google Benchmark.
#pragma once

namespace bench {

/// Takes the words of the command line that Google Benchmark takes; the exit status.
int run_single(int count, char** arguments);

}  // namespace bench
