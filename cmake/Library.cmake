# The library. All layers are one archive: they are a matter of reading, not of linking.

set(library_sources)
foreach(layer base guest snapshot vm)
  file(GLOB layer_sources CONFIGURE_DEPENDS
       "${PROJECT_SOURCE_DIR}/src/${layer}/*.cpp" "${PROJECT_SOURCE_DIR}/src/${layer}/*.S")
  list(FILTER layer_sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  list(APPEND library_sources ${layer_sources})
endforeach()
file(GLOB public_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/quiesce/*.hpp")

add_library(quiesce STATIC ${library_sources} $<TARGET_OBJECTS:quiesce_engine>)
add_library(quiesce::quiesce ALIAS quiesce)
target_sources(quiesce PUBLIC
  FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${public_headers})
target_compile_features(quiesce PUBLIC cxx_std_20)
target_link_libraries(quiesce
  PUBLIC Threads::Threads
  PRIVATE $<BUILD_INTERFACE:quiesce_options> zstd::libzstd_shared OpenSSL::Crypto)
set_target_properties(quiesce PROPERTIES POSITION_INDEPENDENT_CODE ON)

# What the inner headers need: src/ for "guest/instance.hpp", the root for "guest/abi.h", and
# whatever the engine generates. The engine is not linked but contained, hence its properties alone.
add_library(quiesce_inner INTERFACE)
target_include_directories(quiesce_inner INTERFACE
  "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}"
  $<TARGET_PROPERTY:quiesce_engine,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(quiesce_inner INTERFACE
  $<TARGET_PROPERTY:quiesce_engine,INTERFACE_COMPILE_DEFINITIONS>)
target_compile_options(quiesce_inner INTERFACE
  $<TARGET_PROPERTY:quiesce_engine,INTERFACE_COMPILE_OPTIONS>)
target_link_libraries(quiesce PRIVATE $<BUILD_INTERFACE:quiesce_inner>)
add_dependencies(quiesce quiesce_engine)
