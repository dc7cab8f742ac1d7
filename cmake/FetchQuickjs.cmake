# Gets the source of QuickJS-NG. Sets QUIESCE_QUICKJS_SOURCE to the folder with quickjs.c and
# QUIESCE_QUICKJS_VERSION to what quickjs.h says.
#
# It is the package qjs-src of Debian unstable, downloaded into the build folder by an apt that has
# a configuration of its own: the machine's package sources and lists stay as they are. apt checks
# the signature of the archive. -DQUIESCE_QUICKJS_DIR=<folder with quickjs.c> uses that folder
# instead.
set(QUIESCE_QUICKJS_DIR "" CACHE PATH "Folder with quickjs.c to use instead of a download")

# The mirror that this machine already uses for Debian, from deb822 files or from lists.
function(quiesce_find_debian_mirror result)
  file(GLOB files /etc/apt/sources.list.d/*.sources /etc/apt/sources.list
    /etc/apt/sources.list.d/*.list)
  foreach(file IN LISTS files)
    file(STRINGS "${file}" lines REGEX "^(URIs:|deb )")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "\\[[^]]*\\]" "" line "${line}")
      string(REGEX MATCHALL "[a-z+]+:/[^ \t]+" uris "${line}")
      foreach(uri IN LISTS uris)
        if(uri MATCHES "debian" AND NOT uri MATCHES "security" AND uri MATCHES
          "debian/?$|^mirror\\+")
          set(${result} "${uri}" PARENT_SCOPE)
          return()
        endif()
      endforeach()
    endforeach()
  endforeach()
  set(${result} "" PARENT_SCOPE)
endfunction()

function(quiesce_run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE
    output
                  WORKING_DIRECTORY "${QUIESCE_APT_DIR}")
  if(NOT status EQUAL 0)
    message(FATAL_ERROR
      "${what} failed. With a folder that has quickjs.c of QuickJS-NG 0.17 or later, "
                        "-DQUIESCE_QUICKJS_DIR=<folder> does without the download.\n${output}")
  endif()
endfunction()

# With `unpack`, downloads and unpacks the package there.
function(quiesce_download_quickjs unpack)
  set(QUIESCE_APT_DIR "${PROJECT_BINARY_DIR}/quickjs-download")
  quiesce_find_debian_mirror(mirror)
  find_program(apt_get apt-get NO_CACHE)
  find_program(dpkg_deb dpkg-deb NO_CACHE)
  if(NOT mirror OR NOT apt_get OR NOT dpkg_deb)
    message(FATAL_ERROR
      "This is no Debian with a known mirror: unpack QuickJS-NG 0.17 or later and give "
                        "its folder with -DQUIESCE_QUICKJS_DIR=<folder>")
  endif()
  message(STATUS "Downloading the source of QuickJS-NG (package qjs-src of Debian unstable)")
  file(REMOVE_RECURSE "${QUIESCE_APT_DIR}")
  file(MAKE_DIRECTORY "${QUIESCE_APT_DIR}/lists/partial"
    "${QUIESCE_APT_DIR}/cache/archives/partial")
  file(WRITE "${QUIESCE_APT_DIR}/status" "")
  file(WRITE "${QUIESCE_APT_DIR}/sources.list"
       "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} unstable main\n")
  file(WRITE "${QUIESCE_APT_DIR}/apt.conf"
       "Dir::State \"${QUIESCE_APT_DIR}\";\n"
       "Dir::State::Lists \"${QUIESCE_APT_DIR}/lists\";\n"
       "Dir::State::status \"${QUIESCE_APT_DIR}/status\";\n"
       "Dir::Cache \"${QUIESCE_APT_DIR}/cache\";\n"
       "Dir::Etc::SourceList \"${QUIESCE_APT_DIR}/sources.list\";\n"
       "Dir::Etc::SourceParts \"-\";\n"
       "APT::Sandbox::User \"\";\n"  # the build folder need not be open to another user
       "APT::Get::List-Cleanup \"false\";\n"
       "Acquire::Languages \"none\";\n"
       "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled \"false\";\n"
       "#clear APT::Update::Pre-Invoke;\n"
       "#clear APT::Update::Post-Invoke;\n"
       "#clear APT::Update::Post-Invoke-Success;\n")
  quiesce_run("Reading the list of Debian's packages" "${apt_get}" -c "${QUIESCE_APT_DIR}/apt.conf"
    -q update)
  quiesce_run("Downloading qjs-src" "${apt_get}" -c "${QUIESCE_APT_DIR}/apt.conf" -q download
    qjs-src)
  file(GLOB package "${QUIESCE_APT_DIR}/qjs-src_*.deb")
  quiesce_run("Unpacking qjs-src" "${dpkg_deb}" -x "${package}" "${unpack}.new")
  file(REMOVE_RECURSE "${unpack}" "${QUIESCE_APT_DIR}")
  file(RENAME "${unpack}.new" "${unpack}")
endfunction()

if(QUIESCE_QUICKJS_DIR)
  get_filename_component(QUIESCE_QUICKJS_SOURCE "${QUIESCE_QUICKJS_DIR}" ABSOLUTE)
else()
  set(unpacked "${PROJECT_BINARY_DIR}/quickjs")
  if(NOT EXISTS "${unpacked}")
    quiesce_download_quickjs("${unpacked}")
  endif()
  set(QUIESCE_QUICKJS_SOURCE "${unpacked}/usr/src/quickjs-ng")
endif()
if(NOT EXISTS "${QUIESCE_QUICKJS_SOURCE}/quickjs.c")
  message(FATAL_ERROR "There is no quickjs.c in ${QUIESCE_QUICKJS_SOURCE}")
endif()

set(QUIESCE_QUICKJS_VERSION "")
foreach(part MAJOR MINOR PATCH)
  file(STRINGS "${QUIESCE_QUICKJS_SOURCE}/quickjs.h" line REGEX "^#define QJS_VERSION_${part} ")
  string(REGEX MATCH "[0-9]+" number "${line}")
  list(APPEND QUIESCE_QUICKJS_VERSION "${number}")
endforeach()
list(JOIN QUIESCE_QUICKJS_VERSION "." QUIESCE_QUICKJS_VERSION)
if(QUIESCE_QUICKJS_VERSION VERSION_LESS 0.17)
  message(FATAL_ERROR "QuickJS-NG ${QUIESCE_QUICKJS_VERSION} is too old: 0.17 or later is needed")
endif()
