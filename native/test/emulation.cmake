# Links the emulated /dev/poll and kqueue into a test build of the library:
#
#   cmake -S . -B build/emulation -DCMAKE_PROJECT_selectors4j_INCLUDE=native/test/emulation.cmake
#
# CMake reads this file right after project(), so nothing of it is in the build that ships. What it
# sets holds for every target that comes after. KQUEUE_NETBSD=10, KQUEUE_NETBSD=11 and
# KQUEUE_OPENBSD=1 take the <sys/event.h> of these.
set(KQUEUE_NETBSD OFF CACHE STRING "NetBSD's <sys/event.h>, of release 10 or 11, else FreeBSD's")
set(KQUEUE_OPENBSD OFF CACHE STRING "OpenBSD's <sys/event.h>, else FreeBSD's")

set(emulation "${CMAKE_CURRENT_LIST_DIR}")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include_directories("${emulation}/devpoll" "${emulation}/kqueue")
set(CMAKE_REQUIRED_INCLUDES "${emulation}/devpoll" "${emulation}/kqueue")
# What is linked in the place of a system call gets it.
add_compile_definitions(SELECTORS4J_CALLS_BY_NAME)
# A wake-up is a pipe where these mechanisms are at home.
set(HAVE_EVENTFD OFF CACHE BOOL "")
foreach(system KQUEUE_NETBSD KQUEUE_OPENBSD)
  if(${system})
    add_compile_definitions(${system}=${${system}})
    set(CMAKE_REQUIRED_DEFINITIONS -D${system}=${${system}})
  endif()
endforeach()
# As Darwin's, which poll.c may take the place of.
set_source_files_properties("${PROJECT_SOURCE_DIR}/native/poll.c" PROPERTIES
    COMPILE_DEFINITIONS POLL_REFUSES_DEVICES)
if(KQUEUE_NETBSD)
  # Which of its two kevents there is, the shim finds out itself.
  set_source_files_properties("${PROJECT_SOURCE_DIR}/native/kqueue.c" PROPERTIES
      COMPILE_DEFINITIONS TWO_KEVENTS)
endif()

add_library(emulation OBJECT
    "${emulation}/devpoll/collect.c"
    "${emulation}/devpoll/devpoll.c"
    "${emulation}/devpoll/set.c"
    "${emulation}/devpoll/wait.c"
    "${emulation}/devpoll/write.c"
    "${emulation}/kqueue/filter.c"
    "${emulation}/kqueue/knote.c"
    "${emulation}/kqueue/kqueue.c"
    "${emulation}/kqueue/poll.c"
    "${emulation}/kqueue/signal.c"
    "${emulation}/kqueue/watch.c"
    "${emulation}/close.c")
target_compile_features(emulation PRIVATE c_std_11)
target_compile_options(emulation PRIVATE -Wall -Wextra -Werror -fvisibility=hidden)
foreach(call open open64 ioctl poll ppoll write pwrite pwrite64 close)
  add_link_options("LINKER:--wrap=${call}")
endforeach()
link_libraries(emulation pthread)
