/* Sockets as such. */
#include "io_github_selectors4j_internal_system_Descriptors.h"
#include "winsock.h"

/* 0 if it is an open socket. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_flags(JNIEnv *env,
                                                                                    jclass type,
                                                                                    jint fd) {
    (void)env, (void)type;
    return is_socket(socket_of(fd)) ? 0 : -(jint)WSAGetLastError();
}

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_Descriptors_constant(
    JNIEnv *env, jclass type, jstring name) {
    (void)env, (void)type, (void)name;
    return 0;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_mode(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jint fd) {
    (void)env, (void)type, (void)fd;
    return -ENOSYS;
}

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_Descriptors_socketInode(
    JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type, (void)fd;
    return 0;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_limit(JNIEnv *env,
                                                                                    jclass type) {
    (void)env, (void)type;
    return -ENOSYS;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_duplicate(JNIEnv *env,
                                                                                        jclass type,
                                                                                        jint fd) {
    (void)env, (void)type;
    WSAPROTOCOL_INFOW info;
    if (WSADuplicateSocketW(socket_of(fd), GetCurrentProcessId(), &info) != 0) {
        return -(jint)WSAGetLastError();
    }
    return winsock_result((int)WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                                          FROM_PROTOCOL_INFO, &info, 0,
                                          WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_close(JNIEnv *env,
                                                                                    jclass type,
                                                                                    jint fd) {
    (void)env, (void)type;
    return winsock_result(closesocket(socket_of(fd)));
}

static SOCKET new_socket(void) {
    return WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0,
                      WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

/* Listens on a port that nobody shares. */
static int listen_locally(SOCKET listener, struct sockaddr_in *address) {
    const BOOL exclusive = TRUE;
    int size = sizeof *address;
    *address = (struct sockaddr_in){.sin_family = AF_INET};
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return setsockopt(listener, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&exclusive,
                      sizeof exclusive) == 0 &&
           bind(listener, (struct sockaddr *)address, sizeof *address) == 0 &&
           listen(listener, SOMAXCONN) == 0 &&
           getsockname(listener, (struct sockaddr *)address, &size) == 0;
}

/* Anyone on this machine may have connected before the writer did, and hung up since. */
static SOCKET accept_writer(SOCKET listener, SOCKET writer) {
    struct sockaddr_in own, peer;
    int size = sizeof own;
    if (getsockname(writer, (struct sockaddr *)&own, &size) != 0) {
        return INVALID_SOCKET;
    }
    for (;;) {
        size = sizeof peer;
        SOCKET accepted = accept(listener, (struct sockaddr *)&peer, &size);
        if (accepted == INVALID_SOCKET && WSAGetLastError() == WSAECONNRESET) {
            continue;
        }
        if (accepted == INVALID_SOCKET ||
            (peer.sin_port == own.sin_port && peer.sin_addr.s_addr == own.sin_addr.s_addr)) {
            return accepted;
        }
        closesocket(accepted);
    }
}

static int make_wake_up_end(SOCKET end) {
    const BOOL immediately = TRUE;
    u_long non_blocking = 1;
    return setsockopt(end, IPPROTO_TCP, TCP_NODELAY, (const char *)&immediately,
                      sizeof immediately) == 0 &&
           ioctlsocket(end, FIONBIO, &non_blocking) == 0 &&
           SetHandleInformation((HANDLE)end, HANDLE_FLAG_INHERIT, 0);
}

/* A connection with itself; nothing else in Windows that select takes resembles a pipe. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_pipe(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jintArray ends) {
    (void)type;
    if (ends == NULL || (*env)->GetArrayLength(env, ends) < 2) {
        return -WSAEINVAL;
    }
    struct sockaddr_in address;
    SOCKET reader = INVALID_SOCKET;
    SOCKET listener = new_socket();
    /* A call that succeeds may reset the error of one that failed before it. */
    SOCKET writer = listener == INVALID_SOCKET ? INVALID_SOCKET : new_socket();
    if (writer != INVALID_SOCKET && listen_locally(listener, &address) &&
        connect(writer, (struct sockaddr *)&address, sizeof address) == 0) {
        reader = accept_writer(listener, writer);
    }
    int made = reader != INVALID_SOCKET && make_wake_up_end(reader) && make_wake_up_end(writer);
    jint error = WSAGetLastError();
    closesocket(listener);
    if (!made) {
        closesocket(writer);
        closesocket(reader);
        return -error;
    }
    (*env)->SetIntArrayRegion(env, ends, 0, 2, (const jint[]){(jint)reader, (jint)writer});
    return 0;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_pidfd(JNIEnv *env,
                                                                                    jclass type,
                                                                                    jint pid) {
    (void)env, (void)type, (void)pid;
    return -ENOSYS;
}
