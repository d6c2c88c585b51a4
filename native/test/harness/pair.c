#include "pair.h"
#include "imports.h"
#include "shims.h"

#include <stdatomic.h>
#include <windows.h>

#define STRANGERS 3
#define RACES 100
#define RACERS 2

/* The library's calls of Winsock, which go through here. */
static __typeof__(&listen) system_listen;
static __typeof__(&connect) system_connect;
static __typeof__(&accept) system_accept;
static __typeof__(&closesocket) system_closesocket;

static SOCKET listener;
static struct sockaddr_in listening;
static atomic_int open_port; /* while the listener is; 0 otherwise */

static int WSAAPI note_listener(SOCKET socket, int backlog) {
    int size = sizeof listening;
    BOOL exclusive = FALSE;
    int exclusive_size = sizeof exclusive;
    CHECK_EQUAL(
        getsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (char *)&exclusive, &exclusive_size),
        0);
    CHECK(exclusive);
    int result = system_listen(socket, backlog);
    CHECK_EQUAL(getsockname(socket, (struct sockaddr *)&listening, &size), 0);
    CHECK_EQUAL(listening.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    listener = socket;
    open_port = listening.sin_port;
    return result;
}

static int WSAAPI note_close(SOCKET socket) {
    if (socket == listener) {
        open_port = 0;
    }
    return system_closesocket(socket);
}

/* A connection to the listener, over which bytes come that no wake-up has sent. */
static SOCKET stranger_from(unsigned long host, unsigned short port) {
    SOCKET stranger = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = port};
    own.sin_addr.s_addr = htonl(host);
    CHECK_EQUAL(bind(stranger, (struct sockaddr *)&own, sizeof own), 0);
    CHECK_EQUAL(connect(stranger, (struct sockaddr *)&listening, sizeof listening), 0);
    CHECK_EQUAL(send(stranger, "stranger", 8, 0), 8);
    return stranger;
}

static SOCKET strangers[STRANGERS];

/* They are here before the library's own writer; the last with its very port, on another address.
 */
static int WSAAPI connect_after_strangers(SOCKET writer, const struct sockaddr *address, int size) {
    struct sockaddr_in own = {.sin_family = AF_INET};
    int own_size = sizeof own;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQUAL(bind(writer, (struct sockaddr *)&own, sizeof own), 0);
    CHECK_EQUAL(getsockname(writer, (struct sockaddr *)&own, &own_size), 0);
    for (int i = 0; i < STRANGERS; i++) {
        const int last = i == STRANGERS - 1;
        strangers[i] = stranger_from(INADDR_LOOPBACK + (last ? 1 : 0), last ? own.sin_port : 0);
    }
    return system_connect(writer, address, size);
}

/* As Windows, where a connection that was reset before it is accepted is an error. */
static int resets;

static SOCKET WSAAPI accept_after_resets(SOCKET socket, struct sockaddr *peer, int *size) {
    if (resets > 0) {
        resets--;
        WSASetLastError(WSAECONNRESET);
        return INVALID_SOCKET;
    }
    return system_accept(socket, peer, size);
}

static void begin(void) {
    system_listen = replace_import("listen", note_listener);
    system_closesocket = replace_import("closesocket", note_close);
}

static void end(void) {
    replace_import("listen", system_listen);
    replace_import("closesocket", system_closesocket);
}

static void check_peer(SOCKET one, SOCKET other) {
    struct sockaddr_in own, peer;
    int own_size = sizeof own, peer_size = sizeof peer;
    CHECK_EQUAL(getsockname(one, (struct sockaddr *)&own, &own_size), 0);
    CHECK_EQUAL(getpeername(other, (struct sockaddr *)&peer, &peer_size), 0);
    CHECK_EQUAL(own.sin_port, peer.sin_port);
    CHECK_EQUAL(own.sin_addr.s_addr, peer.sin_addr.s_addr);
}

static void check_nobody_can_connect(SOCKET to) {
    struct sockaddr_in address;
    int size = sizeof address;
    CHECK_EQUAL(getsockname(to, (struct sockaddr *)&address, &size), 0);
    SOCKET late = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(connect(late, (struct sockaddr *)&address, size), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAECONNREFUSED);
    CHECK_EQUAL(closesocket(late), 0);
}

/* A new pair, whose ends have each other and nobody else. */
static void check_pair(void) {
    jint ends[2];
    open_pipe(ends);
    const SOCKET reader = (SOCKET)ends[0], writer = (SOCKET)ends[1];
    check_peer(reader, writer);
    check_peer(writer, reader);
    check_wakeup(ends[0], ends[1]);
    check_nobody_can_connect(reader);
    check_nobody_can_connect(writer);
    close_descriptor(ends[0]);
    close_descriptor(ends[1]);
}

static void check_sent_away(SOCKET stranger) {
    const DWORD millis = 20000;
    char byte;
    CHECK_EQUAL(setsockopt(stranger, SOL_SOCKET, SO_RCVTIMEO, (const char *)&millis, sizeof millis),
                0);
    int received = recv(stranger, &byte, 1, 0);
    CHECK(received == 0 || (received == SOCKET_ERROR && WSAGetLastError() != WSAETIMEDOUT));
    CHECK_EQUAL(closesocket(stranger), 0);
}

void pairs_with_no_stranger(void) {
    begin();
    system_connect = replace_import("connect", connect_after_strangers);
    check_pair();
    replace_import("connect", system_connect);
    for (int i = 0; i < STRANGERS; i++) {
        check_sent_away(strangers[i]);
    }
    end();
}

void pairs_though_strangers_hang_up(void) {
    begin();
    system_accept = replace_import("accept", accept_after_resets);
    resets = 3;
    check_pair();
    CHECK_EQUAL(resets, 0);
    replace_import("accept", system_accept);
    end();
}

static atomic_int stopped, intrusions;

/* Connects to whatever port is open, and stays a while. */
static DWORD WINAPI intrude(void *unused) {
    (void)unused;
    while (!stopped) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = (unsigned short)open_port};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        SOCKET stranger = address.sin_port == 0 ? INVALID_SOCKET : socket(AF_INET, SOCK_STREAM, 0);
        if (stranger != INVALID_SOCKET) {
            if (connect(stranger, (struct sockaddr *)&address, sizeof address) == 0) {
                send(stranger, "stranger", 8, 0);
                intrusions++;
            }
            closesocket(stranger);
        }
    }
    return 0;
}

void pairs_while_strangers_keep_trying(void) {
    HANDLE racers[RACERS];
    begin();
    for (int i = 0; i < RACERS; i++) {
        racers[i] = CreateThread(NULL, 0, intrude, NULL, 0, NULL);
        CHECK(racers[i] != NULL);
    }
    for (int i = 0; i < RACES || intrusions < RACES / 10; i++) {
        CHECK(i < 100 * RACES);
        check_pair();
        free_objects();
    }
    stopped = 1;
    CHECK_EQUAL(WaitForMultipleObjects(RACERS, racers, TRUE, 20000), WAIT_OBJECT_0);
    end();
}
