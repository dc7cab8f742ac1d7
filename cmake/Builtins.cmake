# The texts of the built-in modules: our own in guest/builtins, and npm packages, bundled to one file
# each. Sets builtins_dir to the folder with builtins.bin and builtins.inc.
#
# npm fetches the packages into the build folder as guest/builtins/package-lock.json says, and again
# only when that changes. -DQUIESCE_BUILTINS_DIR=<folder with their node_modules> uses that folder
# instead of a download.
set(QUIESCE_BUILTINS_DIR "" CACHE PATH
    "Folder in which npm ci was run for guest/builtins/package-lock.json, instead of a download")
find_program(QUIESCE_NODE NAMES node nodejs REQUIRED DOC "Bundles the built-in modules")

set(builtins_dir "${PROJECT_BINARY_DIR}/engine/builtins")
file(MAKE_DIRECTORY "${builtins_dir}")
file(GLOB_RECURSE builtin_sources CONFIGURE_DEPENDS "${guest_dir}/builtins/*.js")

if(QUIESCE_BUILTINS_DIR)
  get_filename_component(builtin_packages "${QUIESCE_BUILTINS_DIR}" ABSOLUTE)
  if(NOT EXISTS "${builtin_packages}/node_modules")
    message(FATAL_ERROR "QUIESCE_BUILTINS_DIR: there is no node_modules in ${builtin_packages}")
  endif()
  set(builtin_stamp "")
else()
  set(builtin_packages "${builtins_dir}/packages")
  set(builtin_stamp "${builtin_packages}/installed.json")
  add_custom_command(OUTPUT "${builtin_stamp}"
    COMMAND "${guest_dir}/builtins/fetch" "${builtin_packages}"
    DEPENDS "${guest_dir}/builtins/fetch" "${guest_dir}/builtins/package-lock.json"
      "${guest_dir}/builtins/package.json"
    COMMENT "Guest: packages of the built-in modules" VERBATIM)
endif()

add_custom_command(OUTPUT "${builtins_dir}/builtins.bin" "${builtins_dir}/builtins.inc"
  COMMAND "${QUIESCE_NODE}" "${guest_dir}/builtins/assemble.mjs" "${builtins_dir}"
    "${builtin_packages}/node_modules"
  DEPENDS ${builtin_stamp} ${builtin_sources} "${guest_dir}/builtins/assemble.mjs"
    "${guest_dir}/builtin_globals.inc"
  COMMENT "Guest: texts of the built-in modules" VERBATIM)
