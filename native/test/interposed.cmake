# Links the interposed layer of interposed/ into a test build of the library:
#
#   cmake -S . -B build/interposed -DCMAKE_PROJECT_selectors4j_INCLUDE=native/test/interposed.cmake
#
# As emulation.cmake, it is read right after project(), and the build that ships has no trace of it.
set(interposed "${CMAKE_CURRENT_LIST_DIR}/interposed")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# The system calls of the shims, all of which go through the layer.
set(interposed_calls
    close dup3 epoll_create1 epoll_ctl epoll_wait eventfd fcntl pipe2 poll ppoll pselect read syscall
    write)
# What else the sources import: of the C library, and of each other.
set(harmless
    __errno_location memmove strchr strcmp strcpy strerror strlen strncmp __stack_chk_fail
    _GLOBAL_OFFSET_TABLE_ bindings constant_value)

add_library(interposed OBJECT
    "${interposed}/faults.c"
    "${interposed}/ledger.c"
    "${interposed}/natives.c"
    "${interposed}/wrappers.c")
target_compile_features(interposed PRIVATE c_std_11)
target_compile_options(interposed PRIVATE -Wall -Wextra -Werror -fvisibility=hidden)
target_include_directories(interposed SYSTEM PRIVATE
    "$<TARGET_PROPERTY:selectors4j,INCLUDE_DIRECTORIES>")  # jni.h
foreach(call IN LISTS interposed_calls)
  add_link_options("LINKER:--wrap=${call}")
endforeach()
link_libraries(interposed pthread)

# A system call that a shim begins to make has to get a wrapper, too.
add_custom_target(check_imports ALL
    "${CMAKE_COMMAND}" "-DOBJECTS=$<TARGET_OBJECTS:selectors4j>" "-DNM=${CMAKE_NM}"
    "-DKNOWN=${interposed_calls};${harmless}" -P "${interposed}/check_imports.cmake"
    VERBATIM)
add_dependencies(check_imports selectors4j)
