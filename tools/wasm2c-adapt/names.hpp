// How wabt 1.0.32 names what it generates. Another version of wabt that differs is a change here.
#pragma once

#include <string_view>

namespace adapt::names {

inline constexpr std::string_view kLocal = "w2c_";  // functions, variables, labels, members
inline constexpr std::string_view kInstanceEnd = "_instance_t";
inline constexpr std::string_view kInstance = "instance";  // the parameter
inline constexpr std::string_view kArrayStart = "data_segment_data_";
inline constexpr std::string_view kElementsStart = "elem_segment_exprs_";
inline constexpr std::string_view kEndOfPrelude = "static bool s_module_initialized = false;";
inline constexpr std::string_view kStackPointer = "__stack_pointer";  // lld's name

}  // namespace adapt::names
