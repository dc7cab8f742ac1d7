# The engine once more as a library, named by its hash: quiesce-engine-<SHA-256>.so. The program has
# its engine built in; the library is for programs that come after it, which wake with it what fell
# asleep here (docs/guide/engines.md).
#
# Gives: quiesce_engine_library   build/<preset>/lib/quiesce/engines/quiesce-engine-<SHA-256>.so
#        quiesce_older_engine     for tests: another engine, in <build>/engine/older
set(engine_folder "${PROJECT_BINARY_DIR}/lib/quiesce/engines")

# One symbol is seen from outside. What the code needs from others is libc and libm, and the linker
# checks that. The name is known when quiesce.wasm is.
file(CONFIGURE OUTPUT "${engine_dir}/library.map"
     CONTENT "{ global: quiesce_engine_library; local: *; };\n")
function(quiesce_engine_file target wasm folder)
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${target} NO_SONAME ON LINKER_LANGUAGE C
    LIBRARY_OUTPUT_DIRECTORY "${engine_dir}" LINK_DEPENDS "${engine_dir}/library.map")
  target_link_libraries(${target} PRIVATE m)
  target_link_options(${target} PRIVATE
    "LINKER:--version-script=${engine_dir}/library.map" LINKER:-z,defs LINKER:-Bsymbolic
    LINKER:-z,noexecstack)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND "${CMAKE_COMMAND}" "-DLIBRARY=$<TARGET_FILE:${target}>" "-DWASM=${wasm}"
            "-DFOLDER=${folder}" -P "${PROJECT_SOURCE_DIR}/cmake/EngineFile.cmake"
    COMMENT "Engine: ${target}" VERBATIM)
endfunction()

quiesce_add_wasm_library(quiesce_library_end quiesce_engine
  "${PROJECT_SOURCE_DIR}/src/guest/wasm2c_library.c")
add_library(quiesce_engine_library MODULE
  $<TARGET_OBJECTS:quiesce_engine> $<TARGET_OBJECTS:quiesce_library_end>)
quiesce_engine_file(quiesce_engine_library "${engine_wasm}" "${engine_folder}")

if(NOT QUIESCE_TESTS)
  return()
endif()

# Another engine for tests, by hand: one text in its data is another. So its hash is another, and so
# is its base image, while only the data must be compiled.
set(older_dir "${engine_dir}/older")
file(MAKE_DIRECTORY "${older_dir}/c")
set(older_wasm "${older_dir}/quiesce.wasm")
add_custom_command(OUTPUT "${older_wasm}"
  COMMAND env LC_ALL=C sed
    "s/Maximum call stack size exceeded/Older engine: too many calls now/g" "${engine_wasm}"
    > "${older_wasm}"
  DEPENDS "${engine_wasm}" COMMENT "Guest: another engine for tests" VERBATIM)
set(older_data "${older_dir}/c/quiesce_engine_data.c")
add_custom_command(OUTPUT "${older_data}"
  COMMAND "${QUIESCE_WASM2C}" -n quiesce_engine "${older_wasm}" -o "${older_dir}/raw.c"
  COMMAND wasm2c-adapt --source "${older_dir}/raw.c" --header "${older_dir}/raw.h" --prefix
    quiesce_engine --parts ${engine_parts} --offset-limit ${offset_limit} --out "${older_dir}/c"
  # The code is that of the engine: its objects are used again.
  COMMAND "${CMAKE_COMMAND}" -E compare_files "${older_dir}/c/quiesce_engine_0.c"
    "${engine_dir}/quiesce_engine/quiesce_engine_0.c"
  DEPENDS "${older_wasm}" wasm2c-adapt quiesce_engine_c COMMENT "wasm2c: another engine for tests"
  VERBATIM)
set(older_identity "${older_dir}/engine_identity.c")
add_custom_command(OUTPUT "${older_identity}"
  COMMAND "${CMAKE_COMMAND}" ${identity_arguments} -DWASM=${older_wasm} -DOUT=${older_identity}
          -DMODE=none -P "${PROJECT_SOURCE_DIR}/cmake/EngineLock.cmake"
  DEPENDS "${older_wasm}" "${PROJECT_SOURCE_DIR}/cmake/EngineLock.cmake" VERBATIM)
quiesce_add_wasm_library(quiesce_older_data quiesce_engine "${older_data}" "${older_identity}")
target_compile_options(quiesce_older_data PRIVATE -O1)
set(own_objects $<TARGET_OBJECTS:quiesce_engine>)
add_library(quiesce_older_engine MODULE
  $<FILTER:${own_objects},EXCLUDE,engine_data|engine_identity>
  $<TARGET_OBJECTS:quiesce_older_data> $<TARGET_OBJECTS:quiesce_library_end>)
quiesce_engine_file(quiesce_older_engine "${older_wasm}" "${older_dir}/engines")
