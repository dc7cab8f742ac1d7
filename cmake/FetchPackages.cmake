# npm packages for the build.
#
# quiesce_fetch_packages(<result> <stamp> <project> <folder> <option>)
#
# Sets <result> to a folder with node_modules as <project>/package-lock.json has them, and <stamp>
# to the file that what is made of them depends on. They are fetched into <folder> when it is built,
# and again only when the lock file changes; the cache variable <option> names a folder to use
# instead of a download, in which case there is no stamp.
find_program(QUIESCE_NODE NAMES node nodejs DOC "Bundles what is written in JavaScript")

function(quiesce_fetch_packages result stamp project folder option)
  if(NOT QUIESCE_NODE)
    message(FATAL_ERROR "The build needs Node.js 18 or later: tools/install-packages build")
  endif()
  cmake_path(RELATIVE_PATH project BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE shown)
  set(${option} "" CACHE PATH
      "Folder in which npm ci was run for ${shown}/package-lock.json, instead of a download")
  if(${option})
    get_filename_component(given "${${option}}" ABSOLUTE)
    if(NOT EXISTS "${given}/node_modules")
      message(FATAL_ERROR "${option}: there is no node_modules in ${given}")
    endif()
    set(${result} "${given}" PARENT_SCOPE)
    set(${stamp} "" PARENT_SCOPE)
    return()
  endif()
  set(fetch "${PROJECT_SOURCE_DIR}/tools/fetch-packages")
  add_custom_command(OUTPUT "${folder}/installed.json"
    COMMAND "${fetch}" "${project}" "${folder}" ${option}
    DEPENDS "${fetch}" "${project}/package.json" "${project}/package-lock.json"
    COMMENT "npm: packages of ${shown}" VERBATIM)
  set(${result} "${folder}" PARENT_SCOPE)
  set(${stamp} "${folder}/installed.json" PARENT_SCOPE)
endfunction()
