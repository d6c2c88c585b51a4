# Links the emulated kernels and, between them and the shims, the interposed layer into a test build
# of the library:
#
#   cmake -S . -B build/interposed -DCMAKE_PROJECT_selectors4j_INCLUDE=native/test/interposed_emulation.cmake
#
# Descriptors get their flags by calls of their own here, as macOS and Solaris have to do it.
set(HAVE_PIPE2 OFF CACHE BOOL "")
set(HAVE_DUPFD_CLOEXEC OFF CACHE BOOL "")
include("${CMAKE_CURRENT_LIST_DIR}/emulation.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/interposed.cmake")
