#include "sockets.h"

#include "imports.h"
#include "shims.h"

#include <mswsock.h>
#include <windows.h>

#define LONG_ENOUGH (20000 * MILLIS)

enum { URGENT = POLLRDBAND, NORMAL = POLLRDNORM, ROOMY = POLLWRNORM };

static struct sockaddr_in loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* Binds a socket to a port that the address then tells. */
static void bind_locally(SOCKET socket, struct sockaddr_in *address) {
    int size = sizeof *address;
    *address = loopback();
    CHECK_EQUAL(bind(socket, (struct sockaddr *)address, size), 0);
    CHECK_EQUAL(getsockname(socket, (struct sockaddr *)address, &size), 0);
}

/* What select reports of a socket that is asked for those sets, as three bits. */
static int selected(jint socket, int sets, jlong nanos) {
    int found = 0;
    watch_nothing();
    for (int set = READ; set <= EXCEPT; set++) {
        if ((sets & 1 << set) != 0) {
            watch(set, socket);
        }
    }
    const jint count = select_for(nanos);
    CHECK(count >= 0);
    for (int set = READ; set <= EXCEPT; set++) {
        found |= is_ready(set, socket) << set;
    }
    CHECK_EQUAL(count, __builtin_popcount((unsigned)found));
    return found;
}

enum { R = 1 << READ, W = 1 << WRITE, X = 1 << EXCEPT };

/* What WSAPoll reports of a socket that is asked for those events. */
static int polled(jint socket, int events, jint millis) {
    char pollfds[16] = "";
    put_pollfd(pollfds, 0, socket, events);
    const jint count = poll_for(pollfds, 1, millis);
    CHECK(count >= 0);
    CHECK_EQUAL(count, revents(pollfds, 0) != 0);
    return revents(pollfds, 0);
}

static void fill(jint socket) {
    static const char much[4096];
    while (send((SOCKET)socket, much, sizeof much, 0) > 0) {
    }
    CHECK_EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
}

static void send_urgently(jint socket) {
    CHECK_EQUAL(send((SOCKET)socket, "!", 1, MSG_OOB), 1);
}

static void close_both(const jint ends[2]) {
    close_descriptor(ends[0]);
    close_descriptor(ends[1]);
}

void select_reports_urgent_data(void) {
    jint ends[2];
    char byte;
    open_pipe(ends);
    CHECK_EQUAL(selected(ends[0], R | X, 0), 0);
    send_urgently(ends[1]);
    CHECK_EQUAL(selected(ends[0], X, LONG_ENOUGH), X);
    CHECK_EQUAL(selected(ends[0], R | W | X, 0), W | X);
    CHECK_EQUAL(selected(ends[0], R, 0), 0);
    CHECK_EQUAL(recv((SOCKET)ends[0], &byte, 1, MSG_OOB), 1);
    CHECK_EQUAL(selected(ends[0], R | X, 0), 0);
    close_both(ends);
}

/* A writer whose socket is full waits for room, and for what it has not asked for in vain. */
void select_waits_on_despite_urgent_data(void) {
    jint ends[2], others[2];
    open_pipe(ends);
    open_pipe(others);
    fill(ends[0]);
    send_urgently(ends[1]);
    CHECK_EQUAL(selected(ends[0], X, LONG_ENOUGH), X);
    CHECK_EQUAL(selected(ends[0], W | X, LONG_ENOUGH), X);
    watch_nothing();
    watch(WRITE, ends[0]);
    CHECK_TAKES(select_for(50 * MILLIS), 0, 50);
    CHECK_EQUAL(select_for(0), 0);
    watch(READ, others[0]);
    CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, others[1]), 8);
    CHECK_EQUAL(select_for(-1), 1);
    CHECK(is_ready(READ, others[0]) && !is_ready(WRITE, ends[0]));
    close_both(ends);
    close_both(others);
}

void poll_reports_urgent_data(void) {
    jint ends[2];
    char byte;
    open_pipe(ends);
    CHECK_EQUAL(poll_value("POLLPRI"), 0); /* WSAPoll would refuse it */
    CHECK_EQUAL(poll_value("priority data"), URGENT);
    CHECK_EQUAL(poll_value("normal data"), NORMAL);
    CHECK_EQUAL(poll_value("POLLIN"), NORMAL | URGENT);
    CHECK_EQUAL(polled(ends[0], NORMAL | URGENT, 0), 0);
    send_urgently(ends[1]);
    CHECK_EQUAL(polled(ends[0], URGENT, 20000), URGENT);
    CHECK_EQUAL(polled(ends[0], NORMAL | URGENT | ROOMY, 0), URGENT | ROOMY);
    CHECK_EQUAL(polled(ends[0], NORMAL, 0), 0);
    CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, ends[1]), 8);
    CHECK_EQUAL(polled(ends[0], NORMAL, 20000), NORMAL);
    CHECK_EQUAL(polled(ends[0], NORMAL | URGENT, 0), NORMAL | URGENT);
    CHECK_EQUAL(recv((SOCKET)ends[0], &byte, 1, MSG_OOB), 1);
    CHECK_EQUAL(polled(ends[0], NORMAL | URGENT, 0), NORMAL);
    close_both(ends);
}

void urgent_data_in_line_is_normal(void) {
    const BOOL in_line = TRUE;
    jint ends[2];
    open_pipe(ends);
    CHECK_EQUAL(setsockopt((SOCKET)ends[0], SOL_SOCKET, SO_OOBINLINE, (const char *)&in_line,
                           sizeof in_line),
                0);
    send_urgently(ends[1]);
    CHECK_EQUAL(selected(ends[0], R | X, LONG_ENOUGH), R);
    CHECK_EQUAL(polled(ends[0], NORMAL | URGENT, 20000), NORMAL);
    close_both(ends);
}

/* It shuts down its sending side: that is for who reads, and to poll a hang-up. */
void both_report_the_peers_end(void) {
    jint ends[2];
    char byte;
    open_pipe(ends);
    CHECK_EQUAL(shutdown((SOCKET)ends[1], SD_SEND), 0);
    CHECK_EQUAL(selected(ends[0], R, LONG_ENOUGH), R);
    CHECK_EQUAL(selected(ends[0], R | W | X, 0), R | W);
    CHECK(polled(ends[0], NORMAL, 20000) & (NORMAL | POLLHUP));
    CHECK_EQUAL(recv((SOCKET)ends[0], &byte, 1, 0), 0);
    CHECK_EQUAL(selected(ends[0], R, 0), R);
    fill(ends[0]);
    CHECK_EQUAL(selected(ends[0], R | W, 0), R);
    CHECK_EQUAL(polled(ends[0], ROOMY, 20000), POLLHUP); /* though there is no room */
    close_both(ends);
}

void both_report_a_reset(void) {
    const struct linger abort = {.l_onoff = 1};
    jint ends[2];
    open_pipe(ends);
    CHECK_EQUAL(
        setsockopt((SOCKET)ends[1], SOL_SOCKET, SO_LINGER, (const char *)&abort, sizeof abort), 0);
    close_descriptor(ends[1]);
    CHECK_EQUAL(selected(ends[0], R, LONG_ENOUGH), R);
    CHECK_EQUAL(selected(ends[0], X, 0), 0);
    CHECK(polled(ends[0], NORMAL, 20000) & (POLLERR | POLLHUP));
    close_descriptor(ends[0]);
}

void both_report_a_connection_to_accept(void) {
    struct sockaddr_in address;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    bind_locally(listener, &address);
    CHECK_EQUAL(listen(listener, 1), 0);
    CHECK_EQUAL(selected((jint)listener, R | W | X, 0), 0);
    CHECK_EQUAL(polled((jint)listener, NORMAL | URGENT | ROOMY, 0), 0);
    CHECK_EQUAL(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQUAL(selected((jint)listener, R | W | X, LONG_ENOUGH), R);
    CHECK_EQUAL(polled((jint)listener, NORMAL | URGENT | ROOMY, 20000), NORMAL);
    jint accepted = NATIVE(system_IoShim, accept)(env, NULL, (jint)listener);
    CHECK(accepted > 0);
    CHECK_EQUAL(selected((jint)listener, R | W | X, 0), 0);
    close_descriptor(accepted);
    close_descriptor((jint)client);
    close_descriptor((jint)listener);
}

void both_report_datagrams(void) {
    struct sockaddr_in address;
    char byte;
    SOCKET one = socket(AF_INET, SOCK_DGRAM, 0), other = socket(AF_INET, SOCK_DGRAM, 0);
    bind_locally(one, &address);
    CHECK_EQUAL(selected((jint)one, R | W | X, 0), W);
    CHECK_EQUAL(polled((jint)one, NORMAL | URGENT | ROOMY, 0), ROOMY);
    CHECK_EQUAL(sendto(other, "!", 1, 0, (struct sockaddr *)&address, sizeof address), 1);
    CHECK_EQUAL(selected((jint)one, R, LONG_ENOUGH), R);
    CHECK_EQUAL(polled((jint)one, NORMAL | URGENT, 20000), NORMAL);
    CHECK_EQUAL(recv(one, &byte, 1, 0), 1);
    CHECK_EQUAL(selected((jint)one, R, 0), 0);
    close_descriptor((jint)one);
    close_descriptor((jint)other);
}

/* A socket that has begun to connect to a port that nobody listens on. */
static jint connect_to_nobody(void) {
    struct sockaddr_in address;
    SOCKET reserved = socket(AF_INET, SOCK_STREAM, 0);
    bind_locally(reserved, &address);
    CHECK_EQUAL(closesocket(reserved), 0);
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    u_long non_blocking = 1;
    CHECK_EQUAL(ioctlsocket(client, FIONBIO, &non_blocking), 0);
    CHECK_EQUAL(connect(client, (struct sockaddr *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
    return (jint)client;
}

static jint connect_time(jint socket) {
    const jint option = (jint)NATIVE(system_IoShim, constant)(env, NULL, string("SO_CONNECT_TIME"));
    CHECK_EQUAL(option, SO_CONNECT_TIME);
    return NATIVE(system_IoShim, socketOption)(env, NULL, socket, option);
}

/* The time tells that its exception is no urgent data. */
void select_reports_a_refused_connection_as_writable(void) {
    jint client = connect_to_nobody(), ends[2];
    CHECK_EQUAL(selected(client, W, LONG_ENOUGH), W);
    CHECK_EQUAL(selected(client, W | X, LONG_ENOUGH), W | X);
    CHECK(connect_time(client) < 0);
    close_descriptor(client);
    open_pipe(ends);
    CHECK(connect_time(ends[0]) >= 0 && connect_time(ends[1]) >= 0);
    close_both(ends);
}

void poll_reports_a_refused_connection(void) {
    jint client = connect_to_nobody();
    CHECK(polled(client, ROOMY, 20000) & (POLLERR | POLLHUP));
    close_descriptor(client);
}

static __typeof__(&WSAPoll) system_WSAPoll;

/* As Microsoft has it in its documentation; wine says WSAENOTSOCK. */
static int WSAAPI refuse_all_closed(WSAPOLLFD *fds, ULONG count, int millis) {
    const int found = system_WSAPoll(fds, count, millis);
    if (found == SOCKET_ERROR && WSAGetLastError() == WSAENOTSOCK) {
        WSASetLastError(WSAEINVAL);
    }
    return found;
}

void poll_reports_sockets_of_which_none_is_open(void) {
    jint ends[2];
    open_pipe(ends);
    close_both(ends);
    for (int documented = 0; documented <= 1; documented++) {
        char pollfds[2 * 16] = "";
        put_pollfd(pollfds, 0, ends[0], NORMAL);
        put_pollfd(pollfds, 1, ends[1], ROOMY);
        if (documented) {
            system_WSAPoll = replace_import("WSAPoll", (void *)refuse_all_closed);
        }
        CHECK_EQUAL(poll_for(pollfds, 2, -1), 2);
        CHECK_EQUAL(revents(pollfds, 0), POLLNVAL);
        CHECK_EQUAL(revents(pollfds, 1), POLLNVAL);
    }
    replace_import("WSAPoll", (void *)system_WSAPoll);
}
