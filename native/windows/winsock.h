/* What the shims over Winsock share. A descriptor is a SOCKET: a handle, of which 32 bits count. */
#ifndef SELECTORS4J_WINSOCK_H
#define SELECTORS4J_WINSOCK_H

#include "shim.h"

#include <winsock2.h>

#include <windows.h>

static inline SOCKET socket_of(jint fd) {
    return (SOCKET)(uint32_t)fd;
}

static inline jint winsock_result(int returned) {
    return returned == SOCKET_ERROR ? -(jint)WSAGetLastError() : (jint)returned;
}

/* Whether it is open; if not, WSAGetLastError tells. */
static inline int is_socket(SOCKET socket) {
    int type;
    int size = sizeof type;
    return getsockopt(socket, SOL_SOCKET, SO_TYPE, (char *)&type, &size) == 0;
}

/* Winsock refuses to wait for no socket at all. */
static inline jint wait_for_nothing(DWORD millis) {
    Sleep(millis);
    return 0;
}

#endif
