/* /dev/poll, poll(7d): Solaris and illumos. */
#include "io_github_selectors4j_internal_system_DevpollShim.h"
#include "shim.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/devpoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const struct constant devpoll_constants[] = {CONSTANT(POLLREMOVE)};

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_DevpollShim_constant(
    JNIEnv *env, jclass type, jstring name) {
    (void)type;
    return constant_value(env, name, CONSTANTS(devpoll_constants));
}

/* Every open makes a set of its own. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_DevpollShim_create(JNIEnv *env,
                                                                                     jclass type) {
    (void)env, (void)type;
    return result(open("/dev/poll", O_RDWR | O_CLOEXEC));
}

/* At offset 0: older Solaris takes no other, and a plain write would advance it. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_DevpollShim_write(
    JNIEnv *env, jclass type, jint devpoll, jlong pollfds, jint bytes) {
    (void)env, (void)type;
    if (bytes < 0) {
        return -EINVAL;
    }
    return result(pwrite(devpoll, MEMORY(pollfds), (size_t)bytes, 0));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_DevpollShim_wait(
    JNIEnv *env, jclass type, jint devpoll, jlong pollfds, jint maximum, jint millis) {
    (void)env, (void)type;
    if (maximum < 0) {
        return -EINVAL;
    }
    /* The zeroed rest includes the signal mask that newer systems' structure ends with. */
    struct dvpoll request = {
        .dp_fds = MEMORY(pollfds),
        .dp_nfds = (nfds_t)maximum,
        .dp_timeout = millis,
    };
    return result(ioctl(devpoll, DP_POLL, &request));
}
