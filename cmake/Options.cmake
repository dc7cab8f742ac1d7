# What can be chosen at configuration, and what all our own host code is compiled with.

set(QUIESCE_WALL guard CACHE STRING
    "How guest memory is walled off: guard (x86-64, guard pages) or checked (portable)")
set_property(CACHE QUIESCE_WALL PROPERTY STRINGS guard checked)
if(NOT QUIESCE_WALL MATCHES "^(guard|checked)$")
  message(FATAL_ERROR "QUIESCE_WALL is '${QUIESCE_WALL}'; it can be 'guard' or 'checked'")
endif()

option(QUIESCE_CLI "Build the command line program" ${PROJECT_IS_TOP_LEVEL})
option(QUIESCE_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(QUIESCE_INSTALL "Make the install target" ${PROJECT_IS_TOP_LEVEL})
option(QUIESCE_TYPESCRIPT "Erase types from TypeScript (the build needs Node.js and npm)" ON)
option(QUIESCE_TESTS "Build the tests (needs GoogleTest)" OFF)
option(QUIESCE_BENCH "Build the benchmarks (needs Google Benchmark)" OFF)
set(QUIESCE_SANITIZE "" CACHE STRING
    "Sanitizers for the host code, for example address;undefined; never for generated code")

if(PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
  endif()
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_EXTENSIONS ON)  # the generated C names segments (__seg_gs), which is GNU C

# Linked by every target whose source is ours; never exported.
add_library(quiesce_options INTERFACE)
target_compile_features(quiesce_options INTERFACE cxx_std_20)
target_compile_options(quiesce_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wimplicit-fallthrough -Wformat=2
    -Wundef>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wduplicated-cond -Wlogical-op -Wextra-semi>
  # Before 13, gcc sees overflows in std::string that are not there (its bugs 105329 and 105651).
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:
    -Wno-restrict -Wno-stringop-overflow>)

# For what is compiled more often than it runs, and runs in the library most of the time: programs,
# examples, tests. Sanitizers double what there is to optimise, so there nothing is.
add_library(quiesce_quick_to_compile INTERFACE)
if(QUIESCE_SANITIZE)
  target_compile_options(quiesce_quick_to_compile INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-O0>)
endif()

# Under sanitizers, where compiling takes longest, the public header is compiled once for all
# targets that share the flags of `owner`. In the other builds each file shows that it includes what
# it uses.
function(quiesce_precompile target owner)
  if(QUIESCE_SANITIZE AND target STREQUAL owner)
    target_precompile_headers(${target} PRIVATE
      "${PROJECT_SOURCE_DIR}/include/quiesce/quiesce.hpp")
  elseif(QUIESCE_SANITIZE AND TARGET ${owner})
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()

if(QUIESCE_SANITIZE)
  list(JOIN QUIESCE_SANITIZE "," sanitizers)
  target_compile_options(quiesce_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${sanitizers} -fno-sanitize-recover=all
      -fno-omit-frame-pointer>)
  # The instrumentation confuses gcc about what is initialised, and about where arrays end.
  target_compile_options(quiesce_options INTERFACE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized -Wno-array-bounds
      -Wno-stringop-overread>)
  target_link_options(quiesce_options INTERFACE -fsanitize=${sanitizers})
endif()
