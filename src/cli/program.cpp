#include "cli/program.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/file.hpp"
#include "cli/json_text.hpp"
#include "cli/location.hpp"
#include "cli/output.hpp"
#include "cli/units.hpp"
#include "quiesce/files.hpp"
#include "quiesce/module.hpp"
#include "quiesce/resolver.hpp"

namespace quiesce::cli {

namespace {

// For printing an error after the program's own time is over.
constexpr std::chrono::nanoseconds kReportTime = std::chrono::seconds(2);

/// While it lives, signals that end the process wait, so that a file is written whole or not at all
/// and no temporary file stays behind.
class SignalPause {
 public:
  SignalPause() {
    sigset_t pause;
    sigemptyset(&pause);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&pause, signal);
    pthread_sigmask(SIG_BLOCK, &pause, &before_);
  }
  ~SignalPause() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalPause(const SignalPause&) = delete;
  SignalPause& operator=(const SignalPause&) = delete;

 private:
  sigset_t before_;
};

std::string list_calls(const std::vector<PendingCall>& calls) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(calls.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + printable(calls[i].name) + " (call " +
            std::to_string(calls[i].id) + ")";
  }
  if (calls.size() > kShown) text += " and " + std::to_string(calls.size() - kShown) + " more";
  return text;
}

// The code of a module that could not be had.
std::optional<std::string> module_code(const JSError& error) {
  try {
    if (error.nested()) std::rethrow_exception(error.nested());
  } catch (const ModuleError& cause) {
    return cause.node_code();
  } catch (...) {
  }
  return std::nullopt;
}

// As Node begins what it says of its own errors: "Error [ERR_MODULE_NOT_FOUND]: Cannot ...".
std::string with_code(std::string description, const JSError& error, const std::string& code) {
  const std::string plain = error.name() + ": " + error.message();
  const std::string bracketed = "[" + plain + "]";
  if (description.starts_with(bracketed)) description.replace(0, bracketed.size(), plain);
  if (description.starts_with(plain)) description.insert(error.name().size(), " [" + code + "]");
  return description;
}

// What helps against the slips that are made most; empty: nothing is known.
std::string advice_for(const JSError& error, const std::optional<Place>& place, bool has_fs) {
  const std::string& message = error.message();
  const std::string builtin = "No such built-in module: node:fs";
  if (!has_fs && message.starts_with(builtin)) return "node:fs can be imported with --fs";
  if (message.starts_with("Could not find export ") &&
      error.stack().find("ts\n") != std::string::npos)
    return "if that is a type, import it with: import type";
  const bool in_es_module = place && place->file.starts_with("file:");
  if (!in_es_module || error.name() != "ReferenceError") return "";
  for (const std::string name : {"require", "module", "exports", "__filename", "__dirname"}) {
    if (message == name + " is not defined")
      return place->file + " is an ES module, and " + name + " exists in CommonJS modules only" +
             (name == "require" ? "; use import, or name the file .cjs" : "");
  }
  return "";
}

// A process has 8 bits to say.
Exit status_of(int status) { return static_cast<Exit>(status & 0xFF); }

Exit status_of(const Error& error) {
  if (error.limit()) return Exit::limit;
  return error.code() == Errc::encoding ? Exit::usage : Exit::uncaught;
}

}  // namespace

Program::Program(VM vm, World& world, const Options& options, std::optional<Bed> bed)
    : vm_(std::move(vm)),
      world_(world),
      options_(options),
      bed_(std::move(bed)),
      limits_(vm_.limits()),
      time_left_(limits_.time_max) {}

// ---- running ------------------------------------------------------------------------------------

void Program::set_time(std::chrono::nanoseconds time) {
  Limits limits = vm_.limits();
  limits.time_max = time;
  limits.fuel_max = vm_.fuel_left();
  vm_.set_limits(limits);
}

// Calls `f`, which enters the VM, under what is left of the time, and stops if it throws.
template <class F>
auto Program::enter(F&& f) {
  const auto before = std::chrono::steady_clock::now();
  const bool limited = limits_.time_max > std::chrono::nanoseconds::zero();
  try {
    if (limited) set_time(time_left_);
    auto result = f();
    if (limited) {
      const auto spent = std::chrono::steady_clock::now() - before;
      time_left_ =
          std::max<std::chrono::nanoseconds>(time_left_ - spent, std::chrono::nanoseconds(1));
    }
    return result;
  } catch (const JSError& error) {
    stop_uncaught(error, "Uncaught ");
  } catch (const ExitError& end) {
    throw Stopped{status_of(end.status())};
  } catch (const Error& error) {
    stop(error);
  }
}

Started Program::start(Source source, Reading reading) {
  source_ = std::move(source);
  return enter([&] {
    Started started = launch(vm_, source_, reading);
    if (started.type != SourceType::script) vm_.keep(kMainRoot, started.value);
    return started;
  });
}

void Program::start_module(std::string name, const std::string& url) {
  source_ = {std::move(name), ""};
  enter([&] {
    const Value promise = vm_.import_main(url);
    vm_.keep(kMainRoot, promise);
    return promise;
  });
}

void Program::recall() {
  woken_ = world_.now();
  recall_source();
}

void Program::recall_source() {
  const auto text = [&](std::string_view root) {
    const std::optional<Value> value = vm_.kept(root);
    return value ? value->try_as<std::string>().value_or("") : std::string();
  };
  source_ = enter([&] { return Source{text(kFileRoot), text(kSourceRoot)}; });
}

// ---- start images -------------------------------------------------------------------------------

void Program::begin_beside_application() {
  enter([&] {
    for (const std::string_view root : {kMainRoot, kFileRoot, kSourceRoot}) vm_.forget(root);
    return true;
  });
}

void Program::call_application(const std::string& image,
                               const std::vector<std::string>& arguments) {
  recall_source();
  enter([&] {
    const std::optional<Value> main = vm_.kept(kMainRoot);
    const std::optional<Value> name_space =
        main && main->is_promise() ? vm_.run(*main) : std::nullopt;
    const Value entry =
        name_space && name_space->is_object() ? name_space->get("default") : Value();
    if (!entry.is_function()) {
      throw UsageError(base::quoted(image) + ": " + printable(source_.name) +
                       " has no function as its default export that could be called; name a FILE " +
                       "to run with the image");
    }
    std::vector<Value> values;
    for (const std::string& argument : arguments) values.push_back(vm_.string(argument));
    const Value result = entry.call(Value(), values);
    vm_.forget(kMainRoot);
    if (result.is_promise()) vm_.keep(kMainRoot, result);
    return true;
  });
}

void Program::settle() {
  const std::optional<Value> main = vm_.kept(kMainRoot);
  if (main && main->is_promise() && !await(*main)) {
    const auto calls = vm_.pending_calls();
    complain(printable(source_.name) + ": its evaluation waits for " +
             (calls.empty() ? "a promise that nothing can settle" : list_calls(calls)) +
             "; an image is made of a program that waits for nothing");
    throw Stopped{Exit::uncaught};
  }
  while (enter([&] { return vm_.run_one_job(); })) {
  }
  report_rejections();
}

StartImage Program::make_image(const Bed& bed, const ImageOptions& options) {
  return enter([&] {
    vm_.set_limits(limits_);  // all of them, for each VM of the image
    if (!vm_.kept(kFileRoot)) vm_.keep(kFileRoot, vm_.string(source_.name));
    if (!source_.text.empty()) vm_.keep(kSourceRoot, vm_.string(source_.text));
    StartImage image = StartImage::of(vm_, options);
    const SignalPause pause;
    bed.save(image.snapshot());
    return image;
  });
}

// ---- until nothing is left ----------------------------------------------------------------------

// Runs jobs and timers, waiting for the latter, until nothing is left, `until` is no longer
// pending, or the program sleeps. As in Node, what a rejected promise says is heard after each
// macrotask.
bool Program::run_ready(const Value* until) {
  const auto settled = [&] {
    return until != nullptr && until->promise_state() != PromiseState::pending;
  };
  for (;;) {
    while (!settled() && enter([&] { return vm_.run_one_job(); })) {
    }
    report_rejections();
    if (settled()) return true;
    const std::optional<Time> deadline = vm_.next_deadline();
    const bool slept_over = deadline && woken_ && *deadline <= *woken_;
    if (bed_ && !slept_over) {
      if (const auto calls = vm_.pending_calls(); !calls.empty()) {
        suspend(calls);
        return false;
      }
    }
    if (!deadline) return false;
    if (enter([&] { return vm_.run_one_timer(); })) continue;
    world_.wait_until(*deadline);
  }
}

void Program::report_rejections() {
  const auto rejections = enter([&] { return vm_.take_unhandled_rejections(); });
  if (rejections.empty()) return;
  // As in Node, what the main module threw comes before what it left behind.
  const std::optional<Value> main = vm_.kept(kMainRoot);
  const bool is_main = main && std::ranges::any_of(rejections, [&](const Rejection& rejection) {
                         return main->strictly_equals(rejection.promise);
                       });
  const Value promise = is_main ? *main : rejections.front().promise;
  try {
    vm_.run(promise);  // throws what it was rejected with
  } catch (const JSError& error) {
    stop_uncaught(error, is_main ? "Uncaught " : "Uncaught (in promise) ");
  } catch (const Error& error) {
    stop(error);
  }
}

std::optional<Value> Program::await(const Value& promise) {
  if (!run_ready(&promise)) return std::nullopt;
  return enter([&] { return vm_.run(promise); });
}

Exit Program::finish() {
  std::optional<int> status;
  do {
    if (!asleep_) run_ready(nullptr);
    if (asleep_) return Exit::asleep;
    if (const auto calls = vm_.pending_calls(); !calls.empty()) return end_waiting(calls);
    status = enter([&] { return vm_.end_process(); });
  } while (!status);
  const std::optional<Value> main = vm_.kept(kMainRoot);
  if (main && main->is_promise() && !enter([&] { return vm_.run(*main); })) {
    complain(printable(source_.name) +
             ": ended while it still awaited a promise that nothing can settle any more");
    return Exit::uncaught;
  }
  return status_of(*status);
}

// ---- ends ---------------------------------------------------------------------------------------

void Program::stop(const Error& error) {
  if (error.limit()) {
    complain_of_limit(*error.limit());
  } else {
    const bool encoding = error.code() == Errc::encoding;
    complain(printable(source_.name) + ": " + printable(error.what()) +
             (encoding ? "; save it as UTF-8" : ""));
  }
  throw Stopped{status_of(error)};
}

// The program hears of it before anybody else, as in Node: it may end with another status.
Exit Program::tell_failure() {
  try {
    set_time(time_left_);
    return status_of(vm_.fail_process());
  } catch (const ExitError& end) {  // then it has said all it wants to say
    throw Stopped{status_of(end.status())};
  } catch (const Error&) {  // it cannot be told: the VM is lost, or a limit was reached
    return Exit::uncaught;
  }
}

void Program::stop_uncaught(const JSError& error, std::string_view how) {
  const Exit told = tell_failure();
  std::string description;
  try {
    set_time(kReportTime);
    description = error.value().inspect();
    const auto code = module_code(error);
    // `require` has an older one, which Node does not show there.
    if (code && code->starts_with("ERR_")) description = with_code(description, error, *code);
    // An error without a stack, made outside, is printed in brackets; and what is no error has
    // none.
    const bool bracketed = error.value().is_error() && description.starts_with('[');
    if (bracketed && description.ends_with(']')) {
      description = description.substr(1, description.size() - 2);
    }
    if (bracketed || !error.value().is_error()) description.insert(0, how);
  } catch (const Error&) {  // no memory, perhaps: what the error says by itself must do
    description = error.what() + std::string("\n") + error.stack();
  }
  const auto place = find_place(error.stack());
  print_error(well_formed(format_uncaught(description, place, place ? text_of(place->file) : "")));
  if (error.limit()) complain_of_limit(*error.limit());
  const std::string advice = advice_for(error, place, options_.modules.fs);
  if (!advice.empty()) complain(printable(advice));
  const Exit status = status_of(error);
  throw Stopped{status == Exit::uncaught ? told : status};
}

// What a program calls its files by: URLs and absolute paths. Nothing, if it is not to be had.
std::string Program::text_of(const std::string& file) {
  if (file == source_.name) return source_.text;
  try {
    const std::string path = file.starts_with('/') ? file : file_url_to_path(file);
    return vm_.files().read(path).value_or("");
  } catch (const Error&) {
    return "";
  }
}

void Program::complain_of_limit(Limit limit) {
  std::string which;
  switch (limit) {
    case Limit::memory:
      which = "memory limit of " + describe_bytes(limits_.memory_bytes_max) + " (--memory)";
      break;
    case Limit::stack:
      which = "stack limit of " + describe_bytes(limits_.stack_bytes_max) + " (--stack)";
      break;
    case Limit::time:
      which = "time limit of " + describe_duration(limits_.time_max) + " (--timeout)";
      break;
    case Limit::fuel:
      which = "fuel limit of " + std::to_string(limits_.fuel_max) + " (--fuel)";
      break;
  }
  complain(printable(source_.name) + ": stopped at the " + which);
}

Exit Program::end_waiting(const std::vector<PendingCall>& calls) {
  const std::string first = std::to_string(calls.front().id);
  const bool misplaced = std::ranges::any_of(options_.arguments, [](const std::string& argument) {
    return argument.starts_with("--suspend-to");
  });
  std::string text = printable(source_.name) + ": waits for " + list_calls(calls) + "; ";
  if (misplaced) {
    text += "--suspend-to must stand before the file, what follows it belongs to the program";
  } else {
    text += "with --suspend-to FILE it would sleep until 'quiesce resume FILE --resolve " + first +
            "=JSON'";
  }
  complain(text);
  return Exit::asleep;
}

// ---- sleep --------------------------------------------------------------------------------------

std::string pending_call_json(const PendingCall& call) {
  if (!is_json_line(call.arguments_json)) {
    throw Error(Errc::snapshot, "the arguments of call " + std::to_string(call.id) +
                                    " are not JSON that another program could read");
  }
  return "{\"id\":\"" + std::to_string(call.id) + "\",\"name\":" + json_string(call.name) +
         ",\"args\":" + call.arguments_json + "}";
}

void Program::suspend(const std::vector<PendingCall>& calls) {
  std::string lines;
  for (const PendingCall& call : calls) lines += pending_call_json(call) + "\n";

  try {
    set_time(limits_.time_max);  // each process that goes on with it has all of the time
    if (!vm_.kept(kFileRoot)) {
      vm_.keep(kFileRoot, vm_.string(source_.name));
      if (!source_.text.empty()) vm_.keep(kSourceRoot, vm_.string(source_.text));
    }
  } catch (const Error&) {
    // No memory for the text: later errors are shown without their source line.
  }
  const Snapshot snapshot = vm_.snapshot();
  {
    const SignalPause pause;
    try {
      bed_->save(snapshot);
    } catch (const Error& error) {
      if (error.code() != Errc::io) throw;
      throw Error(Errc::io,
                  std::string(error.what()) + "; nothing was saved and no call was announced");
    }
  }
  print(lines);
  asleep_ = true;
}

}  // namespace quiesce::cli
