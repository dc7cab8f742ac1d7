// The helper functions of the PAC format that need nothing from outside, in JavaScript.
//
// They are evaluated into the VM before the PAC file, which may replace them, and use the host
// functions of sandbox.cpp.
#pragma once

namespace pac {

extern const char* const kHelpers;

}  // namespace pac
