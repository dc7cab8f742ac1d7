// The contents of a snapshot for programs: everything, in one JSON object.
#include <chrono>
#include <string>
#include <vector>

#include "cli/inspect.hpp"
#include "cli/json_list.hpp"
#include "cli/program.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

std::string number_or_null(std::uint64_t number, std::uint64_t none) {
  return number == none ? "null" : std::to_string(number);
}

std::string milliseconds(std::chrono::nanoseconds duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

std::string mounts_json(const std::vector<MountRecord>& mounts) {
  JsonList list("  ");
  for (const MountRecord& mount : mounts) {
    list.add("{\"path\":" + json_string(mount.path) + ",\"name\":" + json_string(mount.name) +
             ",\"digest\":" + (mount.digest.empty() ? "null" : json_string(mount.digest)) +
             ",\"keeps_writes\":" + (mount.keeps_writes ? "true" : "false") + "}");
  }
  return list.array();
}

std::string files_json(const std::vector<KnownFile>& files) {
  JsonList list("  ");
  for (const KnownFile& file : files) {
    list.add("{\"path\":" + json_string(file.path) +
             (file.is_link ? ",\"target\":" + json_string(file.target)
                           : ",\"bytes\":" + std::to_string(file.bytes) +
                                 ",\"held\":" + (file.is_held ? "true" : "false")) +
             "}");
  }
  return list.array();
}

std::string draws_json(const Draws& draws) {
  JsonList list("  ");
  const auto add = [&](std::string_view source, const Draw& draw) {
    list.add(source, "{\"count\":" + std::to_string(draw.count) + ",\"first_place\":" +
                         (draw.first_place.empty() ? "null" : json_string(draw.first_place)) + "}");
  };
  add("clock", draws.clock);
  add("entropy", draws.entropy);
  add("random", draws.random);
  return list.object();
}

std::string seal_json(const SealInfo& seal) {
  const auto key = [](bool used, const std::string& id) { return used ? json_string(id) : "null"; };
  JsonList list("  ");
  list.add("signed_by", key(seal.signed_with.has_value(), seal.signing_key_id));
  list.add("encrypted_for", key(seal.is_encrypted, seal.encryption_key_id));
  return list.object();
}

std::string limits_json(const Limits& limits) {
  JsonList list("  ");
  list.add("memory_bytes", number_or_null(limits.memory_bytes_max, Limits::kUnlimited));
  list.add("stack_bytes", std::to_string(limits.stack_bytes_max));
  list.add("time_ms", limits.time_max.count() == 0 ? "null" : milliseconds(limits.time_max));
  list.add("fuel", number_or_null(limits.fuel_max, Limits::kUnlimited));
  return list.object();
}

std::string_view kind_json(AsyncFrame::Kind kind) {
  using Kind = AsyncFrame::Kind;
  switch (kind) {
    case Kind::async_function: return "async function";
    case Kind::async_generator: return "async generator";
    case Kind::callback: return "then";
    case Kind::catch_callback: return "catch";
    case Kind::finally: return "finally";
    case Kind::all: return "Promise.all";
    case Kind::all_settled: return "Promise.allSettled";
    case Kind::any: return "Promise.any";
    case Kind::resolution: return "resolution";
    case Kind::module: return "module";
    case Kind::import: return "import()";
  }
  return "";
}

std::string frame_json(const AsyncFrame& frame) {
  return "{\"kind\":" + json_string(kind_json(frame.kind)) +
         ",\"function\":" + json_string(frame.function) + ",\"file\":" + json_string(frame.file) +
         ",\"line\":" + std::to_string(frame.line) + ",\"column\":" + std::to_string(frame.column) +
         "}";
}

std::string_view end_json(AsyncStack::End end) {
  switch (end) {
    case AsyncStack::End::nobody: return "nobody";
    case AsyncStack::End::kept: return "kept";
    case AsyncStack::End::host: return "host";
    case AsyncStack::End::shown: return "shown";
    case AsyncStack::End::cut: return "cut";
  }
  return "";
}

std::string stack_json(const AsyncStack& stack) {
  std::string frames;
  for (const AsyncFrame& frame : stack.frames)
    frames += (frames.empty() ? "" : ",") + frame_json(frame);
  const bool kept = stack.end == AsyncStack::End::kept;
  return "{\"frames\":[" + frames + "],\"end\":" + json_string(end_json(stack.end)) +
         (kept ? ",\"root\":" + json_string(stack.root) : "") + "}";
}

std::string wait_json(const Wait& wait) {
  std::string text;
  if (wait.what == Wait::For::call) {
    text = "{\"for\":\"call\",\"id\":" + json_string(std::to_string(wait.id));
  } else if (wait.what == Wait::For::timer) {
    text = "{\"for\":\"timer\",\"due\":" + json_string(describe_time(wait.time));
    if (!wait.callback.file.empty()) text += ",\"callback\":" + frame_json(wait.callback);
  } else {
    text = "{\"for\":\"promise\"";
  }
  std::string stacks;
  for (const AsyncStack& stack : wait.stacks)
    stacks += (stacks.empty() ? "" : ",") + stack_json(stack);
  return text + ",\"stacks\":[" + stacks + "]}";
}

std::string waits_json(const Waits& waits) {
  JsonList list("  ");
  for (const Wait& wait : waits.list) list.add(wait_json(wait));
  return list.array();
}

std::string pages_json(const std::vector<Census::Page>& pages) {
  constexpr std::string_view kLetters = "bcfz";
  std::string text;
  for (const Census::Page page : pages) text += kLetters[static_cast<std::size_t>(page) & 3];
  return json_string(text);
}

std::string census_json(const Census& census) {
  JsonList rows("    ");
  for (const Census::Row& row : census.rows) {
    rows.add("{\"kind\":" + json_string(to_string(row.kind)) +
             ",\"name\":" + json_string(row.name) + ",\"count\":" + std::to_string(row.count) +
             ",\"bytes\":" + std::to_string(row.bytes) + "}");
  }
  JsonList list("  ");
  list.add("whole", census.is_whole ? "true" : "false");
  list.add("used_bytes", std::to_string(census.used_bytes));
  list.add("fixed_bytes", std::to_string(census.fixed_bytes));
  list.add("overhead_bytes", std::to_string(census.overhead_bytes));
  list.add("unknown_bytes", std::to_string(census.unknown_bytes));
  list.add("free_small_bytes", std::to_string(census.free_small_bytes));
  list.add("free_large_bytes", std::to_string(census.free_large_bytes));
  list.add("free_end_bytes", std::to_string(census.free_end_bytes));
  list.add("rows", rows.array());
  list.add("pages", pages_json(census.pages));
  return list.object();
}

}  // namespace

std::string call_json(const PendingCall& call, Time now) {
  std::string text = pending_call_json(call);
  text.pop_back();
  return text + ",\"since\":" + json_string(describe_time(call.since)) +
         ",\"age_ms\":" + milliseconds(now - call.since) + "}";
}

std::string contents_json(const Contents& contents) {
  JsonList calls("  ");
  for (const PendingCall& call : contents.calls) calls.add(call_json(call, contents.now));
  JsonList timers("  ");
  for (const Time deadline : contents.timers) timers.add(json_string(describe_time(deadline)));

  const Snapshot& snapshot = contents.snapshot;
  JsonList list("");
  list.add("snapshot", json_string(contents.file));
  list.add("program", contents.program.empty() ? "null" : json_string(contents.program));
  list.add("engine", json_string(snapshot.engine()));
  list.add("digest", json_string(snapshot.digest()));
  list.add("form", json_string(form_name(snapshot.form())));
  list.add("ancestors", names_json(snapshot.ancestors()));
  if (contents.seal) list.add("seal", seal_json(*contents.seal));
  if (contents.drew) list.add("image", draws_json(*contents.drew));
  list.add("stored_bytes", std::to_string(snapshot.stored_bytes()));
  list.add("memory_bytes", std::to_string(snapshot.memory_bytes()));
  list.add("limits", limits_json(snapshot.limits()));
  list.add("functions", names_json(contents.functions));
  list.add("modules", names_json(contents.modules));
  list.add("mounts", mounts_json(contents.mounts));
  list.add("files", files_json(contents.files));
  list.add("roots", names_json(contents.roots));
  list.add("globals", names_json(contents.globals));
  list.add("timers", timers.array());
  list.add("pending", calls.array());
  list.add("waits", waits_json(contents.waits));
  list.add("ready_jobs", std::to_string(contents.waits.ready_jobs));
  list.add("census", census_json(contents.census));
  return list.object() + "\n";
}

}  // namespace quiesce::cli
