cmake_minimum_required(VERSION 3.25)
# Builds quiesce.wasm once more, from a copy of the sources in another folder and in a build folder
# of another name, and fails unless it has the same SHA-256. Really builds it: no compiler cache.
set(ENV{CCACHE_DISABLE} 1)
file(SHA256 "${WASM}" expected)
file(REMOVE_RECURSE "${SCRATCH}")
set(copy "${SCRATCH}/a folder of another name")
file(MAKE_DIRECTORY "${copy}")
foreach(entry CMakeLists.txt cmake docs guest include src tools)
  file(COPY "${SOURCE}/${entry}" DESTINATION "${copy}")
endforeach()
file(COPY "${QUICKJS}" DESTINATION "${SCRATCH}/engine source")
file(COPY "${BUILTINS}/node_modules" DESTINATION "${SCRATCH}/packages of built-ins")
get_filename_component(quickjs_name "${QUICKJS}" NAME)
execute_process(
  COMMAND "${CMAKE_COMMAND}" -G Ninja -S "${copy}" -B "${SCRATCH}/out" -DQUIESCE_CLI=OFF
    -DQUIESCE_EXAMPLES=OFF
          "-DQUIESCE_BUILTINS_DIR=${SCRATCH}/packages of built-ins"
          "-DQUIESCE_QUICKJS_DIR=${SCRATCH}/engine source/${quickjs_name}"
  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
if(status EQUAL 0)
  execute_process(COMMAND "${CMAKE_COMMAND}" --build "${SCRATCH}/out" --target engine/quiesce.wasm
                  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
endif()
if(NOT status EQUAL 0)
  message(FATAL_ERROR "The second build failed:\n${output}")
endif()
file(SHA256 "${SCRATCH}/out/engine/quiesce.wasm" actual)
file(REMOVE_RECURSE "${SCRATCH}")
if(NOT actual STREQUAL expected)
  message(FATAL_ERROR
    "quiesce.wasm is not reproducible: ${expected} here, ${actual} in another folder")
endif()
message(STATUS "quiesce.wasm is the same in another folder: ${actual}")
