# The engine: QuickJS-NG and the guest layer, compiled to WebAssembly and from there to native code.
#
#   guest/, QuickJS-NG --clang--> objects --lld--> quiesce.wasm --wasm2c--> C --wasm2c-adapt--> C in
#   several parts --C compiler--> quiesce_engine
#
# Equal sources and tools give an equal quiesce.wasm wherever it is built: no path, no time and no
# user is in it. guest/engine.lock says with which tools it was last built, and its SHA-256.
#
# Gives:   quiesce_engine        an object library, with the properties that inner headers need
#          quiesce_engine_library  the same as a library of its own (EngineLibrary.cmake)
#          engine-lock           a target that writes guest/engine.lock
#          engine-reproducible   a target that builds quiesce.wasm twice in other folders, and
#                                compares
include(FetchQuickjs)

# ---- tools ----

find_program(QUIESCE_CLANG NAMES clang-19 REQUIRED DOC "Compiles the guest to WebAssembly")
find_program(QUIESCE_WASM_LD NAMES wasm-ld-19 REQUIRED DOC "Links the guest")
find_program(QUIESCE_WASM2C NAMES wasm2c REQUIRED DOC "Turns WebAssembly into C")

if(QUIESCE_WALL STREQUAL guard AND NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  message(FATAL_ERROR "The guard wall needs x86-64: use -DQUIESCE_WALL=checked")
endif()

# ---- to WebAssembly ----

set(engine_dir "${PROJECT_BINARY_DIR}/engine")
set(guest_dir "${PROJECT_SOURCE_DIR}/guest")
# The one that takes longest comes first, so that it does not run alone at the end. The order is
# that of the linker, and so part of what makes equal bytes.
set(guest_sources
    quickjs_internals.c
    builtin_bytes.cpp
    builtin_files.cpp
    builtin_inspect.cpp
    builtin_process.cpp
    builtin_texts.c
    builtin_types.cpp
    builtins.cpp
    bytecode.cpp
    census.cpp
    clean_blocks.cpp
    code.cpp
    commonjs.cpp
    console.cpp
    console_format.cpp
    console_log.cpp
    console_table.cpp
    data_decode.cpp
    data_encode.cpp
    data_encode_records.cpp
    draws.cpp
    file_exports.cpp
    file_tree.cpp
    file_urls.cpp
    file_walk.cpp
    files.cpp
    handles.cpp
    host_functions.cpp
    inspect.cpp
    inspect_error.cpp
    inspect_export.cpp
    inspect_layout.cpp
    inspect_lists.cpp
    inspect_names.cpp
    inspect_text.cpp
    intrinsics.cpp
    introspect.cpp
    machine.cpp
    memory.cpp
    module_chain.cpp
    module_graph.cpp
    module_source.cpp
    module_table.cpp
    modules.cpp
    node_globals.cpp
    pending_calls.cpp
    promises.cpp
    properties.cpp
    resources.cpp
    roots.cpp
    tasks.cpp
    text_buffer.cpp
    text_width.cpp
    texts.cpp
    timers.cpp
    values.cpp
    wires.cpp)
include(Builtins)
set(quickjs_sources dtoa.c libregexp.c libunicode.c)

set(QUIESCE_GUEST_STACK_BYTES 4194304)
set(guest_flags
    --target=wasm32-wasi -O2 -g0 -D_GNU_SOURCE -DNDEBUG -fvisibility=hidden -mbulk-memory
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${QUIESCE_QUICKJS_SOURCE}=quickjs
    -I${guest_dir} -I${QUIESCE_QUICKJS_SOURCE} -I${PROJECT_SOURCE_DIR} -I${builtins_dir})
set(guest_flags_texts -std=c11 --embed-dir=${builtins_dir} -Wno-c23-extensions)
set(guest_flags_cpp -std=c++20 -fno-exceptions -fno-rtti -nostdinc++ -Wall -Wextra)
set(guest_flags_c -std=c11 -w)  # QuickJS-NG has warnings of its own

# The names in guest/exports.txt, each as an argument of the linker.
set(exports_file "${guest_dir}/exports.txt")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${exports_file}")
file(STRINGS "${exports_file}" exported_names REGEX "^[A-Za-z_]")
list(TRANSFORM exported_names PREPEND "--export=")
list(JOIN exported_names "\n" export_arguments)
file(CONFIGURE OUTPUT "${engine_dir}/exports.rsp" CONTENT "${export_arguments}\n")

set(guest_objects "")
function(quiesce_compile_guest source name flags)
  set(object "${engine_dir}/wasm/${name}.o")
  set(launcher ${CMAKE_C_COMPILER_LAUNCHER})
  if(flags MATCHES "--embed-dir")
    set(launcher "")  # a compiler cache does not see what #embed names
  endif()
  add_custom_command(OUTPUT "${object}"
    COMMAND ${launcher} "${QUIESCE_CLANG}" ${guest_flags} ${flags} -MD -MT "${object}" -MF
      "${object}.d" -c "${source}" -o "${object}"
    DEPENDS "${source}" ${ARGN} DEPFILE "${object}.d" COMMENT "Guest: ${name}" VERBATIM)
  set(guest_objects ${guest_objects} "${object}" PARENT_SCOPE)
endfunction()
file(MAKE_DIRECTORY "${engine_dir}/wasm")
foreach(source ${guest_sources})
  if(source MATCHES "^builtin_texts")
    quiesce_compile_guest("${guest_dir}/${source}" "${source}" "${guest_flags_texts}"
      "${builtins_dir}/builtins.bin" "${builtins_dir}/builtins.inc")
  elseif(source MATCHES "\\.c$")
    quiesce_compile_guest("${guest_dir}/${source}" "${source}" "${guest_flags_c}")
  else()
    quiesce_compile_guest("${guest_dir}/${source}" "${source}" "${guest_flags_cpp}")
  endif()
endforeach()
foreach(source ${quickjs_sources})
  quiesce_compile_guest("${QUIESCE_QUICKJS_SOURCE}/${source}" "${source}" "${guest_flags_c}")
endforeach()

# The stack comes first in memory: what grows below it leaves the memory, and faults.
set(engine_wasm "${engine_dir}/quiesce.wasm")
set(link_flags
    --target=wasm32-wasi -mexec-model=reactor -Wl,--stack-first
      -Wl,-z,stack-size=${QUIESCE_GUEST_STACK_BYTES}
    -Wl,--export-table -Wl,--growable-table -Wl,--export=__stack_pointer -Wl,--export=__heap_base
    -Wl,--gc-sections -Wl,--strip-debug)
add_custom_command(OUTPUT "${engine_wasm}"
  COMMAND "${QUIESCE_CLANG}" ${link_flags} ${guest_objects} "-Wl,@${engine_dir}/exports.rsp" -o
    "${engine_wasm}"
  DEPENDS ${guest_objects} "${engine_dir}/exports.rsp" COMMENT "Guest: quiesce.wasm" VERBATIM)

# ---- to C ----

add_executable(wasm2c-adapt EXCLUDE_FROM_ALL
  "${PROJECT_SOURCE_DIR}/tools/wasm2c-adapt/constants.cpp"
  "${PROJECT_SOURCE_DIR}/tools/wasm2c-adapt/dispatch.cpp"
  "${PROJECT_SOURCE_DIR}/tools/wasm2c-adapt/lexer.cpp"
  "${PROJECT_SOURCE_DIR}/tools/wasm2c-adapt/main.cpp"
    "${PROJECT_SOURCE_DIR}/tools/wasm2c-adapt/module.cpp"
      "${PROJECT_SOURCE_DIR}/tools/wasm2c-adapt/rewrite.cpp")
target_compile_features(wasm2c-adapt PRIVATE cxx_std_20)
target_link_libraries(wasm2c-adapt PRIVATE quiesce_options)
set_target_properties(wasm2c-adapt PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${engine_dir}/tools")

# Below QW_GUARD_BYTES (src/guest/wasm2c_abi.h) by more than the widest access.
set(offset_limit 67108800)

# Sets `result` to the C files of `wasm`, whose symbols begin with `prefix`: part 0 is the largest
# function.
function(quiesce_wasm_to_c result prefix wasm parts)
  set(dir "${PROJECT_BINARY_DIR}/engine/${prefix}")
  file(MAKE_DIRECTORY "${dir}")
  add_custom_command(OUTPUT "${dir}/raw.c" "${dir}/raw.h"
    COMMAND "${QUIESCE_WASM2C}" -n ${prefix} "${wasm}" -o "${dir}/raw.c"
    DEPENDS "${wasm}" COMMENT "wasm2c: ${prefix}" VERBATIM)
  math(EXPR last "${parts} - 1")
  set(files "")
  foreach(i RANGE ${last})
    list(APPEND files "${dir}/${prefix}_${i}.c")
  endforeach()
  list(APPEND files "${dir}/${prefix}_data.c")
  # The stamp lets parts whose text did not change keep their time: they are not compiled again.
  add_custom_command(OUTPUT "${dir}/stamp"
    BYPRODUCTS ${files} "${dir}/${prefix}.h"
    COMMAND wasm2c-adapt --source "${dir}/raw.c" --header "${dir}/raw.h" --prefix ${prefix} --parts
      ${parts}
            --offset-limit ${offset_limit} --out "${dir}"
    COMMAND "${CMAKE_COMMAND}" -E touch "${dir}/stamp"
    DEPENDS "${dir}/raw.c" "${dir}/raw.h" wasm2c-adapt COMMENT "wasm2c-adapt: ${prefix}" VERBATIM)
  add_custom_target(${prefix}_c DEPENDS "${dir}/stamp")
  set(${result} ${files} PARENT_SCOPE)
endfunction()

# What the wall is made of, for those who ask. Not a definition on each command line: what does not
# ask is the same file with every wall, and a compiler cache knows it again.
set(wall_dir "${PROJECT_BINARY_DIR}/engine/wall")
string(COMPARE EQUAL "${QUIESCE_WALL}" guard wall_is_guard)
file(CONFIGURE OUTPUT "${wall_dir}/quiesce_wall.h" CONTENT
  "#pragma once\n#define QUIESCE_WALL_GUARD @wall_is_guard@\n" @ONLY)

# An object library of such files. Wraparound, aliasing and null as WebAssembly has them, no
# contraction of floating-point operations. A frame as large as the guard pages below the native
# stack could step over them: an error long before that.
function(quiesce_add_wasm_library name prefix)
  add_library(${name} OBJECT ${ARGN})
  add_dependencies(${name} ${prefix}_c)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src"
    "${PROJECT_BINARY_DIR}/engine/${prefix}" "${wall_dir}")
  set_target_properties(${name} PROPERTIES C_STANDARD 11 C_EXTENSIONS ON POSITION_INDEPENDENT_CODE
    ON)
  target_compile_options(${name} PRIVATE
    -O2 -g0 -fno-strict-aliasing -fwrapv -fno-delete-null-pointer-checks -ffp-contract=off
    -fno-math-errno -fomit-frame-pointer -fno-stack-protector -fno-asynchronous-unwind-tables
    -falign-functions=64
    $<IF:$<C_COMPILER_ID:GNU>,-Werror=frame-larger-than=65536,-Wframe-larger-than=65536>
    $<$<STREQUAL:${QUIESCE_WALL},guard>:-fcf-protection=none>
    -ffile-prefix-map=${PROJECT_BINARY_DIR}=build -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
endfunction()

set(engine_parts 7)
quiesce_wasm_to_c(engine_sources quiesce_engine "${engine_wasm}" ${engine_parts})

# The identity of the engine, for snapshots.
set(engine_identity "${engine_dir}/engine_identity.c")
set(identity_arguments
    -DWASM=${engine_wasm} -DOUT=${engine_identity} -DLOCK=${guest_dir}/engine.lock
    -DQUICKJS_VERSION=${QUIESCE_QUICKJS_VERSION} -DCLANG=${QUIESCE_CLANG}
      -DWASM_LD=${QUIESCE_WASM_LD}
    -DWASM2C=${QUIESCE_WASM2C})
add_custom_command(OUTPUT "${engine_identity}"
  COMMAND "${CMAKE_COMMAND}" ${identity_arguments} -DMODE=check -P
    "${PROJECT_SOURCE_DIR}/cmake/EngineLock.cmake"
  DEPENDS "${engine_wasm}" "${guest_dir}/engine.lock" "${PROJECT_SOURCE_DIR}/cmake/EngineLock.cmake"
  COMMENT "Engine: identity" VERBATIM)

quiesce_add_wasm_library(quiesce_engine quiesce_engine ${engine_sources} "${engine_identity}")
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
  # The interpreter's loop: otherwise gcc merges the jumps again that wasm2c-adapt set apart.
  list(GET engine_sources 0 interpreter)
  set_source_files_properties("${interpreter}" PROPERTIES COMPILE_OPTIONS -fno-gcse)
endif()
target_include_directories(quiesce_engine INTERFACE "${wall_dir}")

add_custom_target(engine-lock
  COMMAND "${CMAKE_COMMAND}" ${identity_arguments} -DMODE=write -P
    "${PROJECT_SOURCE_DIR}/cmake/EngineLock.cmake"
  DEPENDS "${engine_wasm}" COMMENT "Engine: writing guest/engine.lock" VERBATIM)

add_custom_target(engine-reproducible
  COMMAND "${CMAKE_COMMAND}" -DSOURCE=${PROJECT_SOURCE_DIR} -DQUICKJS=${QUIESCE_QUICKJS_SOURCE}
          -DBUILTINS=${builtin_packages} -DWASM=${engine_wasm} -DSCRATCH=${engine_dir}/reproducible
          -P "${PROJECT_SOURCE_DIR}/cmake/EngineReproducible.cmake"
  DEPENDS "${engine_wasm}" COMMENT "Engine: building quiesce.wasm again elsewhere" VERBATIM)

include(EngineLibrary)

# ---- a small module for tests of the wall ----

if(QUIESCE_TESTS)
  find_program(QUIESCE_WAT2WASM NAMES wat2wasm REQUIRED DOC "Assembles the module for tests")
  set(probe_wat "${PROJECT_SOURCE_DIR}/src/guest/sandbox_test.wat")
  set(probe_wasm "${engine_dir}/probe.wasm")
  add_custom_command(OUTPUT "${probe_wasm}"
    COMMAND "${QUIESCE_WAT2WASM}" --debug-names "${probe_wat}" -o "${probe_wasm}"
    DEPENDS "${probe_wat}" COMMENT "Guest: probe.wasm" VERBATIM)
  quiesce_wasm_to_c(probe_sources quiesce_probe "${probe_wasm}" 1)
  quiesce_add_wasm_library(quiesce_probe quiesce_probe ${probe_sources})

  # What the wall is made of and the sanitizers come after quiesce.wasm: one build shows it.
  if(QUIESCE_WALL STREQUAL guard AND NOT QUIESCE_SANITIZE)
    add_test(NAME engine.reproducible
      COMMAND "${CMAKE_COMMAND}" -DSOURCE=${PROJECT_SOURCE_DIR} -DQUICKJS=${QUIESCE_QUICKJS_SOURCE}
              -DBUILTINS=${builtin_packages} -DWASM=${engine_wasm}
              -DSCRATCH=${engine_dir}/reproducible
              -P "${PROJECT_SOURCE_DIR}/cmake/EngineReproducible.cmake")
    set_tests_properties(engine.reproducible PROPERTIES TIMEOUT 600 COST 100)
  endif()
  add_test(NAME wasm2c-adapt.refuses
    COMMAND "${CMAKE_COMMAND}" -DADAPT=$<TARGET_FILE:wasm2c-adapt> -DWAT2WASM=${QUIESCE_WAT2WASM}
            -DWASM2C=${QUIESCE_WASM2C} -DSCRATCH=${engine_dir}/refuses
            -P "${PROJECT_SOURCE_DIR}/tools/wasm2c-adapt/refuses_test.cmake")
  list(GET engine_sources 0 interpreter)
  add_test(NAME wasm2c-adapt.dispatch
    COMMAND "${CMAKE_COMMAND}" -DADAPT=$<TARGET_FILE:wasm2c-adapt> -DWAT2WASM=${QUIESCE_WAT2WASM}
            -DWASM2C=${QUIESCE_WASM2C} -DSCRATCH=${engine_dir}/dispatch -DENGINE=${interpreter}
            -P "${PROJECT_SOURCE_DIR}/tools/wasm2c-adapt/dispatch_test.cmake")
  set_tests_properties(wasm2c-adapt.refuses wasm2c-adapt.dispatch PROPERTIES TIMEOUT 600)
endif()
