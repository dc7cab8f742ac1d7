// A host of the C interface as one VM gets it: its functions know the VM that calls.
#pragma once

#include <memory>

#include "c/parts.hpp"

namespace quiesce::c {

/// NULL is a host with nothing outside. Throws Errc::invalid_argument for a dead handle.
Host host_for(const quiesce_host* handle, const std::shared_ptr<VmObject>& vm);

}  // namespace quiesce::c
