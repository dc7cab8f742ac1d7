#include "quiesce/host.hpp"

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

Clock fixed_clock(Time time) {
  return [time] { return time; };
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
