#include "cli/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/help.hpp"

namespace quiesce::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string complaint(const std::vector<std::string>& arguments) {
  try {
    parse_arguments(arguments);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "(nothing)";
}

std::string help(const std::vector<std::string>& arguments) {
  try {
    parse_arguments(arguments);
  } catch (const HelpRequest& request) {
    return request.text;
  }
  return "(nothing)";
}

TEST(Options, EverythingAtOnce) {
  const Options options = parse_arguments(
      {"run", "--memory", "64MiB", "--stack=512KiB", "--timeout", "5s", "--fuel", "7", "--clock",
       "2026-01-01", "--seed", "1", "--timezone", "+02:00", "--suspend-to", "S.qsnap", "order.js"});
  EXPECT_EQ(options.command, Command::run);
  EXPECT_EQ(options.input, "order.js");
  EXPECT_EQ(options.suspend_to, "S.qsnap");
  EXPECT_EQ(options.world.seed, 1u);
  EXPECT_EQ(options.world.timezone, "+02:00");
  EXPECT_TRUE(options.world.clock.has_value());
  const Limits limits = options.limits.over({});
  EXPECT_EQ(limits.memory_bytes_max, 64u << 20);
  EXPECT_EQ(limits.stack_bytes_max, 512u << 10);
  EXPECT_EQ(limits.time_max, std::chrono::seconds(5));
  EXPECT_EQ(limits.fuel_max, 7u);
}

TEST(Options, WhatFollowsTheFileBelongsToTheProgram) {
  const Options options =
      parse_arguments({"run", "--fuel=9", "a.js", "--fuel", "--help", "--", "-x", "b c"});
  EXPECT_EQ(options.input, "a.js");
  EXPECT_EQ(options.limits.fuel, 9u);
  EXPECT_THAT(options.arguments, ElementsAre("--fuel", "--help", "--", "-x", "b c"));
  EXPECT_EQ(parse_arguments({"run", "-"}).input, "-");
  EXPECT_EQ(parse_arguments({"run", "--", "-odd.js", "-x"}).input, "-odd.js");
}

TEST(Options, WithAnImageThereNeedBeNoFile) {  // D4
  const Options both = parse_arguments({"run", "--image", "a.qimg", "--fuel=9", "b.js", "--fs"});
  EXPECT_EQ(both.image, "a.qimg");
  EXPECT_EQ(both.input, "b.js");
  EXPECT_EQ(both.limits.fuel, 9u);
  EXPECT_THAT(both.arguments, ElementsAre("--fs"));
  const Options alone =
      parse_arguments({"run", "--image=a.qimg", "--fs", "--", "b.js", "--", "-x"});
  EXPECT_FALSE(alone.has_input);
  EXPECT_TRUE(alone.modules.fs);
  EXPECT_THAT(alone.arguments, ElementsAre("b.js", "--", "-x"));
  EXPECT_FALSE(parse_arguments({"run", "--image", "a.qimg"}).has_input);
  EXPECT_TRUE(parse_arguments({"run", "--image", "a.qimg", ""}).has_input);
  const Options build = parse_arguments(
      {"image", "build", "--strict", "app.mjs", "-o", "a.qimg", "--seed", "1", "--env", "A=1"});
  EXPECT_EQ(build.command, Command::image);
  EXPECT_EQ(build.input, "app.mjs");
  EXPECT_EQ(build.output, "a.qimg");
  EXPECT_TRUE(build.strict);
  EXPECT_EQ(build.world.seed, 1u);
  EXPECT_THAT(complaint({"image", "build", "app.mjs"}), HasSubstr("-o is missing"));
  EXPECT_THAT(complaint({"image"}), HasSubstr("quiesce image --help"));
  EXPECT_THAT(complaint({"image", "build", "-o", "x", "--suspend-to", "s", "app.mjs"}),
              HasSubstr("not expected"));
}

TEST(Options, SettlementsKeepTheirOrderAndTheirText) {
  const Options options = parse_arguments({"resume", "S", "--resolve", "1={\"a\": \"b=c, d\"}",
                                           "--resolve", "2=[1,2]", "--reject", "3=null"});
  ASSERT_EQ(options.settlements.size(), 3u);
  EXPECT_EQ(options.settlements[0].json, "{\"a\": \"b=c, d\"}");
  EXPECT_EQ(options.settlements[1].json, "[1,2]");
  EXPECT_FALSE(options.settlements[1].reject);
  EXPECT_EQ(options.settlements[2].id, 3u);
  EXPECT_TRUE(options.settlements[2].reject);
}

TEST(Options, ComplaintsSayWhatToDo) {
  EXPECT_THAT(complaint({}), HasSubstr("--help"));
  EXPECT_THAT(complaint({"order"}),
              HasSubstr("eval, run, resume, inspect, resolve, diff, engines, key and image"));
  EXPECT_THAT(complaint({"run"}), HasSubstr("FILE"));
  EXPECT_THAT(complaint({"run", "--memory", "lots", "a.js"}), HasSubstr("--memory: 'lots'"));
  EXPECT_THAT(complaint({"run", "--stack", "1KiB", "a.js"}), HasSubstr("16KiB to 2MiB"));
  EXPECT_THAT(complaint({"run", "--timeout", "0s", "a.js"}), HasSubstr("--timeout"));
  EXPECT_THAT(complaint({"run", "--timezone", "Moon/Sea", "a.js"}), HasSubstr("Europe/Berlin"));
  EXPECT_THAT(complaint({"run", "--fast", "a.js"}), HasSubstr("quiesce run --help"));
  EXPECT_THAT(complaint({"eval", "1", "2"}), HasSubstr("quiesce eval --help"));
  EXPECT_THAT(complaint({"resume", "S", "--resolve", "5"}), HasSubstr("ID=JSON"));
  EXPECT_THAT(complaint({"resume", "S", "--resolve", "a=1"}), HasSubstr("'a' is not the id"));
  EXPECT_THAT(complaint({"resume", "S", "--resolve", "=1"}), HasSubstr("'' is not the id"));
  EXPECT_THAT(complaint({"resume", "S", "--resolve", "1=1", "--reject", "1=2"}),
              HasSubstr("twice"));
  EXPECT_THAT(complaint({"inspect", "--resolve", "1=1", "S"}), HasSubstr("--resolve"));
}

TEST(Options, EachCommandHasItsHelp) {
  EXPECT_EQ(help({"--help"}), overview_help());
  for (const std::string command : {"eval", "run", "resume", "inspect", "image"}) {
    EXPECT_EQ(help({command, "--help"}), command_help(command));
    EXPECT_EQ(help({command, "-h"}), command_help(command));
    EXPECT_THAT(std::string(overview_help()), HasSubstr("\n  " + command + " "));
  }
}

TEST(Options, EnginesAreLookedForInFolders) {
  const Options options =
      parse_arguments({"engines", "--engines", "/", "--engines=/tmp", "--json"});
  EXPECT_EQ(options.command, Command::engines);
  EXPECT_THAT(options.engines, ElementsAre("/", "/tmp"));
  EXPECT_TRUE(options.json);
  EXPECT_THAT(complaint({"engines", "x"}), HasSubstr("not expected"));
  EXPECT_THAT(complaint({"resume", "S", "--engines", "/absent"}), HasSubstr("is no folder"));
  for (const char* const option : {"--engines", "--json"})
    EXPECT_THAT(command_help("engines"), HasSubstr(std::string("\n  ") + option));
}

// Whatever the help of a command names is taken by it, and nothing that it takes goes unnamed.
TEST(Options, HelpAndOptionsAgree) {
  for (const std::string command : {"eval", "run", "resume", "inspect"}) {
    for (const std::string option :
         {"--suspend-to", "--relative-to", "--whole", "--ancestors", "--engines", "--memory",
          "--stack", "--timeout", "--fuel", "--clock", "--seed", "--timezone", "--resolve",
          "--reject", "--json", "--image"}) {
      const bool named = command_help(command).find("\n  " + option) != std::string::npos;
      const bool taken =
          complaint({command, option, "x"}).find("not expected") == std::string::npos;
      EXPECT_EQ(named, taken) << command << " " << option;
    }
  }
}

TEST(Options, WholeIsForSleepAloneAndNotForDeltas) {  // D2
  EXPECT_TRUE(parse_arguments({"run", "--suspend-to", "S", "--whole", "f.js"}).whole);
  const Options options = parse_arguments({"run", "--suspend-to", "S", "f.js", "--whole"});
  EXPECT_FALSE(options.whole);
  EXPECT_THAT(options.arguments, ElementsAre("--whole"));
  EXPECT_EQ(parse_arguments({"run", "--suspend-to", "S", "--whole", "f.js", "x"}).input, "f.js");
  EXPECT_EQ(complaint({"run", "--whole", "f.js"}),
            "--whole tells how the snapshot of --suspend-to is stored; name that file too");
  EXPECT_EQ(complaint({"resume", "--whole", "--suspend-to", "T", "--relative-to", "S", "S"}),
            "--whole stores all of the memory and --relative-to what has changed; use one of them");
}

TEST(Options, DiffTakesTwoSnapshots) {
  const Options options =
      parse_arguments({"diff", "--html", "d.html", "a.qsnap", "b.qsnap", "--ancestors", "."});
  EXPECT_EQ(options.command, Command::diff);
  EXPECT_EQ(options.input, "a.qsnap");
  EXPECT_EQ(options.other, "b.qsnap");
  EXPECT_EQ(options.html, "d.html");
  EXPECT_EQ(options.ancestors, ".");
  EXPECT_THROW(parse_arguments({"diff", "a.qsnap"}), UsageError);
  EXPECT_THROW(parse_arguments({"diff", "a.qsnap", "b.qsnap", "c.qsnap"}), UsageError);
  EXPECT_THROW(parse_arguments({"inspect", "--html", "", "a.qsnap"}), UsageError);
}

}  // namespace
}  // namespace quiesce::cli
