# Debian's mingw-w64 for MINGW_TARGET. JNI names functions without the @ and number of bytes that
# 32-bit Windows adds; the rest makes the library the same whenever and wherever it is built.
set(CMAKE_C_COMPILER ${MINGW_TARGET}-gcc-win32)
set(CMAKE_RC_COMPILER ${MINGW_TARGET}-windres)
set(CMAKE_SHARED_LINKER_FLAGS_INIT
    "-s -static-libgcc -Wl,--kill-at,--no-insert-timestamp,--disable-auto-image-base")
