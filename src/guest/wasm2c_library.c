// What an engine has besides its code when it is a library of its own (engine_library.hpp). It
// needs nothing of its host by name, keeps no state, and serves any number of hosts in one process:
// the way back to the one that entered is found in the entry itself.
#include "guest/wasm2c_abi.h"

__attribute__((visibility("hidden"))) extern const struct qw_engine quiesce_engine_about;
__attribute__((visibility("hidden"))) extern const struct qw_module quiesce_engine_module;

__attribute__((visibility("default"))) extern const struct qw_library quiesce_engine_library;
const struct qw_library quiesce_engine_library = {&quiesce_engine_about, &quiesce_engine_module};

__attribute__((visibility("hidden"))) void quiesce_leave_guest(struct qw_activation* activation,
                                                               uint64_t event, uint64_t* slots) {
  activation->leave(activation, event, slots);
}
