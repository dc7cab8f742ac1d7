// Everything: include this one, or the single headers you need.
#pragma once

#include "quiesce/call.hpp"
#include "quiesce/convert.hpp"
#include "quiesce/deferred.hpp"
#include "quiesce/error.hpp"
#include "quiesce/host.hpp"
#include "quiesce/limits.hpp"
#include "quiesce/snapshot.hpp"
#include "quiesce/value.hpp"
#include "quiesce/vm.hpp"
