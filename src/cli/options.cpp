#include "cli/options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <limits>

#include "cli/help.hpp"
#include "cli/timezone.hpp"
#include "cli/units.hpp"
#include "cli/version.hpp"

namespace quiesce::cli {

namespace {

constexpr std::array<std::string_view, 9> kCommands = {
    "eval", "run", "resume", "inspect", "resolve", "diff", "engines", "key", "image"};

// Reads the option's text with `read`, and puts the option's name before what it complains of.
template <class Read>
void add(CLI::App& app, const std::string& name, Read read) {
  app.add_option_function<std::string>(name,
                                       [name, read](const std::string& text) {
                                         try {
                                           read(text);
                                         } catch (const UsageError& error) {
                                           throw UsageError(name + ": " + error.what());
                                         }
                                       })
      ->allow_extra_args(false);
}

// An option that may be repeated: reads each of its texts with `read`.
template <class Read>
void add_each(CLI::App& app, const std::string& name, Read read) {
  app.add_option_function<std::vector<std::string>>(
         name,
         [read](const std::vector<std::string>& texts) { std::ranges::for_each(texts, read); })
      ->allow_extra_args(false)
      ->take_all();
}

void add_limits(CLI::App& app, LimitOptions& limits) {
  add(app, "--memory", [&](const std::string& text) { limits.memory_bytes = parse_bytes(text); });
  add(app, "--stack", [&](const std::string& text) {
    const std::uint64_t bytes = parse_bytes(text);
    if (bytes < 16u << 10 || bytes > 2u << 20) throw UsageError("must be from 16KiB to 2MiB");
    limits.stack_bytes = static_cast<std::uint32_t>(bytes);
  });
  add(app, "--timeout", [&](const std::string& text) {
    const auto time = parse_duration(text);
    if (time == std::chrono::nanoseconds::zero()) throw UsageError("must be more than nothing");
    limits.time = time;
  });
  add(app, "--fuel", [&](const std::string& text) { limits.fuel = parse_count(text); });
}

void add_clock(CLI::App& app, WorldOptions& world) {
  add(app, "--clock", [&](const std::string& text) { world.clock = parse_time(text); });
}

void add_world(CLI::App& app, WorldOptions& world) {
  add_clock(app, world);
  add(app, "--seed", [&](const std::string& text) { world.seed = parse_count(text); });
  add(app, "--timezone", [&](const std::string& text) {
    make_timezone(text);  // refused here if there is none of that name
    world.timezone = text;
  });
}

// PATH=FOLDER. A path may contain =, if it is written with a folder that does not.
MountOption parse_mount(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw UsageError("needs PATH=FOLDER, for example --mount /app=./src, and got '" + text + "'");
  }
  MountOption mount{text.substr(0, equals), text.substr(equals + 1)};
  if (!mount.path.starts_with('/'))
    throw UsageError("'" + mount.path + "' must begin with /: it is where the program sees it");
  std::error_code ignored;
  if (!std::filesystem::is_directory(mount.folder, ignored))
    throw UsageError("'" + mount.folder.string() + "' is no folder");
  return mount;
}

std::vector<std::string> parse_list(const std::string& text) {
  std::vector<std::string> items;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end == begin) throw UsageError("needs names with commas between them: '" + text + "'");
    items.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

void add_resolution(CLI::App& app, ModuleOptions& modules) {
  add_each(app, "--mount", [&](const std::string& text) {
    try {
      modules.mounts.push_back(parse_mount(text));
    } catch (const UsageError& error) {
      throw UsageError(std::string("--mount: ") + error.what());
    }
  });
  add_each(app, "--import-map",
           [&](const std::string& text) { modules.import_maps.emplace_back(text); });
  add(app, "--conditions", [&](const std::string& text) { modules.conditions = parse_list(text); });
  app.add_flag("--lenient", modules.lenient);
}

void add_modules(CLI::App& app, ModuleOptions& modules) {
  add_resolution(app, modules);
  app.add_flag("--fs", modules.fs);
  add_each(app, "--env", [&](const std::string& text) { modules.env.push_back(text); });
}

void add_file(CLI::App& app, const char* name, std::optional<std::filesystem::path>& file) {
  add(app, name, [&file](const std::string& text) {
    if (text.empty()) throw UsageError("needs the name of a file");
    file = text;
  });
}

void add_engines(CLI::App& app, Options& options) {
  add_each(app, "--engines", [&](const std::string& text) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(text, ignored))
      throw UsageError("--engines: '" + text + "' is no folder");
    options.engines.emplace_back(text);
  });
}

void add_engines_command(CLI::App& app, Options& options) {
  CLI::App* const engines = app.add_subcommand("engines");
  add_engines(*engines, options);
  engines->add_flag("--json", options.json);
}

// What a command needs that loads snapshots.
void add_ancestors(CLI::App& app, Options& options) {
  add_engines(app, options);
  add(app, "--ancestors", [&](const std::string& text) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(text, ignored))
      throw UsageError("'" + text + "' is no folder");
    options.ancestors = text;
  });
}

void add_keys(CLI::App& app, Options& options) {
  add_each(app, "--key", [&](const std::string& text) {
    try {
      options.keys.push_back(SealKey::load(text));
    } catch (const Error& error) {
      throw UsageError(std::string("--key: ") + error.what());
    }
  });
}

// What is needed to read a snapshot.
void add_reading(CLI::App& app, Options& options) {
  add_ancestors(app, options);
  add_keys(app, options);
}

void add_sleep(CLI::App& app, Options& options) {
  add_file(app, "--suspend-to", options.suspend_to);
  add_file(app, "--relative-to", options.relative_to);
  app.add_flag("--whole", options.whole);
  add_reading(app, options);
}

// quiesce key new [--ed25519 | --hmac | --aes] [--id ID] FILE, and quiesce key public FILE.
void add_key_command(CLI::App& parent, Options& options) {
  CLI::App& app = *parent.add_subcommand("key");
  app.add_option_function<std::string>(
         "ACTION",
         [&](const std::string& text) {
           if (text != "new" && text != "public")
             throw UsageError("there is no 'key " + text +
                              "'; there are 'key new' and 'key public'");
           options.key.only_public = text == "public";
         })
      ->required();
  app.add_option("FILE", options.input)->required();
  add(app, "--id", [&](const std::string& text) { options.key.id = text; });
  const auto add_kind = [&](const char* name, KeyKind kind) {
    app.add_flag_callback(name, [&options, kind] {
      if (options.key.kind && options.key.kind != kind)
        throw UsageError("a key is of one kind: --ed25519, --hmac or --aes");
      options.key.kind = kind;
    });
  };
  add_kind("--ed25519", KeyKind::ed25519_private);
  add_kind("--hmac", KeyKind::hmac_sha256);
  add_kind("--aes", KeyKind::aes_256_gcm);
}

void check_key_command(const KeyOptions& key) {
  if (key.only_public && (key.kind || !key.id.empty()))
    throw UsageError("'key public' takes the name of a file and nothing else");
  if (!key.only_public && !key.kind) {
    throw UsageError(
        "what is the key for? --ed25519 signs, and others can check with its public half; --hmac "
        "signs for who has the same key; --aes encrypts");
  }
}

// Of commands that show what is in snapshots.
void add_looking(CLI::App& app, Options& options) {
  add_reading(app, options);
  add_clock(app, options.world);
  app.add_flag("--json", options.json);
  add_file(app, "--html", options.html);
}

Settlement parse_settlement(const std::string& text, bool reject) {
  const std::string option = reject ? "--reject" : "--resolve";
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw UsageError(option + " needs ID=JSON, for example " + option + " '1=\"text\"', and got '" +
                     text + "'");
  }
  const std::string id = text.substr(0, equals);
  try {
    return {parse_count(id), text.substr(equals + 1), reject};
  } catch (const UsageError&) {
    throw UsageError(option + ": '" + id +
                     "' is not the id of a call; 'quiesce inspect' lists the ids that are pending");
  }
}

void add_settlements(CLI::App& app, std::vector<Settlement>& settlements) {
  for (const bool reject : {false, true}) {
    add_each(app, reject ? "--reject" : "--resolve",
             [&settlements, reject](const std::string& text) {
               settlements.push_back(parse_settlement(text, reject));
             });
  }
}

void check_settlements(const std::vector<Settlement>& settlements) {
  for (auto one = settlements.begin(); one != settlements.end(); ++one) {
    const bool twice = std::any_of(std::next(one), settlements.end(),
                                   [&](const Settlement& other) { return other.id == one->id; });
    if (twice) {
      throw UsageError("call " + std::to_string(one->id) +
                       " is settled twice; a call has one outcome, so name its id once");
    }
  }
}

// Options of `run` that have no value.
constexpr std::array<std::string_view, 5> kFlags = {"--help", "-h", "--lenient", "--fs", "--whole"};

// Where FILE stands in `run [OPTION]... FILE [ARG]...`, since what follows it is not ours to read.
// Every option of ours but a few takes a value, after = or as the next word. With --image there
// need not be a FILE: -- says that there is none.
std::size_t count_until_file(const std::vector<std::string>& arguments) {
  std::size_t i = 1;
  bool has_image = false;
  while (i < arguments.size()) {
    const std::string& word = arguments[i];
    if (word == "--") return std::min(i + (has_image ? 1 : 2), arguments.size());
    has_image = has_image || word == "--image" || word.starts_with("--image=");
    if (word.size() < 2 || word[0] != '-') return i + 1;
    const bool alone =
        std::ranges::find(kFlags, word) != kFlags.end() || word.find('=') != std::string::npos;
    i += alone ? 1 : 2;
  }
  return arguments.size();
}

// The command that makes images.
CLI::App* add_image(CLI::App& app, Options& options) {
  CLI::App* const image = app.add_subcommand("image");
  image->require_subcommand(1);
  CLI::App* const build = image->add_subcommand("build");
  build->add_option("FILE", options.input)->required();
  add_file(*build, "-o,--output", options.output);
  build->add_flag("--strict", options.strict);
  return build;
}

// What only shows when all has been read.
void check_together(const Options& options) {
  check_settlements(options.settlements);
  if (!options.has_input && !options.image)
    throw UsageError("FILE is required; 'quiesce run --help' shows what there is");
  if (options.command == Command::image && !options.output)
    throw UsageError("-o is missing: the file that the image is written to, such as -o app.qimg");
  if (options.relative_to && !options.suspend_to) {
    throw UsageError(
        "--relative-to tells what the snapshot of --suspend-to builds on; name that file too");
  }
  if (options.whole && !options.suspend_to) {
    throw UsageError(
        "--whole tells how the snapshot of --suspend-to is stored; name that file too");
  }
  if (options.whole && options.relative_to) {
    throw UsageError(
        "--whole stores all of the memory and --relative-to what has changed; use one of them");
  }
  if (options.command == Command::resolve && options.from.empty())
    throw UsageError("--from is missing: the file, on this machine, that would import it");
  if (options.command == Command::key) check_key_command(options.key);
}

void check_command(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    throw UsageError("a command is missing; 'quiesce --help' shows what there is");
  }
  const std::string& word = arguments.front();
  if (std::ranges::find(kCommands, word) != kCommands.end()) return;
  if (word == "--help" || word == "-h" || word == "--version") return;
  if (word.starts_with('-')) {
    throw UsageError("there is no option '" + word +
                     "' before the command; 'quiesce --help' shows what there is");
  }
  std::error_code ignored;
  if (std::filesystem::is_regular_file(word, ignored)) {
    std::string command = word.ends_with(".qsnap") ? "resume" : "run";
    if (word.ends_with(".qimg")) command = "run --image";
    throw UsageError("'" + word + "' is no command; did you mean: quiesce " + command + " " + word);
  }
  throw UsageError("'" + word +
                   "' is no command; there are eval, run, resume, inspect, resolve, diff, engines, "
                   "key and image");
}

}  // namespace

Limits LimitOptions::over(Limits limits) const {
  if (memory_bytes) limits.memory_bytes_max = *memory_bytes;
  if (stack_bytes) limits.stack_bytes_max = *stack_bytes;
  if (time) limits.time_max = *time;
  if (fuel) limits.fuel_max = *fuel;
  return limits;
}

Options parse_arguments(std::vector<std::string> arguments) {
  check_command(arguments);

  Options options;
  if (arguments.front() == "run") {
    const auto rest = arguments.begin() + static_cast<std::ptrdiff_t>(count_until_file(arguments));
    options.arguments.assign(rest, arguments.end());
    arguments.erase(rest, arguments.end());
  }

  CLI::App app;
  app.set_help_flag("-h,--help");
  app.set_version_flag("--version", [] { return version_text(); });
  app.require_subcommand(1);
  const auto command = [&](std::string_view name, const char* input) {
    CLI::App* sub = app.add_subcommand(std::string(name));
    sub->add_option(input, options.input)->required();
    return sub;
  };
  CLI::App* const eval = command("eval", "CODE");
  CLI::App* const run = command("run", "FILE");
  run->get_option("FILE")->required(false);  // see check_together
  CLI::App* const resume = command("resume", "SNAPSHOT");
  CLI::App* const inspect = command("inspect", "SNAPSHOT");
  CLI::App* const resolve = command("resolve", "SPECIFIER");
  CLI::App* const diff = command("diff", "SNAPSHOT");
  diff->add_option("OTHER", options.other)->required();
  add_key_command(app, options);
  CLI::App* const build = add_image(app, options);
  add_keys(*build, options);
  add_file(*run, "--image", options.image);
  for (CLI::App* sub : {eval, run, resume}) add_sleep(*sub, options);
  for (CLI::App* sub : {eval, run, resume, build}) {
    add_limits(*sub, options.limits);
    add_world(*sub, options.world);
    add_modules(*sub, options.modules);
  }
  add_settlements(*resume, options.settlements);
  for (CLI::App* sub : {inspect, diff}) add_looking(*sub, options);
  resolve->add_option("--from", options.from);
  resolve->add_flag("--require", options.require);
  resolve->add_flag("--json", options.json);
  add_resolution(*resolve, options.modules);
  add_engines_command(app, options);

  const auto chosen = [&]() -> std::string {
    const auto subcommands = app.get_subcommands();
    return subcommands.empty() ? std::string() : subcommands.front()->get_name();
  };
  try {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants it
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    const std::string help = command_help(chosen());
    throw HelpRequest{help.empty() ? std::string(overview_help()) : help};
  } catch (const CLI::CallForVersion& version) {
    throw HelpRequest{version.what() + std::string("\n")};
  } catch (const CLI::ParseError& error) {
    const std::string name = chosen();
    throw UsageError(std::string(error.what()) + "; 'quiesce " + (name.empty() ? "" : name + " ") +
                     "--help' shows what there is");
  }

  options.has_input = !run->parsed() || run->count("FILE") > 0;
  const auto at = std::ranges::find(kCommands, chosen());
  options.command = static_cast<Command>(at - kCommands.begin());
  check_together(options);
  return options;
}

}  // namespace quiesce::cli
