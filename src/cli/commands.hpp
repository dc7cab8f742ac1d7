// What each command does. They print what is to be printed and return the exit status; what they
// throw besides Stopped (UsageError, Error) is for `main` to print.
#pragma once

#include "cli/failure.hpp"
#include "cli/options.hpp"

namespace quiesce::cli {

Exit eval(const Options& options);
Exit run(const Options& options);
Exit resume(const Options& options);
Exit inspect(const Options& options);
Exit resolve(const Options& options);
Exit engines(const Options& options);
Exit diff(const Options& options);
Exit key(const Options& options);
Exit build_image(const Options& options);

}  // namespace quiesce::cli
