// How the contents of a snapshot are shown: as text, as JSON, as a page.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/contents.hpp"

namespace quiesce::cli {

std::string contents_text(const Contents& contents);
std::string contents_json(const Contents& contents);
std::string contents_html(const Contents& contents);

/// What is shown of the input when it cannot be loaded, for want of its engine. Nothing: it cannot
/// be loaded for another reason.
std::optional<std::string> header_alone(const Options& options);

// ---- parts that are shown elsewhere too ----

/// As the options say: as a page, which alone prints nothing, and as JSON or text.
using Showing = std::function<std::string()>;
void show(const Options& options, const Showing& html, const Showing& json, const Showing& text);

/// "charge(499)". Arguments that are longer than this many bytes are cut.
std::string describe_call(const PendingCall& call, std::size_t shown);
/// "memory 64 MiB, stack 512 KiB, time unlimited, fuel unlimited"
std::string describe_limits(const Limits& limits);
/// "2.9 KiB; awake 4.8 MiB", "24 KiB, whole; awake 4.8 MiB"
std::string describe_size(std::uint64_t stored_bytes, SnapshotForm form,
                          std::uint64_t memory_bytes);
/// "base", "delta" or "whole".
std::string form_name(SnapshotForm form);
/// "2026-01-01T00:00:00.000Z  (in 30 s)"
std::string describe_deadline(Time deadline, Time now);
/// "Order", "strings", "code of file:///app/main.js": what a row of a census is about.
std::string describe_row(const Census::Row& row);
/// What a timer calls: "tick (file:///app/main.js:16:1)".
std::string describe_callback(const AsyncFrame& callback);
/// Why a stack goes no further: "nobody awaits that".
std::string describe_end(const AsyncStack& stack);
std::string call_json(const PendingCall& call, Time now);

}  // namespace quiesce::cli
