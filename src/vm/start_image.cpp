#include "quiesce/start_image.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "base/file.hpp"
#include "vm/machine.hpp"

namespace quiesce {

namespace {

namespace fs = std::filesystem;
using detail::Machine;
using detail::ValueAccess;
using guest::Instance;
using guest::u32;
using guest::u64;

constexpr std::string_view kExtension = ".qimg";

// A Machine that was not told to begin is as the snapshot has it.
std::shared_ptr<Machine> asleep(const Snapshot& snapshot) {
  auto machine = std::make_shared<Machine>(Host(), snapshot, RestoreOptions::for_looking());
  machine->start();
  return machine;
}

std::string describe(const std::vector<PendingCall>& calls) {
  const PendingCall& first = calls.front();
  std::string text =
      (first.name.empty() ? "a promise" : first.name) + " (call " + std::to_string(first.id) + ")";
  if (calls.size() > 1) text += " and " + std::to_string(calls.size() - 1) + " more";
  return text;
}

void check_is_at_rest(const VM& vm) {
  if (vm.job_ready()) {
    throw Error(Errc::busy,
                "an image is made when the evaluation has ended, and jobs are ready: call "
                "run_until_idle first");
  }
  if (const auto calls = vm.pending_calls(); !calls.empty()) {
    throw Error(Errc::busy, "an image is made when the evaluation has ended, and it waits for " +
                                describe(calls) + ": settle that first");
  }
}

}  // namespace

// ---- draws --------------------------------------------------------------------------------------

std::string Draw::describe() const {
  if (count == 0) return "never";
  std::string text = count == 1 ? "once" : std::to_string(count) + " times";
  if (first_place.empty()) return text;
  return text + (count == 1 ? ", at " : ", first at ") + first_place;
}

std::string Draws::describe() const {
  std::string text;
  const auto add = [&](const char* name, const Draw& draw) {
    if (draw.count == 0) return;
    text += (text.empty() ? "" : "; ") + std::string(name) + ": " + draw.describe();
  };
  add("clock", clock);
  add("entropy", entropy);
  add("Math.random", random);
  return text;
}

Draws VM::draws() const { return machine_->draws(); }

bool VM::began_from_image() const {
  machine_->check_alive();
  return machine_->began_from_image();
}

// ---- one image ----------------------------------------------------------------------------------

StartImage::StartImage(Snapshot snapshot, Draws draws)
    : snapshot_(std::move(snapshot)), draws_(std::move(draws)) {}

StartImage::StartImage(Snapshot snapshot) : snapshot_(std::move(snapshot)) {
  const std::shared_ptr<Machine> machine = asleep(snapshot_);
  if (!machine->is_image()) {
    throw Error(Errc::snapshot,
                "this is the snapshot of a VM that sleeps, and no start image: VM's constructor "
                "wakes it, and StartImage::of makes images");
  }
  draws_ = machine->draws();
}

bool StartImage::is_one(const Snapshot& snapshot) { return asleep(snapshot)->is_image(); }

StartImage StartImage::of(VM& vm, const ImageOptions& options) {
  // Taken first: it refuses what is busy, gone or lost.
  const Snapshot now = vm.snapshot();
  check_is_at_rest(vm);
  Draws draws = vm.draws();
  if (options.refuse_draws && !draws.none()) {
    throw Error(
        Errc::invalid_argument,
        "the evaluation drew what every VM of the image would have in common: " + draws.describe());
  }
  // The draft is put to no use, so it has nothing of the host but the clock: its timers were set by
  // that, and are put off by it.
  Host bare;
  bare.clock(ValueAccess::machine(vm).host_parts().clock);
  RestoreOptions restore = RestoreOptions::lenient();
  restore.limits = vm.limits();
  VM draft(bare, now, restore);
  draft.collect_garbage();
  ValueAccess::machine(draft).enter([](Instance& guest) { guest.make_image(); });
  return {draft.snapshot(), std::move(draws)};
}

StartImage StartImage::load(const fs::path& file, const LoadOptions& options) {
  Snapshot snapshot = Snapshot::load(file, options);
  try {
    return StartImage(std::move(snapshot));
  } catch (const Error& error) {
    if (error.code() != Errc::snapshot) throw;
    throw Error(Errc::snapshot, "cannot load " + base::quoted(file) + ": " + error.what());
  }
}

VM StartImage::start(const Host& host) const { return start(host, {.reseed = true}); }

VM StartImage::start(const Host& host, const RestoreOptions& options) const {
  return VM(host, snapshot_, options);
}

void StartImage::save(const fs::path& file) const { snapshot_.save(file); }

// ---- images by name -----------------------------------------------------------------------------

StartImages::StartImages(fs::path folder, LoadOptions options)
    : folder_(std::move(folder)), options_(std::move(options)) {
  std::error_code ignored;
  if (!fs::is_directory(folder_, ignored))
    throw Error(Errc::io, "the folder of images " + base::quoted(folder_) + " is not there");
}

fs::path StartImages::file_of(const std::string& name) const {
  if (name.empty() || name.front() == '.' || name.find('/') != std::string::npos ||
      name.find('\0') != std::string::npos) {
    throw Error(Errc::invalid_argument,
                "an image in a folder cannot be called " + base::quoted(name) +
                    ": its name must be that of a file, without a dot in front");
  }
  return folder_ / (name + std::string(kExtension));
}

void StartImages::add(const std::string& name, const StartImage& image) {
  const std::lock_guard lock(mutex_);
  if (!folder_.empty()) image.save(file_of(name));
  images_.insert_or_assign(name, image);
}

std::optional<StartImage> StartImages::find(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (const auto found = images_.find(name); found != images_.end()) return found->second;
  if (folder_.empty()) return std::nullopt;
  const fs::path file = file_of(name);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  return images_.emplace(name, StartImage::load(file, options_)).first->second;
}

bool StartImages::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  bool found = images_.erase(name) > 0;
  if (folder_.empty()) return found;
  const fs::path file = file_of(name);
  std::error_code error;
  found = fs::remove(file, error) || found;
  if (error) throw Error(Errc::io, "cannot remove " + base::quoted(file) + ": " + error.message());
  return found;
}

std::vector<std::string> StartImages::names() const {
  const std::lock_guard lock(mutex_);
  std::set<std::string> names;
  for (const auto& [name, image] : images_) names.insert(name);
  if (folder_.empty()) return {names.begin(), names.end()};
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    const fs::path& file = entry->path();
    if (file.extension() == kExtension && entry->is_regular_file(ignored) &&
        !file.stem().string().starts_with('.'))
      names.insert(file.stem().string());
  }
  if (error) {
    throw Error(Errc::io,
                "cannot look for images in " + base::quoted(folder_) + ": " + error.message());
  }
  return {names.begin(), names.end()};
}

// ---- in the machine -----------------------------------------------------------------------------

namespace detail {

bool Machine::is_image() {
  return peek([](Instance& guest) { return guest.is_image() != 0; });
}

Draws Machine::draws() {
  return peek([this](Instance& guest) {
    const auto draw = [&](q_draw kind) {
      Draw drawn{.count = guest.draws(static_cast<u32>(kind))};
      const auto file = shared<q_view>(offsetof(q_shared, draw.file));
      if (drawn.count == 0 || file.width == 0) return drawn;
      drawn.first_place = text_of(file);
      const auto line = shared<u32>(offsetof(q_shared, draw.line));
      const auto column = shared<u32>(offsetof(q_shared, draw.column));
      if (line != 0) drawn.first_place += ":" + std::to_string(line) + ":" + std::to_string(column);
      return drawn;
    };
    return Draws{draw(Q_DRAW_CLOCK), draw(Q_DRAW_ENTROPY), draw(Q_DRAW_RANDOM)};
  });
}

// What the Host offers and the evaluation could not have: as for a new VM, but over nothing that
// the program has put there itself.
void Machine::offer(const std::vector<std::string>& known) {
  const Value global = facade_->global();
  const auto define = [&](std::string_view name, Property how, auto make) {
    if (!global.has_own(name)) global.define(facade_->string(name), make(), how);
  };
  for (const auto& [name, function] : host_->functions) {
    if (function.is_member || std::ranges::binary_search(known, name)) continue;
    define(name, {.writable = true, .enumerable = true, .configurable = true},
           [&] { return facade_->function(name); });
  }
  for (const auto& [name, parts] : host_->classes) {
    define(name, {.writable = true, .enumerable = false, .configurable = true},
           [&] { return host_objects_.host_class(parts); });
  }
}

void Machine::begin_from_image(bool reseed) {
  began_from_image_ = true;
  std::vector<std::string> known = facade_->function_names();
  std::ranges::sort(known);
  u64 seed = 0;
  if (reseed) random(std::as_writable_bytes(std::span(&seed, 1)));
  enter([&](Instance& guest) {
    guest.start(seed);
    offer(known);
    if (facade_->global().has_own("fetch")) known.emplace_back("fetch");
    install_process(guest, known);
  });
}

}  // namespace detail

}  // namespace quiesce
