# Links the interposed layer of interposed/ into a test build of the library:
#
#   cmake -S . -B build/interposed -DCMAKE_PROJECT_selectors4j_INCLUDE=native/test/interposed.cmake
#
# As emulation.cmake, it is read right after project(), and the build that ships has no trace of it.
#
# After emulation.cmake, it comes between the shims and the emulated kernels: what is wrapped goes on
# to them, and they make their own system calls past the layer.
set(interposed "${CMAKE_CURRENT_LIST_DIR}/interposed")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# The system calls of the shims, all of which go through the layer.
set(interposed_calls
    accept4 close dup3 epoll_create1 epoll_ctl epoll_wait eventfd fcntl pipe2 poll ppoll pselect read
    readv recv recvmsg send sendmsg syscall write writev)
# What else the sources import: of the C library, and of each other.
set(harmless
    __errno_location __libc_current_sigrtmax abs getpid getrlimit getsockopt memmove readlink sigaction strchr strcmp strcpy strerror strlen strncmp __stack_chk_fail
    _GLOBAL_OFFSET_TABLE_ bindings constant_name constant_value)

set(interposed_sources faults.c io.c ledger.c linux.c natives.c wrappers.c)
set(emulated_calls)
if(TARGET emulation)
  list(APPEND interposed_calls ioctl kevent kqueue open pipe pwrite socketpair)
  list(APPEND interposed_sources emulated.c)
  set(emulated_calls close ioctl open poll ppoll pwrite write)
endif()

list(TRANSFORM interposed_sources PREPEND "${interposed}/")
add_library(interposed OBJECT ${interposed_sources})
target_compile_features(interposed PRIVATE c_std_11)
target_compile_options(interposed PRIVATE -Wall -Wextra -Werror -fvisibility=hidden)
target_include_directories(interposed SYSTEM PRIVATE
    "$<TARGET_PROPERTY:selectors4j,INCLUDE_DIRECTORIES>")  # jni.h
add_compile_definitions(SELECTORS4J_CALLS_BY_NAME)
foreach(call IN LISTS interposed_calls)
  add_link_options("LINKER:--wrap=${call}")
  if(TARGET emulation AND NOT call MATCHES "^(kevent|kqueue)$")
    target_compile_definitions(emulation PRIVATE "${call}=__real_${call}")
  endif()
endforeach()
foreach(call IN LISTS emulated_calls)
  target_compile_definitions(emulation PRIVATE "__wrap_${call}=emulated_${call}")
  target_compile_definitions(interposed PRIVATE "__real_${call}=emulated_${call}")
endforeach()
link_libraries(interposed pthread)

# A system call that a shim begins to make has to get a wrapper, too.
add_custom_target(check_imports ALL
    "${CMAKE_COMMAND}" "-DOBJECTS=$<TARGET_OBJECTS:selectors4j>" "-DNM=${CMAKE_NM}"
    "-DKNOWN=${interposed_calls};${harmless}" -P "${interposed}/check_imports.cmake"
    VERBATIM)
add_dependencies(check_imports selectors4j)
