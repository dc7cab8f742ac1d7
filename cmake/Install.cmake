# `cmake --install build/release --prefix …`: headers, library, program, what find_package needs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/quiesce")
install(TARGETS quiesce quiesce_c EXPORT quiesceTargets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT quiesceTargets NAMESPACE quiesce:: DESTINATION "${package_dir}")
if(QUIESCE_CLI)
  install(TARGETS quiesce_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

# Never in the way of the engines that older versions have installed, which keep their names. Not
# below CMAKE_INSTALL_LIBDIR: the program looks in ../lib/quiesce/engines, on every system.
install(CODE "
  file(SHA256 \"${engine_wasm}\" sha256)
  set(name \"quiesce-engine-\${sha256}.so\")
  set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/quiesce/engines\")
  message(STATUS \"Installing: \${folder}/\${name}\")
  file(MAKE_DIRECTORY \"\${folder}\")
  # By renaming: a process may have the one loaded that is there.
  file(COPY_FILE \"${engine_folder}/\${name}\" \"\${folder}/\${name}.new\")
  file(RENAME \"\${folder}/\${name}.new\" \"\${folder}/\${name}\")
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${folder}/\${name}\")
" COMPONENT engine)

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/quiesceConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/quiesceConfig.cmake" INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/quiesceConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/quiesceConfig.cmake"
  "${PROJECT_BINARY_DIR}/quiesceConfigVersion.cmake" DESTINATION "${package_dir}")

file(RELATIVE_PATH pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
foreach(package quiesce quiesce-c)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/${package}.pc.in"
    "${PROJECT_BINARY_DIR}/${package}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${package}.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()
