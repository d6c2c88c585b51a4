/* What TestLibrary's calls are on Windows, as far as sockets go. Every pair is two connected TCP
 * sockets; errors are Linux's numbers, where a test knows them. */
#include <jni.h>
#include <winsock2.h>

#include <windows.h>

#define CALL(result, name, ...)                                                                    \
    JNIEXPORT result JNICALL Java_io_github_selectors4j_TestLibrary_##name(__VA_ARGS__);           \
    JNIEXPORT result JNICALL Java_io_github_selectors4j_TestLibrary_##name(__VA_ARGS__)

enum { EAGAIN_OF_LINUX = 11, EBADF_OF_LINUX = 9, O_NONBLOCK_OF_LINUX = 04000, MOST = 4096 };

/* Those of Linux, as TestLibrary has them, and ours. */
static const struct {
    int linux_bit;
    SHORT bit;
} poll_bits[] = {{1, POLLRDNORM}, {2, POLLRDBAND}, {4, POLLWRNORM},
                 {8, POLLERR},    {16, POLLHUP},   {32, POLLNVAL}};

enum { ASKABLE = 3 };

static jint result(int returned) {
    if (returned != SOCKET_ERROR) {
        return returned;
    }
    const int error = WSAGetLastError();
    return error == WSAEWOULDBLOCK ? -EAGAIN_OF_LINUX
           : error == WSAENOTSOCK  ? -EBADF_OF_LINUX
                                   : -error;
}

static SOCKET socket_of(jint fd) {
    return (SOCKET)(unsigned)fd;
}

static SOCKET new_socket(void) {
    return WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0,
                      WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

/* So that a socket is full soon. */
static void keep_small(SOCKET socket) {
    const int size = 16384;
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, (const char *)&size, sizeof size);
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, (const char *)&size, sizeof size);
}

static int connect_pair(SOCKET listener, SOCKET ends[2]) {
    const BOOL immediately = TRUE;
    keep_small(listener);
    keep_small(ends[1]);
    struct sockaddr_in address = {.sin_family = AF_INET};
    int size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0 ||
        connect(ends[1], (struct sockaddr *)&address, size) != 0) {
        return SOCKET_ERROR;
    }
    ends[0] = accept(listener, NULL, NULL);
    return ends[0] == INVALID_SOCKET ? SOCKET_ERROR
                                     : setsockopt(ends[1], IPPROTO_TCP, TCP_NODELAY,
                                                  (const char *)&immediately, sizeof immediately);
}

static jint make_pair(JNIEnv *env, jintArray pair) {
    SOCKET ends[2] = {INVALID_SOCKET, new_socket()}, listener = new_socket();
    const jint failed = result(connect_pair(listener, ends));
    closesocket(listener);
    const jint numbers[] = {(jint)ends[0], (jint)ends[1]};
    (*env)->SetIntArrayRegion(env, pair, 0, 2, numbers);
    return failed;
}

CALL(jint, pipe, JNIEnv *env, jclass type, jintArray pair) {
    (void)type;
    return make_pair(env, pair);
}

CALL(jint, socketpair, JNIEnv *env, jclass type, jintArray pair) {
    (void)type;
    return make_pair(env, pair);
}

CALL(jint, tcpPair, JNIEnv *env, jclass type, jintArray pair) {
    (void)type;
    return make_pair(env, pair);
}

CALL(jint, close, JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    return result(closesocket(socket_of(fd)));
}

CALL(jint, dup, JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    WSAPROTOCOL_INFOW info;
    const int failed = WSADuplicateSocketW(socket_of(fd), GetCurrentProcessId(), &info);
    return failed ? result(failed)
                  : result((int)WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                                           FROM_PROTOCOL_INFO, &info, 0, WSA_FLAG_OVERLAPPED));
}

CALL(jint, read, JNIEnv *env, jclass type, jint fd, jbyteArray bytes, jint length) {
    (void)type;
    char memory[MOST];
    const jint count = result(recv(socket_of(fd), memory, length < MOST ? length : MOST, 0));
    if (count > 0) {
        (*env)->SetByteArrayRegion(env, bytes, 0, count, (const jbyte *)memory);
    }
    return count;
}

CALL(jint, write, JNIEnv *env, jclass type, jint fd, jbyteArray bytes, jint length) {
    (void)type;
    jbyte memory[MOST];
    const jint count = length < MOST ? length : MOST;
    (*env)->GetByteArrayRegion(env, bytes, 0, count, memory);
    return result(send(socket_of(fd), (const char *)memory, count, 0));
}

CALL(jint, available, JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    u_long count = 0;
    const jint failed = result(ioctlsocket(socket_of(fd), FIONREAD, &count));
    return failed ? failed : (jint)count;
}

CALL(jint, shutdown, JNIEnv *env, jclass type, jint fd, jint how) {
    (void)env, (void)type;
    return result(shutdown(socket_of(fd), how));
}

CALL(jint, sendUrgent, JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    return result(send(socket_of(fd), "!", 1, MSG_OOB));
}

CALL(jint, receiveUrgent, JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    char byte;
    return result(recv(socket_of(fd), &byte, 1, MSG_OOB));
}

/* Windows does not tell whether a socket blocks: as far as this goes, it does. */
CALL(jint, getFl, JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type, (void)fd;
    return 0;
}

CALL(jint, setFl, JNIEnv *env, jclass type, jint fd, jint flags) {
    (void)env, (void)type;
    u_long non_blocking = (flags & O_NONBLOCK_OF_LINUX) != 0;
    return result(ioctlsocket(socket_of(fd), FIONBIO, &non_blocking));
}

CALL(jint, poll, JNIEnv *env, jclass type, jint fd, jint events, jint millis) {
    (void)env, (void)type;
    WSAPOLLFD pollfd = {.fd = socket_of(fd)};
    for (int i = 0; i < ASKABLE; i++) {
        pollfd.events |= (events & poll_bits[i].linux_bit) != 0 ? poll_bits[i].bit : 0;
    }
    const jint count = result(WSAPoll(&pollfd, 1, millis));
    jint found = 0;
    for (size_t i = 0; count > 0 && i < sizeof poll_bits / sizeof *poll_bits; i++) {
        found |= (pollfd.revents & poll_bits[i].bit) != 0 ? poll_bits[i].linux_bit : 0;
    }
    return count < 0 ? count : found;
}
