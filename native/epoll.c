/* epoll(7). */
#define _GNU_SOURCE
#include "io_github_selectors4j_internal_system_EpollShim.h"
#include "system_call.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The number is the same on every architecture that has the call at all. */
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

#ifndef EPOLLEXCLUSIVE
#define EPOLLEXCLUSIVE (1u << 28)
#endif
#ifndef EPOLLWAKEUP
#define EPOLLWAKEUP (1u << 29)
#endif

/* Bits of a jint: EPOLLET is the sign bit. */
#define EPOLL_CONSTANT(name)                                                                       \
    { #name, (jint)(name) }

/* The structure is packed on x86 only: Java reads it by this layout. */
static const struct constant epoll_constants[] = {
    LAYOUT_SIZE(struct epoll_event),
    LAYOUT_OFFSET(struct epoll_event, events),
    LAYOUT_OFFSET(struct epoll_event, data),
    EPOLL_CONSTANT(EPOLLIN),
    EPOLL_CONSTANT(EPOLLPRI),
    EPOLL_CONSTANT(EPOLLOUT),
    EPOLL_CONSTANT(EPOLLERR),
    EPOLL_CONSTANT(EPOLLHUP),
    EPOLL_CONSTANT(EPOLLRDHUP),
    EPOLL_CONSTANT(EPOLLRDNORM),
    EPOLL_CONSTANT(EPOLLRDBAND),
    EPOLL_CONSTANT(EPOLLWRNORM),
    EPOLL_CONSTANT(EPOLLWRBAND),
    EPOLL_CONSTANT(EPOLLMSG),
    EPOLL_CONSTANT(EPOLLET),
    EPOLL_CONSTANT(EPOLLONESHOT),
    EPOLL_CONSTANT(EPOLLWAKEUP),
    EPOLL_CONSTANT(EPOLLEXCLUSIVE),
    EPOLL_CONSTANT(EPOLL_CTL_ADD),
    EPOLL_CONSTANT(EPOLL_CTL_MOD),
    EPOLL_CONSTANT(EPOLL_CTL_DEL),
};

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_EpollShim_constant(
    JNIEnv *env, jclass type, jstring name) {
    (void)type;
    return constant_value(env, name, CONSTANTS(epoll_constants));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_EpollShim_create(JNIEnv *env,
                                                                                   jclass type) {
    (void)env, (void)type;
    return result(epoll_create1(EPOLL_CLOEXEC));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_EpollShim_control(
    JNIEnv *env, jclass type, jint epfd, jint operation, jint fd, jint events, jlong data) {
    (void)env, (void)type;
    struct epoll_event event = {.events = (uint32_t)events, .data.u64 = (uint64_t)data};
    return result(epoll_ctl(epfd, operation, fd, &event));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_EpollShim_waitMillis(
    JNIEnv *env, jclass type, jint epfd, jlong events, jint maximum, jint millis) {
    (void)env, (void)type;
#ifdef MADE_BY_INSTRUCTION
    return system_call(SYS_epoll_wait, epfd, MEMORY(events), maximum, millis, 0, 0);
#else
    return result(epoll_wait(epfd, MEMORY(events), maximum, millis));
#endif
}

/* By number, since older C libraries lack the function; the kernel wants a 64-bit timespec, which
 * a 32-bit C library's is not. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_EpollShim_waitNanos(
    JNIEnv *env, jclass type, jint epfd, jlong events, jint maximum, jlong nanos) {
    (void)env, (void)type;
    const struct {
        int64_t seconds;
        int64_t nanoseconds;
    } timeout = {nanos / 1000000000, nanos % 1000000000};
    return result(syscall(SYS_epoll_pwait2, epfd, MEMORY(events), maximum, &timeout, NULL, 0));
}

/* Puts the set `from` in place of the one that `to` names; `from` stays open. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_EpollShim_replace(JNIEnv *env,
                                                                                    jclass type,
                                                                                    jint from,
                                                                                    jint to) {
    (void)env, (void)type;
    return result(dup3(from, to, O_CLOEXEC));
}
