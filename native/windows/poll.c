/* WSAPoll. */
#include "io_github_selectors4j_internal_system_PollShim.h"
#include "winsock.h"

/* POLLPRI is left out: WSAPoll refuses to watch for it. */
static const struct constant poll_constants[] = {
    LAYOUT_SIZE(WSAPOLLFD),
    LAYOUT_OFFSET(WSAPOLLFD, fd),
    LAYOUT_OFFSET(WSAPOLLFD, events),
    LAYOUT_OFFSET(WSAPOLLFD, revents),
    CONSTANT(POLLIN),
    CONSTANT(POLLOUT),
    CONSTANT(POLLERR),
    CONSTANT(POLLHUP),
    CONSTANT(POLLNVAL),
    CONSTANT(POLLRDNORM),
    CONSTANT(POLLRDBAND),
    CONSTANT(POLLWRNORM),
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
        return -WSAEINVAL;
    }
    if (count == 0) {
        return wait_for_nothing(millis < 0 ? INFINITE : (DWORD)millis);
    }
    return winsock_result(WSAPoll(MEMORY(pollfds), (ULONG)count, millis));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_PollShim_waitNanos(
    JNIEnv *env, jclass type, jlong pollfds, jint count, jlong nanos) {
    (void)env, (void)type, (void)pollfds, (void)count, (void)nanos;
    return -ENOSYS;
}
