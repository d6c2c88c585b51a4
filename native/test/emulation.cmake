# Links the emulated /dev/poll and kqueue into a test build of the library:
#
#   cmake -S . -B build/emulation -DCMAKE_PROJECT_selectors4j_INCLUDE=native/test/emulation.cmake
#
# CMake reads this file right after project(), so nothing of it is in the build that ships. What it
# sets holds for every target that comes after. KQUEUE_NETBSD=ON takes NetBSD's <sys/event.h>.
option(KQUEUE_NETBSD "NetBSD's <sys/event.h>, else FreeBSD's" OFF)

set(emulation "${CMAKE_CURRENT_LIST_DIR}")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include_directories("${emulation}/devpoll" "${emulation}/kqueue")
set(CMAKE_REQUIRED_INCLUDES "${emulation}/devpoll" "${emulation}/kqueue")
# A wake-up is a pipe where these mechanisms are at home.
set(HAVE_EVENTFD OFF CACHE BOOL "")
if(KQUEUE_NETBSD)
  add_compile_definitions(KQUEUE_NETBSD)
  set(CMAKE_REQUIRED_DEFINITIONS -DKQUEUE_NETBSD)
endif()

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
