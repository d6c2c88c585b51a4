# zig compiles for illumos, but has no headers and no libraries of it, and so does not link: its lld
# does, against a libc.so.1 and a libsocket.so.1 that have the names alone. lld
# can't brand its output as Solaris' either.
include("${CMAKE_CURRENT_LIST_DIR}/zig.cmake")
set(solaris "${CMAKE_CURRENT_LIST_DIR}/../solaris")
set(CMAKE_C_STANDARD_INCLUDE_DIRECTORIES "${solaris}/include")
set(CMAKE_C_CREATE_SHARED_LIBRARY
    "<CMAKE_C_COMPILER> -fno-builtin -w -fPIC -c \"${solaris}/libc.c\" -o libc.o"
    "<CMAKE_C_COMPILER> -fno-builtin -w -fPIC -c \"${solaris}/libsocket.c\" -o libsocket.o"
    "\"${zig}\" ld.lld -shared -soname libc.so.1 -o libc.so.1 libc.o"
    "\"${zig}\" ld.lld -shared -soname libsocket.so.1 -o libsocket.so.1 libsocket.o"
    "\"${zig}\" ld.lld -shared -z defs -z now -s -soname <TARGET_SONAME> -o <TARGET> <OBJECTS> libsocket.so.1 libc.so.1"
    "sh -c \"printf '\\\\006' | dd of='<TARGET>' bs=1 seek=7 conv=notrunc status=none\"")
