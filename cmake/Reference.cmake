# The reference, by Doxygen from the public headers.
#
# Gives:   reference              a target that writes build/.../reference/html
#          reference.no-warnings  a test: every public declaration is documented
find_program(QUIESCE_DOXYGEN NAMES doxygen DOC "Makes the reference")
if(NOT QUIESCE_DOXYGEN)
  if(QUIESCE_TESTS)
    message(FATAL_ERROR "The tests need doxygen; tools/install-packages test installs it")
  endif()
  return()
endif()

set(QUIESCE_REFERENCE_DIR "${PROJECT_BINARY_DIR}/reference")
file(MAKE_DIRECTORY "${QUIESCE_REFERENCE_DIR}")
configure_file("${PROJECT_SOURCE_DIR}/docs/reference/Doxyfile.in"
  "${QUIESCE_REFERENCE_DIR}/Doxyfile" @ONLY)
add_custom_target(reference COMMAND "${QUIESCE_DOXYGEN}" "${QUIESCE_REFERENCE_DIR}/Doxyfile"
  COMMENT "Reference: ${QUIESCE_REFERENCE_DIR}/html/index.html" VERBATIM)
if(QUIESCE_TESTS)
  add_test(NAME reference.no-warnings
    COMMAND "${QUIESCE_DOXYGEN}" "${QUIESCE_REFERENCE_DIR}/Doxyfile")
endif()
