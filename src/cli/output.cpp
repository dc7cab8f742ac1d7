#include "cli/output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/failure.hpp"

namespace quiesce::cli {

namespace {

// 0, or the errno of what went wrong.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // somebody made the terminal or pipe non-blocking
      pollfd ready{descriptor, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

void print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0) return;
  if (error == EPIPE) std::_Exit(128 + SIGPIPE);  // where SIGPIPE is ignored
  complain(std::string("cannot write to standard output: ") + std::strerror(error));
  std::_Exit(static_cast<int>(Exit::usage));
}

void print_error(std::string_view text) { write_all(STDERR_FILENO, text); }

void complain(std::string_view text) { print_error("quiesce: " + std::string(text) + "\n"); }

void open_standard_streams() {
  int descriptor = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) {
    ::fcntl(descriptor, F_SETFD, 0);
    descriptor = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  }
  if (descriptor >= 0) ::close(descriptor);
}

std::string well_formed(std::string text) {
  // The three-byte form of a surrogate is ED A0..BF xx, and U+FFFD has three bytes as well.
  std::size_t at = 0;
  while ((at = text.find('\xED', at)) != std::string::npos && at + 2 < text.size()) {
    if (static_cast<unsigned char>(text[at + 1]) >= 0xA0) text.replace(at, 3, "\xEF\xBF\xBD");
    at += 3;
  }
  return text;
}

std::string printable(std::string_view text) {
  std::string result;
  const std::string clean = well_formed(std::string(text));
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const auto byte = static_cast<unsigned char>(clean[i]);
    // C2 80 to C2 9F are the control characters U+0080 to U+009F.
    const bool pair =
        byte == 0xC2 && i + 1 < clean.size() && static_cast<unsigned char>(clean[i + 1]) < 0xA0;
    if (byte >= 0x20 && byte != 0x7F && !pair) {
      result += clean[i];
      continue;
    }
    std::array<char, 8> escape{};
    const unsigned code = pair ? static_cast<unsigned char>(clean[++i]) : byte;
    std::snprintf(escape.data(), escape.size(), "\\x%02x", code);
    result += escape.data();
  }
  return result;
}

std::string labelled_line(std::string_view label, const std::string& text) {
  constexpr std::size_t kLabelWidth = 12;
  std::string line(label);
  if (!text.empty()) line.resize(std::max(kLabelWidth, label.size() + 1), ' ');
  return line + text + "\n";
}

}  // namespace quiesce::cli
