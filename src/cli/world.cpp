#include "cli/world.hpp"

#include <algorithm>
#include <thread>

#include "cli/failure.hpp"
#include "cli/output.hpp"
#include "cli/timezone.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

void log(LogLevel level, std::string_view text) {
  const std::string line = well_formed(std::string(text)) + "\n";
  if (level == LogLevel::warn || level == LogLevel::error) {
    print_error(line);
  } else {
    print(line);
  }
}

// process.stdout and process.stderr, whose pieces need not be lines.
void write(OutputStream stream, std::string_view text) {
  stream == OutputStream::out ? print(text) : print_error(text);
}

Time system_now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

}  // namespace

World::World(const WorldOptions& options)
    : standing_(options.clock), timezone_(make_timezone(options.timezone)) {
  if (options.seed) entropy_ = seeded_entropy(*options.seed);
}

Host World::host() {
  Host host;
  host.clock([this] { return now(); }).timezone(timezone_).log(log).output(write);
  if (entropy_) host.entropy(entropy_);
  return host;
}

Time World::now() const { return standing_ ? *standing_ : system_now(); }

void World::wait_until(Time deadline) {
  if (standing_) {
    // An interval that nobody clears comes here sooner or later, and later deadlines are all one.
    constexpr Time kEnd{std::chrono::nanoseconds(9'100'000'000'000'000'000)};
    if (deadline >= kEnd) {
      throw UsageError("the clock has run to " + describe_time(*standing_) +
                       ", and a timer waits for a moment beyond its end");
    }
    // Deadlines are milliseconds for JavaScript: rounded up, so that the timer is due by then.
    deadline = std::chrono::ceil<std::chrono::milliseconds>(deadline);
    standing_ = std::max(*standing_, deadline);
    return;
  }
  // In short pieces, since the system's clock may be set while this process waits.
  constexpr auto kPiece = std::chrono::nanoseconds(std::chrono::minutes(1));
  for (Time time = now(); time < deadline; time = now()) {
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(deadline - time, kPiece));
  }
}

}  // namespace quiesce::cli
