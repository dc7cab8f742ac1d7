// For tests: the three ways to know what was written give the same answers.
#pragma once

#include "guest/written_pages.hpp"

namespace quiesce::guest {

/// While one exists, the process behaves as if its kernel could do no more. (Taking its descriptors
/// away would not do: those that the question needs are open once anybody has asked.)
struct KernelThatCan {
  explicit KernelThatCan(AskFor most) { ask_kernel_for(most); }
  ~KernelThatCan() { ask_kernel_for(AskFor::list); }
  KernelThatCan(const KernelThatCan&) = delete;
  KernelThatCan& operator=(const KernelThatCan&) = delete;
};

}  // namespace quiesce::guest
