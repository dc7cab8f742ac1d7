# The texts of the built-in modules: our own in guest/builtins, and npm packages, bundled to one
# file each. Sets builtins_dir to the folder with builtins.bin and builtins.inc.
#
# The packages are those of guest/builtins/package-lock.json; QUIESCE_BUILTINS_DIR names a folder
# that has them, instead of a download.
include(FetchPackages)

set(builtins_dir "${PROJECT_BINARY_DIR}/engine/builtins")
file(MAKE_DIRECTORY "${builtins_dir}")
file(GLOB_RECURSE builtin_sources CONFIGURE_DEPENDS "${guest_dir}/builtins/*.js")

quiesce_fetch_packages(builtin_packages builtin_stamp "${guest_dir}/builtins"
  "${builtins_dir}/packages" QUIESCE_BUILTINS_DIR)

add_custom_command(OUTPUT "${builtins_dir}/builtins.bin" "${builtins_dir}/builtins.inc"
  COMMAND "${QUIESCE_NODE}" "${guest_dir}/builtins/assemble.mjs" "${builtins_dir}"
    "${builtin_packages}/node_modules"
  DEPENDS ${builtin_stamp} ${builtin_sources} "${guest_dir}/builtins/assemble.mjs"
    "${guest_dir}/builtin_globals.inc"
  COMMENT "Guest: texts of the built-in modules" VERBATIM)
