// Instances of host classes: what they have in the guest is a number, and no more.
#pragma once

#include "machine.hpp"

/// Puts number and row of an instance into q_shared.resource; number 0 if it is none.
void show_resource_of_object(JSValueConst object);
inline void show_resource(JSValueConst value) {
  if (JS_VALUE_GET_TAG(value) == JS_TAG_OBJECT) {
    show_resource_of_object(value);
  } else {
    machine.shared.resource.number = 0;
    machine.shared.resource.row = 0;
  }
}
