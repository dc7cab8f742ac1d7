cmake_minimum_required(VERSION 3.25)
# Run by the build. Puts LIBRARY into FOLDER under the name that the hash of WASM gives it, and
# takes the one away that the build put there before.
file(SHA256 "${WASM}" sha256)
set(name "quiesce-engine-${sha256}.so")
set(made "${LIBRARY}.made")
if(EXISTS "${made}")
  file(STRINGS "${made}" before LIMIT_COUNT 1)
  if(before AND NOT before STREQUAL name)
    file(REMOVE "${FOLDER}/${before}")
  endif()
endif()
# Never written over: a process may have it loaded.
file(MAKE_DIRECTORY "${FOLDER}")
file(COPY_FILE "${LIBRARY}" "${FOLDER}/${name}.new")
file(RENAME "${FOLDER}/${name}.new" "${FOLDER}/${name}")
file(WRITE "${made}" "${name}\n")
