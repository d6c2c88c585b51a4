# Links the emulated /dev/poll and kqueue into a test build of the library:
#
#   cmake -S . -B build/emulation -DCMAKE_PROJECT_selectors4j_INCLUDE=native/test/emulation.cmake
#
# CMake reads this file right after project(), so nothing of it is in the build that ships. What it
# sets holds for every target that comes after. KQUEUE_NETBSD=ON and KQUEUE_OPENBSD=ON take the
# <sys/event.h> of these.
option(KQUEUE_NETBSD "NetBSD's <sys/event.h>, else FreeBSD's" OFF)
option(KQUEUE_OPENBSD "OpenBSD's <sys/event.h>, else FreeBSD's" OFF)

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
    add_compile_definitions(${system})
    set(CMAKE_REQUIRED_DEFINITIONS -D${system})
  endif()
endforeach()

add_library(emulation OBJECT
    "${emulation}/devpoll/devpoll.c"
    "${emulation}/kqueue/filter.c"
    "${emulation}/kqueue/knote.c"
    "${emulation}/kqueue/kqueue.c"
    "${emulation}/kqueue/signal.c"
    "${emulation}/kqueue/watch.c"
    "${emulation}/close.c")
target_compile_features(emulation PRIVATE c_std_11)
target_compile_options(emulation PRIVATE -Wall -Wextra -Werror -fvisibility=hidden)
foreach(call open open64 ioctl write pwrite pwrite64 close)
  add_link_options("LINKER:--wrap=${call}")
endforeach()
link_libraries(emulation pthread)
