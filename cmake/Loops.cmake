# The event loops that quiesce/loop/ has adapters for, as far as they are there. The library needs
# neither; tests, the check of the headers and the examples use them.
#
# Gives:   quiesce_loop_libuv, quiesce_loop_asio     interface libraries, if found
include_guard(GLOBAL)

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(LIBUV QUIET IMPORTED_TARGET libuv)
endif()
if(TARGET PkgConfig::LIBUV)
  add_library(quiesce_loop_libuv INTERFACE)
  target_link_libraries(quiesce_loop_libuv INTERFACE PkgConfig::LIBUV)
else()
  message(STATUS "libuv was not found (libuv1-dev): what uses quiesce/loop/libuv.hpp is left out")
endif()

find_path(ASIO_INCLUDE_DIR asio/io_context.hpp)
if(ASIO_INCLUDE_DIR)
  add_library(quiesce_loop_asio INTERFACE)
  target_include_directories(quiesce_loop_asio SYSTEM INTERFACE "${ASIO_INCLUDE_DIR}")
  target_compile_definitions(quiesce_loop_asio INTERFACE ASIO_STANDALONE)
  target_link_libraries(quiesce_loop_asio INTERFACE Threads::Threads)
else()
  message(STATUS "Asio was not found (libasio-dev): what uses quiesce/loop/asio.hpp is left out")
endif()
