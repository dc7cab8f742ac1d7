# The library. All layers are one archive: they are a matter of reading, not of linking.

set(library_sources)
foreach(layer base guest snapshot vm modules c)
  file(GLOB layer_sources CONFIGURE_DEPENDS
       "${PROJECT_SOURCE_DIR}/src/${layer}/*.cpp" "${PROJECT_SOURCE_DIR}/src/${layer}/*.S")
  list(FILTER layer_sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  list(APPEND library_sources ${layer_sources})
endforeach()
file(GLOB public_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/quiesce/*.hpp"
     "${PROJECT_SOURCE_DIR}/include/quiesce/loop/*.hpp")
set(c_header "${PROJECT_SOURCE_DIR}/include/quiesce.h")
set(c_headers "${c_header}" "${PROJECT_SOURCE_DIR}/include/quiesce/types.h")

# What the library links; programs that use it link it too.
set(library_dependencies zstd::libzstd_shared OpenSSL::Crypto LibArchive::LibArchive
    ${CMAKE_DL_LIBS})

add_library(quiesce_parts OBJECT ${library_sources})
target_include_directories(quiesce_parts PRIVATE "${PROJECT_SOURCE_DIR}/include")
set_target_properties(quiesce_parts PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_link_libraries(quiesce_parts PRIVATE
  quiesce_options ${library_dependencies} Threads::Threads)

include(TypeScript)  # quiesce_typescript_image, made with these parts
set(library_objects $<TARGET_OBJECTS:quiesce_parts> $<TARGET_OBJECTS:quiesce_engine>
    $<TARGET_OBJECTS:quiesce_typescript_image>)

add_library(quiesce STATIC ${library_objects})
add_library(quiesce::quiesce ALIAS quiesce)
target_sources(quiesce PUBLIC
  FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${public_headers}
    ${c_headers})
target_compile_features(quiesce PUBLIC cxx_std_20)
target_link_libraries(quiesce
  PUBLIC Threads::Threads
  PRIVATE $<BUILD_INTERFACE:quiesce_options> ${library_dependencies})
set_target_properties(quiesce PROPERTIES LINKER_LANGUAGE CXX)

# The names of the built-in modules: guest/builtins/<name>.js is node:<name>.
file(GLOB_RECURSE builtin_names CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/guest/builtins"
     "${PROJECT_SOURCE_DIR}/guest/builtins/*.js")
list(FILTER builtin_names EXCLUDE REGEX "^(internal|node_modules)/")
list(TRANSFORM builtin_names REPLACE "\\.js$" "")
list(JOIN builtin_names "," builtin_names)
set_property(SOURCE "${PROJECT_SOURCE_DIR}/src/modules/builtins.cpp" APPEND PROPERTY
  COMPILE_DEFINITIONS QUIESCE_BUILTIN_NAMES="${builtin_names}")

set_property(SOURCE "${PROJECT_SOURCE_DIR}/src/vm/version.cpp" APPEND PROPERTY COMPILE_DEFINITIONS
  QUIESCE_VERSION="${PROJECT_VERSION}"
  QUIESCE_QUICKJS_VERSION="${QUIESCE_QUICKJS_VERSION}"
  QUIESCE_WALL="${QUIESCE_WALL}")

# What the inner headers need: src/ for "guest/instance.hpp", the root for "guest/abi.h", and
# whatever the engine generates. The engine is not linked but contained, hence its properties alone.
add_library(quiesce_inner INTERFACE)
target_include_directories(quiesce_inner INTERFACE
  "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}"
  $<TARGET_PROPERTY:quiesce_engine,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(quiesce_inner INTERFACE
  $<TARGET_PROPERTY:quiesce_engine,INTERFACE_COMPILE_DEFINITIONS>)
# Two threads at once in one VM: looked for where speed does not count.
target_compile_definitions(quiesce_inner INTERFACE
  QUIESCE_THREAD_CHECKS=$<OR:$<CONFIG:Debug>,$<BOOL:${QUIESCE_SANITIZE}>>)
target_compile_options(quiesce_inner INTERFACE
  $<TARGET_PROPERTY:quiesce_engine,INTERFACE_COMPILE_OPTIONS>)
target_link_libraries(quiesce_parts PRIVATE quiesce_inner)
add_dependencies(quiesce_parts quiesce_engine)
quiesce_precompile(quiesce_parts quiesce_parts)

# The same as a shared library, for C and for languages that load one: libquiesce.so. It shows what
# quiesce.h declares, and nothing of C++: the header itself is the list of what is exported.
file(STRINGS "${c_header}" exported REGEX "^QUIESCE_API")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${c_header}")
list(TRANSFORM exported REPLACE "^QUIESCE_API .*[ *](quiesce_[a-z0-9_]+)\\(.*$" "\\1")
list(JOIN exported "|" exported_names)
string(REPLACE "|" " " exported_names "${exported_names}")
separate_arguments(exported_names UNIX_COMMAND "${exported_names}")
list(JOIN exported_names " @ " exported_text)
string(REPLACE " @ " "; " exported_text "${exported_text}")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/quiesce.map"
     CONTENT "{ global: ${exported_text}; local: *; };\n" @ONLY)
add_library(quiesce_c SHARED ${library_objects})
add_library(quiesce::c ALIAS quiesce_c)
target_sources(quiesce_c PUBLIC
  FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${c_headers})
target_link_libraries(quiesce_c
  PRIVATE $<BUILD_INTERFACE:quiesce_options> ${library_dependencies} Threads::Threads)
target_link_options(quiesce_c PRIVATE "LINKER:--version-script=${PROJECT_BINARY_DIR}/quiesce.map")
set_target_properties(quiesce_c PROPERTIES
  OUTPUT_NAME quiesce EXPORT_NAME c LINKER_LANGUAGE CXX
  VERSION ${PROJECT_VERSION} SOVERSION 0
  LIBRARY_OUTPUT_DIRECTORY "${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}"
  LINK_DEPENDS "${PROJECT_BINARY_DIR}/quiesce.map")
