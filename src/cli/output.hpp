// Standard output and standard error, without a buffer: what a program printed is out when it
// falls asleep, is killed or reaches a limit, and the two streams keep their order.
//
// A reader that went away ends this process quietly, as SIGPIPE does; any other failure to write to
// standard output ends it with a sentence and Exit::usage. Failures on standard error are ignored:
// there is nobody left to tell. Thread safe as far as write(2) is.
#pragma once

#include <string>
#include <string_view>

namespace quiesce::cli {

void print(std::string_view text);        // to standard output
void print_error(std::string_view text);  // to standard error
/// "quiesce: TEXT" and a line end, to standard error.
void complain(std::string_view text);

/// Makes sure that descriptors 0, 1 and 2 are open, so that no file of ours takes one of them.
void open_standard_streams();

/// UTF-8 for a terminal or a pipe: lone surrogates (three bytes each) become U+FFFD.
std::string well_formed(std::string text);
/// The same, and control characters as \xNN: for texts out of a snapshot that nobody vouches for.
std::string printable(std::string_view text);

/// "engine      8c1f…" and a line end: one fact among others, the texts below one another.
std::string labelled_line(std::string_view label, const std::string& text);

}  // namespace quiesce::cli
