// The command line program: see docs/command-line.md, or `quiesce --help`.
#include <exception>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/help.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "quiesce/error.hpp"

namespace {

using namespace quiesce;
using cli::Exit;

Exit dispatch(const cli::Options& options) {
  switch (options.command) {
    case cli::Command::eval: return cli::eval(options);
    case cli::Command::run: return cli::run(options);
    case cli::Command::resume: return cli::resume(options);
    case cli::Command::inspect: return cli::inspect(options);
    case cli::Command::resolve: return cli::resolve(options);
    case cli::Command::engines: return cli::engines(options);
    case cli::Command::diff: return cli::diff(options);
    case cli::Command::key: return cli::key(options);
    case cli::Command::image: return cli::build_image(options);
  }
  return Exit::usage;
}

// For what is neither JavaScript's fault nor that of the arguments.
Exit status_of(const Error& error) {
  if (error.limit()) return Exit::limit;
  const bool broke = error.code() == Errc::poisoned || error.code() == Errc::javascript;
  return broke ? Exit::uncaught : Exit::usage;
}

Exit run_command_line(const std::vector<std::string>& arguments) {
  try {
    return dispatch(cli::parse_arguments(arguments));
  } catch (const cli::HelpRequest& help) {
    cli::print(help.text);
    return Exit::done;
  } catch (const cli::Stopped& stopped) {
    return stopped.status;
  } catch (const cli::UsageError& error) {
    cli::complain(error.what());
    return Exit::usage;
  } catch (const Error& error) {
    const bool memory = error.limit() == Limit::memory;
    cli::complain(error.what() + std::string(memory ? "; --memory sets that limit" : ""));
    return status_of(error);
  } catch (const std::exception& error) {  // std::bad_alloc, for one
    cli::complain(error.what());
    return Exit::usage;
  }
}

}  // namespace

int main(int argc, char** argv) {
  cli::open_standard_streams();
  if (argc < 2) {
    cli::print_error(cli::overview_help());
    return static_cast<int>(Exit::usage);
  }
  return static_cast<int>(run_command_line({argv + 1, argv + argc}));
}
