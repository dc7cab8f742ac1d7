// Data as the bytes in which it crosses the wall: guest/data_form.h, docs/guest-abi.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

#include "quiesce/data.hpp"

namespace quiesce::detail {

/// These bytes are no form: a guest that was tampered with.
struct MalformedForm : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Believes nothing. `memory` is what addresses in the form point into. Throws MalformedForm, or
/// Errc::limit when the Data would take more than about `bytes_max`.
Data decode_form(std::span<const std::byte> form, std::span<const std::byte> memory,
                 std::uint64_t bytes_max);

/// Throws Errc::not_cloneable, with the path, for what cannot be made in a guest.
std::string encode_form(const Data& data);

}  // namespace quiesce::detail
