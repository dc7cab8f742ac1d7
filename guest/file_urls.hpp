// Paths and file: URLs (https://url.spec.whatwg.org/), as node:url has them for POSIX. Strings are
// WTF-8 inside, so that every path comes back as it was.
#pragma once

#include "held.hpp"

/// The path of a file: URL; undefined if it has none: another scheme, a host, "%2F" within a name.
/// An exception is want of memory.
JSValue path_of_url(JSValueConst url);

/// The file: URL of an absolute path.
JSValue url_of_file(JSValueConst path);

/// What stands before the last slash; "/" for a file in the root.
JSValue folder_of_file(JSValueConst path);
