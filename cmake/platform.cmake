# SELECTORS4J_PLATFORM (the folder below natives/ in the jar) and the platform's link options.
# A toolchain file sets the platform itself: a probe of the host names the wrong one.

if(SELECTORS4J_PLATFORM STREQUAL "")
  string(TOLOWER "${CMAKE_SYSTEM_NAME}" system)
  string(TOLOWER "${CMAKE_SYSTEM_PROCESSOR}" processor)
  if(system STREQUAL "darwin")
    set(system osx)
  endif()
  if(processor MATCHES "^(x86_64|amd64|i[3-6]86)$")
    math(EXPR processor "${CMAKE_SIZEOF_VOID_P} * 8")
  elseif(processor MATCHES "^(aarch64|arm64)$")
    set(processor arm64)
  elseif(processor MATCHES "^arm")
    set(processor arm)
  endif()
  set(SELECTORS4J_PLATFORM "${system}_${processor}")
endif()

set(SELECTORS4J_LINK_OPTIONS)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  list(APPEND SELECTORS4J_LINK_OPTIONS -Wl,-z,relro -Wl,-z,now -s)
endif()
if(SELECTORS4J_ANY_LIBC)
  # The process's own libc provides what is undefined, be it glibc or musl; cmake/floor.cmake tells
  # whether both do.
  list(APPEND SELECTORS4J_LINK_OPTIONS -nostdlib)
elseif(UNIX AND NOT APPLE)
  # What a native method's C function, or the C library of the system's oldest release, is missing
  # for is an error of the linker, and not of the library's loading or of a call.
  list(APPEND SELECTORS4J_LINK_OPTIONS -Wl,-z,defs)
endif()

set(SELECTORS4J_LINK_LIBRARIES)
set(SELECTORS4J_LIBRARY_PREFIX "${CMAKE_SHARED_LIBRARY_PREFIX}")
if(WIN32)
  set(SELECTORS4J_LINK_LIBRARIES ws2_32)
  set(SELECTORS4J_LIBRARY_PREFIX "")  # as Java's System.mapLibraryName has it
endif()
