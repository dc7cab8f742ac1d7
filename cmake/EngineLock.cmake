cmake_minimum_required(VERSION 3.25)
# Run by the build. Compares the tools and the engine with guest/engine.lock and says plainly what
# differs; a snapshot belongs to one engine, so this is worth a sentence, but it is no failure.
# MODE=write writes the lock instead. Either way OUT, if given, gets the identity as C.
function(first_match result pattern)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX MATCH "${pattern}" version "${output}")
  set(${result} "${version}" PARENT_SCOPE)
endfunction()

first_match(clang "[0-9]+\\.[0-9]+\\.[0-9]+" "${CLANG}" --version)
first_match(lld "[0-9]+\\.[0-9]+\\.[0-9]+" "${WASM_LD}" --version)
first_match(wabt "[0-9]+\\.[0-9]+\\.[0-9]+" "${WASM2C}" --version)
first_match(libc "[0-9][^\n]*" dpkg-query -W -f "\${Version}" wasi-libc)
if(NOT libc)
  set(libc unknown)
endif()
file(SHA256 "${WASM}" sha256)

set(now
  "quickjs-ng ${QUICKJS_VERSION}"
  "clang ${clang}"
  "lld ${lld}"
  "wasi-libc ${libc}"
  "wabt ${wabt}"
  "sha256 ${sha256}")

if(OUT)
  file(SIZE "${WASM}" wasm_bytes)
  file(CONFIGURE OUTPUT "${OUT}" CONTENT [[
#include "guest/wasm2c_abi.h"
#include "quiesce_wall.h"
#define QW_ABOUT                                           \
  {QW_INTERFACE_VERSION,                                   \
   QUIESCE_WALL_GUARD ? QW_WALL_GUARD : QW_WALL_CHECKED,   \
   @wasm_bytes@u,                                          \
   "@sha256@", \
   "@QUICKJS_VERSION@"}
__attribute__((visibility("hidden"))) extern const struct qw_engine quiesce_engine_about;
const struct qw_engine quiesce_engine_about = QW_ABOUT;

__attribute__((section(".note.quiesce"), used, aligned(4))) static const struct {
  uint32_t name_bytes, bytes, type;
  char name[sizeof QW_NOTE_NAME];
  struct qw_engine engine;
} note = {sizeof QW_NOTE_NAME, sizeof(struct qw_engine), QW_NOTE_TYPE, QW_NOTE_NAME, QW_ABOUT};
]] @ONLY)
  file(TOUCH_NOCREATE "${OUT}")
endif()

if(MODE STREQUAL none)  # another engine, for tests
  return()
endif()

if(MODE STREQUAL write)
  list(JOIN now "\n" text)
  file(WRITE "${LOCK}"
    "# The engine as it was last built on purpose: tools, and the SHA-256 of quiesce.wasm.\n"
    "# `cmake --build <folder> --target engine-lock` writes this file.\n"
    "${text}\n")
  return()
endif()

set(locked "")
if(EXISTS "${LOCK}")
  file(STRINGS "${LOCK}" locked REGEX "^[a-z]")
endif()
set(differences "")
foreach(line IN LISTS now)
  if(NOT line IN_LIST locked)
    string(REGEX MATCH "^[a-z0-9-]+" name "${line}")
    set(before ${locked})
    list(FILTER before INCLUDE REGEX "^${name} ")
    string(APPEND differences "\n  now '${line}', locked '${before}'")
  endif()
endforeach()
if(differences)
  message(STATUS "This engine is not the one of guest/engine.lock; snapshots of that one will not "
                 "restore in it:${differences}")
endif()
