// The byte form of data. Whatever the bytes are, the host's decoder refuses them or gives Data that
// holds together; the guest's decoder refuses them or makes values; and what has been in a guest
// once is the same after every further trip.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "fuzz/session.hpp"
#include "vm/data_form.hpp"
#include "vm/machine.hpp"

namespace {

using namespace quiesce;
using detail::Machine;

constexpr std::uint64_t kBytesMax = 4u << 20;

/// A form to begin with: one of everything.
const std::string& sample() {
  static const std::string form = [] {
    const Data buffer = Data::array_buffer(std::as_bytes(std::span("0123456789abcde")), 64);
    const Data error = Data::error("RangeError", "too far");
    error.set_cause(Data::error("Mine", "inner"));
    error.set("status", 404);
    const Data all =
        Data::object({{"numbers", Data::array({1, -1, 2.5, 1e300, Data(), nullptr, true, false})},
                      {"texts", Data::array({"", "a", "grüße", std::string(100, 'x')})},
                      {"big", BigInt{"-123456789012345678901234567890"}},
                      {"symbol", Data::symbol("key")},
                      {"map", Data::map({{1, "one"}, {"set", Data::set({1, 2})}})},
                      {"date", Data::date(12)},
                      {"regexp", Data::regexp("a.c", "gi")},
                      {"error", error},
                      {"views", Data::array({Data::typed_array(Class::uint16_array, buffer, 2, 3),
                                             Data::data_view(buffer, 1), buffer})},
                      {"boxed", Data::boxed("s")},
                      {"promise", Data::resolved(1)}});
    all.set("self", all);
    return detail::encode_form(all);
  }();
  return form;
}

std::string edited(std::string form, std::span<const std::uint8_t> edits) {
  for (; edits.size() >= 3; edits = edits.subspan(3)) {
    const std::size_t at = (edits[0] | std::size_t{edits[1]} << 8) % form.size();
    form[at] = static_cast<char>(edits[2]);
  }
  return form;
}

void decode_on_host(VM& vm, const std::string& form) {
  const std::span bytes = std::as_bytes(std::span(form));
  Data data;
  try {
    data = detail::decode_form(bytes, bytes, kBytesMax);
  } catch (const detail::MalformedForm&) {
    return;
  } catch (const Error& error) {
    fuzz::require(error.code() == Errc::limit, "a form is refused for a strange reason");
    return;
  }
  fuzz::require(data == data.clone(), "a copy is something else");
  data.inspect();
  const auto made = attempt([&] { return vm.value(data); });
  if (!made) return;
  // Through the guest it becomes what a guest can have, and then stays that.
  const auto once = attempt([&] { return made.value().as<Data>(); });
  if (!once) return;
  const auto again = attempt([&] { return vm.value(once.value()).as<Data>(); });
  if (again) fuzz::require(again.value() == once.value(), "data changes on its way");
}

void decode_in_guest(VM& vm, const std::string& form) {
  Machine& machine = detail::ValueAccess::machine(vm);
  const auto made = attempt([&] {
    return machine.enter([&](guest::Instance& guest) {
      Machine::Staging staging(machine);
      const guest::u32 address = staging.bytes(std::as_bytes(std::span(form)));
      return machine.result(guest.data_decode(address, static_cast<guest::u32>(form.size())));
    });
  });
  if (!made) {
    fuzz::require(made.error().code() != Errc::poisoned, "bad bytes are no reason to trap");
    return;
  }
  static_cast<void>(attempt([&] { return made.value().inspect(); }));
  static_cast<void>(attempt([&] { return made.value().as<Data>(); }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> rest(data + 1, size - 1);
  const std::string form =
      data[0] % 2 == 0 ? std::string(rest.begin(), rest.end()) : edited(sample(), rest);
  VM vm{Host(), fuzz::small_limits()};
  decode_on_host(vm, form);
  decode_in_guest(vm, form);
  fuzz::require_usable(vm);
  return 0;
}
