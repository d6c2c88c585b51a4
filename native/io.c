/* Reading and writing, so that it may block or so that it can't. */
#define _GNU_SOURCE
#include "close_on_exec.h"
#include "io_github_selectors4j_internal_system_IoShim.h"
#include "transfer.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#else
#include <pthread.h>
#endif

#ifndef IOV_MAX
#define IOV_MAX 16 /* what POSIX has for the least */
#endif

enum { PLAIN, SOCKET, NOWAIT };

static const struct constant io_constants[] = {
    CONSTANT(PLAIN),
    CONSTANT(SOCKET),
    CONSTANT(NOWAIT),
    CONSTANT(PIPE_BUF),
    CONSTANT(IOV_MAX),
    CONSTANT(MSG_DONTWAIT),
    CONSTANT(SOCK_STREAM),
    CONSTANT(SOCK_DGRAM),
    CONSTANT(SO_TYPE),
    CONSTANT(SO_ACCEPTCONN),
    {"sizeof", sizeof(struct iovec)},
    LAYOUT_OFFSET(struct iovec, iov_base),
    LAYOUT_OFFSET(struct iovec, iov_len),
};

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_IoShim_constant(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jstring name) {
    (void)type;
    return constant_value(env, name, CONSTANTS(io_constants));
}

/* GetDirectBufferAddress changes the thread's state twice, the read of a long field does not. */
static jfieldID address_field;

JNIEXPORT jboolean JNICALL
Java_io_github_selectors4j_internal_system_IoShim_findAddress(JNIEnv *env, jclass type) {
    (void)type;
    jclass buffer = (*env)->FindClass(env, "java/nio/Buffer");
    address_field = buffer ? (*env)->GetFieldID(env, buffer, "address", "J") : NULL;
    (*env)->ExceptionClear(env);
    return address_field != NULL;
}

static char *memory_of(JNIEnv *env, jobject buffer, jint offset, jint length) {
    if (buffer == NULL || length < 0) {
        return NULL;
    }
    char *address = address_field == NULL
                        ? (*env)->GetDirectBufferAddress(env, buffer)
                        : MEMORY((*env)->GetLongField(env, buffer, address_field));
    return address == NULL ? NULL : address + offset;
}

/* The way that Java has found for the file. */
#define TRANSFER(how, plain, socket, now)                                                          \
    ((how) == PLAIN ? (plain) : (how) == SOCKET ? (socket) : (now))

#define WRITE_FLAGS (MSG_DONTWAIT | MSG_NOSIGNAL)

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_read(
    JNIEnv *env, jclass type, jint how, jint fd, jobject buffer, jint offset, jint length) {
    (void)type;
    char *memory = memory_of(env, buffer, offset, length);
    if (memory == NULL) {
        return -EINVAL;
    }
    const struct iovec piece = {memory, (size_t)length};
    return TRANSFER(how, READ(fd, memory, length), RECEIVE(fd, memory, length, MSG_DONTWAIT),
                    READ_NOW(fd, &piece, 1));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_write(
    JNIEnv *env, jclass type, jint how, jint fd, jobject buffer, jint offset, jint length) {
    (void)type;
    char *memory = memory_of(env, buffer, offset, length);
    if (memory == NULL) {
        return -EINVAL;
    }
    const struct iovec piece = {memory, (size_t)length};
    return TRANSFER(how, WRITE(fd, memory, length), SEND(fd, memory, length, WRITE_FLAGS),
                    WRITE_NOW(fd, &piece, 1));
}

static struct msghdr message_of(jlong vector, jint count) {
    struct msghdr message = {.msg_iov = MEMORY(vector)};
    message.msg_iovlen += (unsigned)count; /* of another type in each C library */
    return message;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_readVector(
    JNIEnv *env, jclass type, jint how, jint fd, jlong vector, jint count) {
    (void)env, (void)type;
    if (vector == 0 || count < 0) {
        return -EINVAL;
    }
    struct msghdr message = message_of(vector, count);
    return TRANSFER(how, result(readv(fd, MEMORY(vector), count)),
                    result(recvmsg(fd, &message, MSG_DONTWAIT)),
                    READ_NOW(fd, MEMORY(vector), count));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_writeVector(
    JNIEnv *env, jclass type, jint how, jint fd, jlong vector, jint count) {
    (void)env, (void)type;
    if (vector == 0 || count < 0) {
        return -EINVAL;
    }
    const struct msghdr message = message_of(vector, count);
    return TRANSFER(how, result(writev(fd, MEMORY(vector), count)),
                    result(sendmsg(fd, &message, WRITE_FLAGS)),
                    WRITE_NOW(fd, MEMORY(vector), count));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_accept(JNIEnv *env,
                                                                                jclass type,
                                                                                jint fd) {
    (void)env, (void)type;
#ifdef HAVE_ACCEPT4
    return result(accept4(fd, NULL, NULL, SOCK_CLOEXEC));
#else
    return close_on_exec(accept(fd, NULL, NULL));
#endif
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_poll(
    JNIEnv *env, jclass type, jint fd, jint events, jint other, jint millis) {
    (void)env, (void)type;
    struct pollfd pollfds[] = {{.fd = fd, .events = (short)events},
                               {.fd = other, .events = POLLIN}};
    return result(poll(pollfds, other < 0 ? 1 : 2, millis));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_socketOption(JNIEnv *env,
                                                                                      jclass type,
                                                                                      jint fd,
                                                                                      jint option) {
    (void)env, (void)type;
    int value;
    socklen_t size = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? -errno : value;
}

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_IoShim_thread(JNIEnv *env,
                                                                                 jclass type) {
    (void)env, (void)type;
#ifdef __linux__
    return syscall(SYS_gettid);
#else
    return (jlong)(intptr_t)pthread_self();
#endif
}

/*
 * The first signal of these whose disposition is still the default gets a handler that does
 * nothing. It is a function of the C library, since this library may be unloaded, or loaded more
 * than once. The JDK has SIGRTMAX - 2 for the same purpose, and SIGIO where there are no real-time
 * signals.
 */
static int signal_for_interrupts(void) {
    void (*do_nothing)(int) = (void (*)(int))(void (*)(void))abs;
#ifdef SIGRTMAX
    const int last = SIGRTMAX;
    const int signals[] = {last - 3, last - 4, last - 5, last - 6, last - 7};
#else
    const int signals[] = {SIGURG, SIGWINCH};
#endif
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction present;
        /* All else is 0, SA_RESTART too, in whatever order a C library has the fields. */
        const struct sigaction wanted = {.sa_handler = do_nothing};
        if (sigaction(signals[i], NULL, &present) == 0 &&
            (present.sa_handler == do_nothing ||
             (present.sa_handler == SIG_DFL && sigaction(signals[i], &wanted, NULL) == 0))) {
            return signals[i];
        }
    }
    return 0;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_interrupt(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jlong thread) {
    (void)env, (void)type;
    const int signal = signal_for_interrupts();
    if (signal == 0) {
        return -ENOSYS;
    }
#ifdef __linux__
    return result(syscall(SYS_tgkill, (long)getpid(), (long)thread, (long)signal));
#else
    return -pthread_kill((pthread_t)(intptr_t)thread, signal);
#endif
}
