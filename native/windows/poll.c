/* WSAPoll. */
#include "io_github_selectors4j_internal_system_PollShim.h"
#include "winsock.h"

/* POLLPRI is left out: WSAPoll refuses to watch for it. POLLIN is for urgent data, too, as POLLIN
 * is nowhere else. */
static const struct constant poll_constants[] = {
    LAYOUT_SIZE(WSAPOLLFD),
    LAYOUT_OFFSET(WSAPOLLFD, fd),
    LAYOUT_OFFSET(WSAPOLLFD, events),
    LAYOUT_OFFSET(WSAPOLLFD, revents),
    {"normal data", POLLRDNORM},
    {"priority data", POLLRDBAND},
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

/* WSAPoll fails where poll reports: when none of the sockets is open. */
static jint report_closed(WSAPOLLFD *pollfds, jint count, jint failure) {
    for (jint i = 0; i < count; i++) {
        if (is_socket(pollfds[i].fd)) {
            return failure;
        }
    }
    for (jint i = 0; i < count; i++) {
        pollfds[i].revents = POLLNVAL;
    }
    return count;
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
    const jint found = winsock_result(WSAPoll(MEMORY(pollfds), (ULONG)count, millis));
    return found == -WSAENOTSOCK || found == -WSAEINVAL
               ? report_closed(MEMORY(pollfds), count, found)
               : found;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_PollShim_waitNanos(
    JNIEnv *env, jclass type, jlong pollfds, jint count, jlong nanos) {
    (void)env, (void)type, (void)pollfds, (void)count, (void)nanos;
    return -ENOSYS;
}
