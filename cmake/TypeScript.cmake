# What erases types from TypeScript (quiesce/typescript.hpp): npm packages, cut down to one script,
# run in a VM whose snapshot becomes a part of the library. It belongs to one engine, and is made
# again whenever that changes.
#
#   npm --cut.mjs--> stripper.js --make-typescript-image--> stripper.qsnap --image.S--> the library
#
# The packages are those of tools/typescript/package-lock.json; QUIESCE_TYPESCRIPT_DIR names a
# folder that has them, instead of a download. -DQUIESCE_TYPESCRIPT=OFF leaves all of it out.
#
# Gives: quiesce_typescript_image   an object library with the image, or with none
set(typescript_tools "${PROJECT_SOURCE_DIR}/tools/typescript")
set(typescript_dir "${PROJECT_BINARY_DIR}/typescript")
# A copy, since the one with the image depends on it.
configure_file("${typescript_tools}/image.S" "${typescript_dir}/image.S" COPYONLY)
add_library(quiesce_typescript_image OBJECT "${typescript_dir}/image.S")
if(NOT QUIESCE_TYPESCRIPT)
  return()
endif()

include(FetchPackages)
quiesce_fetch_packages(typescript_packages typescript_stamp "${typescript_tools}"
  "${typescript_dir}/packages" QUIESCE_TYPESCRIPT_DIR)

set(typescript_script "${typescript_dir}/stripper.js")
add_custom_command(OUTPUT "${typescript_script}"
  COMMAND "${QUIESCE_NODE}" "${typescript_tools}/cut.mjs" "${typescript_script}"
    "${typescript_packages}/node_modules"
  DEPENDS ${typescript_stamp} "${typescript_tools}/cut.mjs" "${typescript_tools}/stripper.js"
  COMMENT "TypeScript: stripper.js" VERBATIM)

# The library without the image makes the image for the library.
add_library(quiesce_no_typescript_image OBJECT "${typescript_tools}/image.S")
add_executable(make-typescript-image "${typescript_tools}/make_image.cpp"
  $<TARGET_OBJECTS:quiesce_parts> $<TARGET_OBJECTS:quiesce_engine>
  $<TARGET_OBJECTS:quiesce_no_typescript_image>)
target_include_directories(make-typescript-image PRIVATE "${PROJECT_SOURCE_DIR}/include")
target_link_libraries(make-typescript-image PRIVATE
  quiesce_options ${library_dependencies} Threads::Threads)
set_target_properties(make-typescript-image PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${typescript_dir}")

# Two steps, so that what was made as it was before is not built into the library again.
set(typescript_image "${typescript_dir}/stripper.qsnap")
add_custom_command(OUTPUT "${typescript_image}.made"
  BYPRODUCTS "${typescript_image}"
  COMMAND make-typescript-image "${typescript_script}" "${typescript_image}"
  COMMAND "${CMAKE_COMMAND}" -E touch "${typescript_image}.made"
  DEPENDS make-typescript-image "${typescript_script}"
  COMMENT "TypeScript: image" VERBATIM)
add_custom_target(quiesce_typescript DEPENDS "${typescript_image}.made")
add_dependencies(quiesce_typescript_image quiesce_typescript)
target_compile_definitions(quiesce_typescript_image PRIVATE
  "QUIESCE_TYPESCRIPT_IMAGE=\"${typescript_image}\"")
set_property(SOURCE "${typescript_dir}/image.S" APPEND PROPERTY
  OBJECT_DEPENDS "${typescript_image}")
