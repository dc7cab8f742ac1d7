// Everything: include this one, or the single headers you need.
#pragma once

#include "quiesce/call.hpp"
#include "quiesce/convert.hpp"
#include "quiesce/coroutine.hpp"
#include "quiesce/deferred.hpp"
#include "quiesce/error.hpp"
#include "quiesce/event_loop.hpp"
#include "quiesce/host.hpp"
#include "quiesce/limits.hpp"
#include "quiesce/promise.hpp"
#include "quiesce/run.hpp"
#include "quiesce/snapshot.hpp"
#include "quiesce/value.hpp"
#include "quiesce/version.hpp"
#include "quiesce/vm.hpp"
