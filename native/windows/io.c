/* Reading and writing sockets. Winsock has no calls of their own for what must not block. */
#include "io_github_selectors4j_internal_system_IoShim.h"
#include "winsock.h"

#include <mswsock.h>

enum { PLAIN, SOCKET_CALL, NOWAIT };

static const struct constant io_constants[] = {
    CONSTANT(PLAIN),
    {"SOCKET", SOCKET_CALL},
    CONSTANT(NOWAIT),
    {"PIPE_BUF", 4096},
    {"IOV_MAX", 1024},
    CONSTANT(SOCK_STREAM),
    CONSTANT(SOCK_DGRAM),
    CONSTANT(SO_TYPE),
    CONSTANT(SO_ACCEPTCONN),
    CONSTANT(SO_CONNECT_TIME),
    LAYOUT_SIZE(WSABUF),
    {"iov_base", offsetof(WSABUF, buf)},
    {"iov_len", offsetof(WSABUF, len)},
};

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_IoShim_constant(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jstring name) {
    (void)type;
    return constant_value(env, name, CONSTANTS(io_constants));
}

JNIEXPORT jboolean JNICALL
Java_io_github_selectors4j_internal_system_IoShim_findAddress(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return JNI_FALSE;
}

static char *memory_of(JNIEnv *env, jobject buffer, jint offset) {
    char *address = buffer == NULL ? NULL : (*env)->GetDirectBufferAddress(env, buffer);
    return address == NULL ? NULL : address + offset;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_read(
    JNIEnv *env, jclass type, jint how, jint fd, jobject buffer, jint offset, jint length) {
    (void)type, (void)how;
    char *memory = memory_of(env, buffer, offset);
    if (memory == NULL || length < 0) {
        return -WSAEINVAL;
    }
    return winsock_result(recv(socket_of(fd), memory, length, 0));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_write(
    JNIEnv *env, jclass type, jint how, jint fd, jobject buffer, jint offset, jint length) {
    (void)type, (void)how;
    const char *memory = memory_of(env, buffer, offset);
    if (memory == NULL || length < 0) {
        return -WSAEINVAL;
    }
    return winsock_result(send(socket_of(fd), memory, length, 0));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_readVector(
    JNIEnv *env, jclass type, jint how, jint fd, jlong vector, jint count) {
    (void)env, (void)type, (void)how;
    if (vector == 0 || count < 0) {
        return -WSAEINVAL;
    }
    DWORD done = 0, flags = 0;
    int failed = WSARecv(socket_of(fd), MEMORY(vector), (DWORD)count, &done, &flags, NULL, NULL);
    return failed ? -(jint)WSAGetLastError() : (jint)done;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_writeVector(
    JNIEnv *env, jclass type, jint how, jint fd, jlong vector, jint count) {
    (void)env, (void)type, (void)how;
    if (vector == 0 || count < 0) {
        return -WSAEINVAL;
    }
    DWORD done = 0;
    int failed = WSASend(socket_of(fd), MEMORY(vector), (DWORD)count, &done, 0, NULL, NULL);
    return failed ? -(jint)WSAGetLastError() : (jint)done;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_accept(JNIEnv *env,
                                                                                jclass type,
                                                                                jint fd) {
    (void)env, (void)type;
    SOCKET accepted = accept(socket_of(fd), NULL, NULL);
    if (accepted == INVALID_SOCKET) {
        return -(jint)WSAGetLastError();
    }
    SetHandleInformation((HANDLE)accepted, HANDLE_FLAG_INHERIT, 0);
    return (jint)accepted;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_poll(
    JNIEnv *env, jclass type, jint fd, jint events, jint other, jint millis) {
    (void)env, (void)type;
    WSAPOLLFD pollfds[] = {{.fd = socket_of(fd), .events = (SHORT)events},
                           {.fd = socket_of(other), .events = POLLIN}};
    return winsock_result(WSAPoll(pollfds, other < 0 ? 1 : 2, millis));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_socketOption(JNIEnv *env,
                                                                                      jclass type,
                                                                                      jint fd,
                                                                                      jint option) {
    (void)env, (void)type;
    int value = 0; /* an option may fill but one byte */
    int size = sizeof value;
    int failed = getsockopt(socket_of(fd), SOL_SOCKET, option, (char *)&value, &size);
    return failed ? -(jint)WSAGetLastError() : value;
}

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_IoShim_thread(JNIEnv *env,
                                                                                 jclass type) {
    (void)env, (void)type;
    return 0;
}

/* Nothing ends a call of another thread. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_IoShim_interrupt(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jlong thread) {
    (void)env, (void)type, (void)thread;
    return -ENOSYS;
}
