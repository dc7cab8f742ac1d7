// Texts that the host has put into the linear memory, and strings it may look at.
#pragma once

#include "held.hpp"

/// Exactly the units that stand there; UTF-8 that is malformed gives U+FFFD. Owned, may be an
/// exception.
JSValue new_text(u32 address, u32 count, u32 encoding);

/// As a property key.
JSAtom new_text_atom(u32 address, u32 count, u32 encoding);

/// Where the units of a flat string are.
q_view view_of(JSValueConst flat);
