/* poll(2). */
#define _GNU_SOURCE
#include "io_github_selectors4j_internal_system_PollShim.h"
#include "system_call.h"

#include <poll.h>
#include <stddef.h>
#include <time.h>

/* Darwin says of an open device that it is not open: POLLNVAL. */
#ifdef __APPLE__
#define POLL_REFUSES_DEVICES
#endif

/* Java reads both in one word. */
_Static_assert(offsetof(struct pollfd, revents) == offsetof(struct pollfd, events) + sizeof(short),
               "revents are behind the events");

static const struct constant poll_constants[] = {
#ifdef POLL_REFUSES_DEVICES
    {"refuses devices", 1},
#endif
    LAYOUT_SIZE(struct pollfd),
    LAYOUT_OFFSET(struct pollfd, fd),
    LAYOUT_OFFSET(struct pollfd, events),
    LAYOUT_OFFSET(struct pollfd, revents),
    {"normal data", POLLIN},
    {"priority data", POLLPRI},
    CONSTANT(POLLIN),
    CONSTANT(POLLPRI),
    CONSTANT(POLLOUT),
    CONSTANT(POLLERR),
    CONSTANT(POLLHUP),
    CONSTANT(POLLNVAL),
    CONSTANT(POLLRDNORM),
    CONSTANT(POLLRDBAND),
    CONSTANT(POLLWRNORM),
    CONSTANT(POLLWRBAND),
#ifdef POLLMSG
    CONSTANT(POLLMSG),
#endif
#ifdef POLLRDHUP
    CONSTANT(POLLRDHUP),
#endif
};

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_PollShim_constant(JNIEnv *env,
                                                                                     jclass type,
                                                                                     jstring name) {
    (void)type;
    return constant_value(env, name, CONSTANTS(poll_constants));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_PollShim_waitMillis(
    JNIEnv *env, jclass type, jlong pollfds, jint count, jint millis) {
    (void)env, (void)type;
    if (count < 0) {
        return -EINVAL;
    }
#ifdef MADE_BY_INSTRUCTION
    return system_call(SYS_poll, pollfds, MEMORY(count), millis, 0, 0, 0);
#else
    return result(poll(MEMORY(pollfds), (nfds_t)count, millis));
#endif
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_PollShim_waitNanos(
    JNIEnv *env, jclass type, jlong pollfds, jint count, jlong nanos) {
    (void)env, (void)type;
#ifdef HAVE_PPOLL
    if (count < 0) {
        return -EINVAL;
    }
    const struct timespec timeout = {.tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000};
    return result(ppoll(MEMORY(pollfds), (nfds_t)count, &timeout, NULL));
#else
    (void)pollfds, (void)count, (void)nanos;
    return -ENOSYS;
#endif
}
