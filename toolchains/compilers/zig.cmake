# `zig cc` for ZIG_TARGET, from build/ziglang: scripts/build-platforms puts it there.
file(GLOB zig "${CMAKE_CURRENT_LIST_DIR}/../../build/ziglang/lib/python3*/site-packages/ziglang/zig")
if(NOT zig)
  message(FATAL_ERROR "no zig in build/ziglang: run scripts/build-platforms ${SELECTORS4J_PLATFORM}")
endif()
set(CMAKE_C_COMPILER "${zig}" cc)
set(CMAKE_C_COMPILER_TARGET ${ZIG_TARGET})
set(CMAKE_C_FLAGS_INIT "${ZIG_FLAGS}")
set(CMAKE_SHARED_LINKER_FLAGS_INIT -s)
# Checks look at headers only: to link programs would take zig a minute for each C library.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_ARCHIVE_CREATE "\"${zig}\" ar qc <TARGET> <OBJECTS>")
set(CMAKE_C_ARCHIVE_FINISH "")
# CMake asks for it on macOS, though only an installation would run it.
set(CMAKE_INSTALL_NAME_TOOL "${CMAKE_COMMAND}")
