#include "quiesce/host.hpp"

#include <atomic>
#include <ctime>
#include <utility>

#include "base/system.hpp"
#include "vm/machine.hpp"

namespace quiesce {

Host::Host() : parts_(std::make_shared<detail::HostParts>()) {
  parts_->clock = base::system_clock_now;
  parts_->entropy = base::system_entropy;
  parts_->timezone = [](Time) { return std::chrono::minutes(0); };
}

// VMs and copies hold the same parts: whoever writes while they are shared gets their own.
detail::HostParts& Host::parts() {
  if (parts_.use_count() > 1) parts_ = std::make_shared<detail::HostParts>(*parts_);
  return *parts_;
}

Host& Host::function(std::string name, std::uint32_t arity, HostFunction f) {
  if (name.empty()) throw Error(Errc::invalid_argument, "a host function needs a name");
  if (!f) throw Error(Errc::invalid_argument, "host function '" + name + "' is empty");
  parts().functions.insert_or_assign(std::move(name),
                                     detail::HostParts::Function{arity, std::move(f)});
  return *this;
}

Host& Host::clock(Clock clock) {
  if (!clock) throw Error(Errc::invalid_argument, "the clock is an empty function");
  parts().clock = std::move(clock);
  return *this;
}

Host& Host::entropy(Entropy entropy) {
  if (!entropy) throw Error(Errc::invalid_argument, "the entropy is an empty function");
  parts().entropy = std::move(entropy);
  return *this;
}

Host& Host::log(Log log) {
  parts().log = std::move(log);
  return *this;
}

Host& Host::timezone(Timezone timezone) {
  if (!timezone) throw Error(Errc::invalid_argument, "the timezone is an empty function");
  parts().timezone = std::move(timezone);
  return *this;
}

Host& Host::on_rejection(OnRejection f) {
  parts().on_rejection = std::move(f);
  return *this;
}

Clock system_clock() { return base::system_clock_now; }
namespace {

class TwoFunctions final : public ModuleLoader {
 public:
  TwoFunctions(ResolveModule resolve, LoadModule load)
      : resolve_(std::move(resolve)), load_(std::move(load)) {}
  std::optional<std::string> resolve(VM& vm, const ModuleRequest& request) override {
    return resolve_(vm, request);
  }
  std::optional<ModuleSource> load(VM& vm, const ModuleKey& key) override { return load_(vm, key); }

 private:
  ResolveModule resolve_;
  LoadModule load_;
};

}  // namespace

Host& Host::modules(std::shared_ptr<ModuleLoader> loader) {
  if (!loader) throw Error(Errc::invalid_argument, "the module loader is null");
  parts().modules = std::move(loader);
  return *this;
}

Host& Host::modules(ResolveModule resolve, LoadModule load) {
  if (!resolve || !load)
    throw Error(Errc::invalid_argument, "a function of the module loader is empty");
  return modules(std::make_shared<TwoFunctions>(std::move(resolve), std::move(load)));
}

Host& Host::files(Mounts mounts) {
  parts().mounts = std::move(mounts);
  return *this;
}

Host& Host::without(std::initializer_list<Intrinsic> intrinsics) {
  for (const Intrinsic intrinsic : intrinsics)
    parts().without |= static_cast<std::uint32_t>(intrinsic);
  return *this;
}

Clock fixed_clock(Time time) {
  return [time] { return time; };
}

Clock stepped_clock(Time start, std::chrono::nanoseconds step) {
  auto next = std::make_shared<std::atomic<std::int64_t>>(start.time_since_epoch().count());
  return [next, step] { return Time(std::chrono::nanoseconds(next->fetch_add(step.count()))); };
}

Entropy system_entropy() { return base::system_entropy; }

Timezone system_timezone() {
  return [](Time time) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm local{};
    if (localtime_r(&seconds, &local) == nullptr) return std::chrono::minutes(0);
    return std::chrono::floor<std::chrono::minutes>(std::chrono::seconds(local.tm_gmtoff));
  };
}

Timezone fixed_timezone(std::chrono::minutes ahead_of_utc) {
  if (ahead_of_utc > std::chrono::hours(24) || ahead_of_utc < -std::chrono::hours(24)) {
    throw Error(Errc::invalid_argument, "a time zone is at most 24 hours from UTC, not " +
                                            std::to_string(ahead_of_utc.count()) + " minutes");
  }
  return [ahead_of_utc](Time) { return ahead_of_utc; };
}

Entropy seeded_entropy(std::uint64_t seed) {
  // splitmix64: every seed, zero included, gives a full-period sequence; not for secrets.
  return [state = seed](std::span<std::byte> bytes) mutable {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i % 8 == 0) {
        word = state += 0x9E3779B97F4A7C15ull;
        word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9ull;
        word = (word ^ word >> 27) * 0x94D049BB133111EBull;
        word ^= word >> 31;
      }
      bytes[i] = static_cast<std::byte>(word >> (i % 8 * 8));
    }
  };
}

}  // namespace quiesce
