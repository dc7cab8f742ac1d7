#include "cli/commands.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/utf.hpp"
#include "cli/bed.hpp"
#include "cli/json_text.hpp"
#include "cli/modules.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"
#include "cli/snapshot_file.hpp"
#include "cli/units.hpp"
#include "cli/world.hpp"

namespace quiesce::cli {

namespace {

namespace fs = std::filesystem;

void give_arguments(VM& vm, const std::vector<std::string>& arguments) {
  std::vector<Value> values;
  for (const std::string& argument : arguments) values.push_back(vm.string(argument));
  const Property plain{.writable = true, .enumerable = true, .configurable = true};
  vm.global().get("quiesce").define("args", vm.array(values), plain);
}

Program begin(World& world, const Options& options, const Modules& modules,
              const std::string& main = {}) {
  std::optional<Bed> bed = bed_for(options);
  Host host = world.host();
  modules.give_to(host, main, options.arguments);
  Program program(VM(host, options.limits.over({})), world, options, std::move(bed));
  give_arguments(program.vm(), options.arguments);
  return program;
}

// The URL of the module that a file or the folder of a package is.
std::string main_module(VM& vm, const Modules& modules, const std::string& file) {
  const std::string path = modules.path_of(file);
  Files files = vm.files();
  try {
    return modules.loader().resolve(files, {.specifier = path,
                                            .referrer = path_to_file_url(path),
                                            .attributes = {},
                                            .kind = ModuleRequest::Kind::require});
  } catch (const ModuleError& error) {
    const auto status = files.status(path);
    if (!status) {
      throw UsageError("cannot read " + base::quoted(file) +
                       ": No such file or directory; check the name, or give - to read standard "
                       "input");
    }
    std::string advice;
    if (error.node_code() == "MODULE_NOT_FOUND" && status->kind == FileStatus::Kind::directory)
      advice = "; name the file in it that is to be run, or give it a package.json with \"main\"";
    throw UsageError("cannot run " + base::quoted(file) + ": " + error.what() + advice);
  }
}

// What cannot be read, or is no text, is the user's affair and not the program's.
void check_main(VM& vm, const std::string& file, const std::string& url) {
  if (!url.starts_with("file:")) return;
  try {
    const auto text = vm.files().read(file_url_to_path(url));
    const auto bad = text ? base::invalid_utf8_at(*text) : std::nullopt;
    if (!bad) return;
    throw UsageError(printable(file) + ": the source is not UTF-8: bad byte at offset " +
                     std::to_string(*bad) + "; save it as UTF-8");
  } catch (const FileError& error) {
    throw UsageError("cannot read " + base::quoted(file) + ": " + error.what());
  }
}

// Standard input and pipes have a text, but no place among the files.
bool is_stream(const std::string& name) {
  std::error_code ignored;
  const fs::file_status status = fs::status(name, ignored);
  return name.empty() || name == "-" ||
         (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status));
}

// ---- start images -------------------------------------------------------------------------------

StartImage load_image(const fs::path& file, const Options& options) {
  Snapshot snapshot = load_snapshot(file, options);
  if (!StartImage::is_one(snapshot)) {
    throw UsageError("--image: " + base::quoted(file) +
                     " is the snapshot of a program that sleeps, and no start image; 'quiesce " +
                     "resume' wakes it, 'quiesce image build' makes images");
  }
  return StartImage(std::move(snapshot));
}

std::string main_beside_image(VM& vm, const Modules& modules, const std::string& file) {
  try {
    const std::string url = main_module(vm, modules, file);
    check_main(vm, file, url);
    return url;
  } catch (const UsageError& error) {
    throw UsageError(error.what() + std::string("; what is an argument of the image's own "
                                                "application, and no FILE, stands behind --"));
  }
}

// A program in a VM in which an application was evaluated before; or no other program than that.
Exit run_image(const Options& options) {
  const bool has_file = options.has_input;
  const bool is_file = has_file && !is_stream(options.input);
  const StartImage image = load_image(*options.image, options);
  std::optional<Bed> bed = bed_for(options, &image.snapshot());
  World world(options.world);
  const Modules modules(options.modules, is_file ? options.input : "");
  RestoreOptions start{.reseed = true};
  if (options.limits.any()) start.limits = options.limits.over(image.snapshot().limits());
  Host host = world.host();
  modules.give_to(host,
                  is_file ? modules.path_of(options.input) : fs::absolute(*options.image).string(),
                  options.arguments);
  Source source;
  if (has_file && !is_file) source = read_source(options.input);
  Program program(image.start(host, start), world, options, std::move(bed));
  give_arguments(program.vm(), options.arguments);
  if (!has_file) {
    program.call_application(options.image->string(), options.arguments);
    return program.finish();
  }
  program.begin_beside_application();
  if (!is_file) {
    program.start(std::move(source), Reading::program);
    return program.finish();
  }
  program.start_module(options.input, main_beside_image(program.vm(), modules, options.input));
  return program.finish();
}

// A sentence for each source that the evaluation drew from.
void warn_of_draws(const std::string& program, const Draws& draws) {
  const auto warn = [&](const Draw& draw, const std::string& what) {
    if (draw.count == 0) return;
    complain(printable(program + ": its evaluation " + what + " " + draw.describe() +
                       "; all VMs of the image have the same answer"));
  };
  warn(draws.clock, "asked for the time");
  warn(draws.entropy, "asked for entropy");
  warn(draws.random, "called Math.random");
}

// ---- resume -------------------------------------------------------------------------------------

struct Outcome {
  Deferred call;
  Value value;
  bool reject;
};

// "declined" and {"message": "declined", "code": 7} become Errors, so that the program sees what it
// would see of a function that throws; anything else is the reason itself.
Value rejection_reason(VM& vm, const Value& json) {
  if (const auto message = json.try_as<std::string>()) return vm.error("Error", *message);
  if (!json.is_object() || json.is_array()) return json;
  const auto message = json.get("message").try_as<std::string>();
  if (!message) return json;
  const auto name = json.get("name").try_as<std::string>();
  const Value error = vm.error(name.value_or("Error"), *message);
  for (const Value& key : json.keys()) {
    const auto text = key.try_as<std::string>();
    if (text == "message" || text == "name") continue;
    error.define(key, json.get(key), {.writable = true, .enumerable = true, .configurable = true});
  }
  return error;
}

Value parse_settlement_value(VM& vm, const Settlement& settlement) {
  try {
    const Value value = vm.parse_json(settlement.json);
    return settlement.reject ? rejection_reason(vm, value) : value;
  } catch (const Error& error) {
    if (error.limit() == Limit::memory) throw;
    const std::string id = std::to_string(settlement.id);
    std::string text = settlement.option() + " " + id +
                       ": what follows the = cannot be read as JSON (" + printable(error.what()) +
                       ")";
    // The commonest slip: a word without its quotes.
    const bool word =
        !settlement.json.empty() && settlement.json.find_first_of("\"'\\{}[]") == std::string::npos;
    if (word)
      text += "; a string needs quotes: '" + id + "=\"" + printable(settlement.json) + "\"'";
    throw UsageError(text);
  }
}

std::string describe_pending(const std::vector<PendingCall>& calls) {
  if (calls.empty()) return "no call is pending there";
  std::string text = "pending there:";
  for (const PendingCall& call : calls) {
    text += " " + std::to_string(call.id) + " (" + printable(call.name) + ")";
  }
  return text;
}

// All or nothing: finds every call and reads every value before the first call is settled.
std::vector<Outcome> read_outcomes(VM& vm, const Options& options) {
  std::vector<Outcome> outcomes;
  for (const Settlement& settlement : options.settlements) {
    const std::optional<Deferred> call = vm.deferred(settlement.id);
    if (!call) {
      throw UsageError(settlement.option() + ": " + base::quoted(options.input) +
                       " has no pending call " + std::to_string(settlement.id) + "; " +
                       describe_pending(vm.pending_calls()));
    }
    outcomes.push_back({*call, parse_settlement_value(vm, settlement), settlement.reject});
  }
  return outcomes;
}

}  // namespace

Exit eval(const Options& options) {
  World world(options.world);
  const Modules modules(options.modules, {});
  Program program = begin(world, options, modules);
  const Started started = program.start({"[eval]", options.input}, Reading::expression);
  std::optional<Value> value;
  if (started.type == SourceType::script) value = started.value;
  if (started.type == SourceType::async_script) value = program.await(started.value);
  if (value) {
    const auto text = value->try_as<std::string>();
    print(well_formed(text ? *text : value->inspect()) + "\n");
  }
  return program.finish();
}

Exit run(const Options& options) {
  if (options.image) return run_image(options);
  World world(options.world);
  if (is_stream(options.input)) {
    Source source = read_source(options.input);
    const Modules modules(options.modules, {});
    Program program = begin(world, options, modules);
    program.start(std::move(source), Reading::program);
    return program.finish();
  }
  const Modules modules(options.modules, options.input);
  Program program = begin(world, options, modules, modules.path_of(options.input));
  const std::string url = main_module(program.vm(), modules, options.input);
  check_main(program.vm(), options.input, url);
  program.start_module(options.input, url);
  return program.finish();
}

Exit resume(const Options& options) {
  const Snapshot snapshot = load_snapshot(options.input, options);
  if (StartImage::is_one(snapshot)) {
    throw UsageError(base::quoted(options.input) +
                     " is a start image, in which nothing sleeps; 'quiesce run --image " +
                     options.input + "' starts a program from it");
  }
  std::optional<Bed> bed = bed_for(options, &snapshot);
  World world(options.world);
  const Modules modules(options.modules, {});
  RestoreOptions restore;
  if (options.limits.any()) restore.limits = options.limits.over(snapshot.limits());
  Host host = world.host();
  modules.give_to(host);
  Program program(VM(host, snapshot, restore), world, options, std::move(bed));
  const std::vector<Outcome> outcomes = read_outcomes(program.vm(), options);
  program.recall();
  for (const Outcome& outcome : outcomes) {
    outcome.reject ? outcome.call.reject(outcome.value) : outcome.call.resolve(outcome.value);
  }
  return program.finish();
}

Exit build_image(const Options& options) {
  const Bed bed = bed_for_image(options);
  const auto began = std::chrono::steady_clock::now();
  World world(options.world);
  const bool is_file = !is_stream(options.input);
  Source source;
  if (!is_file) source = read_source(options.input);
  const Modules modules(options.modules, is_file ? options.input : "");
  Program program = begin(world, options, modules, is_file ? modules.path_of(options.input) : "");
  try {
    if (is_file) {
      const std::string url = main_module(program.vm(), modules, options.input);
      check_main(program.vm(), options.input, url);
      program.start_module(options.input, url);
    } else {
      program.start(std::move(source), Reading::program);
    }
    program.settle();
  } catch (const Stopped& stopped) {
    complain(base::quoted(*options.output) + " is not written: the evaluation of " +
             printable(options.input) + " did not come to its end");
    throw Stopped{stopped.status == Exit::done ? Exit::uncaught : stopped.status};
  }
  const auto time = std::chrono::steady_clock::now() - began;
  const Draws draws = program.vm().draws();
  warn_of_draws(options.input, draws);
  if (options.strict && !draws.none()) {
    complain(base::quoted(*options.output) + " is not written, since --strict does not allow that");
    return Exit::uncaught;
  }
  const StartImage image = program.make_image(bed, {});
  const std::size_t count = program.vm().module_names().size();
  print(printable(options.output->string()) + ": " + std::to_string(count) +
        (count == 1 ? " module" : " modules") + ", evaluated in " + describe_duration(time) + ", " +
        describe_bytes(image.snapshot().stored_bytes()) + "\n");
  return Exit::done;
}

Exit resolve(const Options& options) {
  const Modules modules(options.modules, options.from);
  Host host;
  modules.give_to(host);
  VM vm(host);
  Files files = vm.files();
  const ModuleRequest request{
      .specifier = options.input,
      .referrer = path_to_file_url(modules.path_of(options.from)),
      .attributes = {},
      .kind = options.require ? ModuleRequest::Kind::require : ModuleRequest::Kind::static_import};
  try {
    const std::string url = well_formed(modules.loader().resolve(files, request));
    print((options.json ? "{\"url\":" + json_string(url) + "}" : url) + "\n");
    return Exit::done;
  } catch (const ModuleError& error) {
    const std::string text = well_formed(error.what());
    if (options.json) {
      print("{\"code\":" + json_string(error.node_code()) + ",\"message\":" + json_string(text) +
            "}\n");
    } else {
      print(error.node_code() + "\n");
      complain(printable(text));
    }
    return Exit::uncaught;
  }
}

}  // namespace quiesce::cli
