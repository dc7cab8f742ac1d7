// Parts of the pages that show what is in a snapshot. All are HTML. Thread safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/contents.hpp"

namespace quiesce::cli {

/// Large numbers with a word below each; both are text.
std::string figures_html(const std::vector<std::pair<std::string, std::string>>& figures);
/// A pending call with its age and the stacks of who awaits it. `wait` may be null.
std::string call_html(const PendingCall& call, const Wait* wait, Time now);
/// The stacks of a wait, the first as it is, the others folded.
std::string stacks_html(const std::vector<AsyncStack>& stacks);
/// A treemap of all memory but the engine's fixed part, and the largest rows as a table.
std::string census_html(const Census& census);
/// A memory map: what is the VM's own, what is free.
std::string pages_html(const std::vector<Census::Page>& pages);
/// Two columns: what it is, and its value, which is HTML.
std::string facts_html(const std::vector<std::pair<std::string, std::string>>& facts);
/// Texts in a monospaced column; long lists are folded.
std::string names_html(const std::vector<std::string>& names);

}  // namespace quiesce::cli
