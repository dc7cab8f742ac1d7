// Modules of a host of the C interface.
#pragma once

#include <memory>

#include "c/parts.hpp"

namespace quiesce::c {

/// Gives `host` a loader that asks the callbacks, in the name of `vm`.
void add_modules(Host& host, const HostObject::Modules& modules,
                 const std::shared_ptr<VmObject>& vm);

}  // namespace quiesce::c
