/* The descriptor that ends a wait: an eventfd(2) where there is one, else Java makes a pipe. */
#define _GNU_SOURCE
#include "io_github_selectors4j_internal_selecting_Wakeup.h"
#include "shim.h"

#include <unistd.h>
#ifdef HAVE_EVENTFD
#include <sys/eventfd.h>
#endif

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_selecting_Wakeup_eventfd(JNIEnv *env,
                                                                                    jclass type) {
    (void)env, (void)type;
#ifdef HAVE_EVENTFD
    return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
#else
    return -ENOSYS;
#endif
}

/* Eight bytes: what an eventfd takes, and a pipe too. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_selecting_Wakeup_write(JNIEnv *env,
                                                                                  jclass type,
                                                                                  jint fd) {
    (void)env, (void)type;
    const uint64_t one = 1;
    return result(write(fd, &one, sizeof one));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_selecting_Wakeup_read(JNIEnv *env,
                                                                                 jclass type,
                                                                                 jint fd) {
    (void)env, (void)type;
    uint64_t count;
    return result(read(fd, &count, sizeof count));
}
