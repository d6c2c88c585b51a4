/* membarrier(2): a fence for all threads of the process. Linux alone has it. */
#define _GNU_SOURCE
#include "io_github_selectors4j_internal_system_AsymmetricFence.h"
#include "shim.h"

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_AsymmetricFence_membarrier(
    JNIEnv *env, jclass type, jint command) {
    (void)env, (void)type;
#ifdef SYS_membarrier
    return result(syscall(SYS_membarrier, command, 0));
#else
    (void)command;
    return -ENOSYS;
#endif
}
