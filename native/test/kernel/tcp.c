/* TCP, from a fresh socket to a reset. */
#define _GNU_SOURCE
#include "kernel.h"

#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static int listener;
static int protocol = IPPROTO_TCP;

static int fresh_socket(void) {
    return (int)MUST(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, protocol));
}

static void fresh(void) {
    object = fresh_socket();
}

static void bound(void) {
    object = listener = fresh_socket();
    bind_to_loopback(object);
}

static void listening(void) {
    bound();
    MUST(listen(listener, 0));
}

static int connected_socket(void) {
    int client = fresh_socket();
    MUST(connect_to_loopback(client));
    return client;
}

static void connection_waits(void) {
    peer = connected_socket();
}

static void reset_peer(void) {
    struct linger at_once = {.l_onoff = 1};
    MUST(setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
    close(peer);
}

/* The queue of the listener is full, so that nobody answers. */
static void connecting(void) {
    listening();
    do {
        MUST(fcntl(object = fresh_socket(), F_SETFL, O_NONBLOCK));
        connect_to_loopback(object);
    } while (poll(&(struct pollfd){.fd = object, .events = POLLOUT}, 1, 100) == 1);
}

static void refused(void) {
    bind_to_loopback(fresh_socket());
    MUST(fcntl(object = fresh_socket(), F_SETFL, O_NONBLOCK));
    connect_to_loopback(object);
}

static void connected(void) {
    listening();
    object = connected_socket();
    peer = (int)MUST(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
}

static void connected_by_mptcp(void) {
    protocol = IPPROTO_MPTCP;
    connected();
}

static void take_urgent(void) {
    char byte;
    MUST(recv(object, &byte, 1, MSG_OOB));
}

static void urgent_inline(void) {
    MUST(setsockopt(object, SOL_SOCKET, SO_OOBINLINE, &(int){1}, sizeof(int)));
}

static void send_without_copy(void) {
    MUST(setsockopt(object, SOL_SOCKET, SO_ZEROCOPY, &(int){1}, sizeof(int)));
    MUST(send(object, "x", 1, MSG_ZEROCOPY));
}

static void send_with_time(void) {
    const int flags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    MUST(setsockopt(object, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags));
    MUST(write(object, "x", 1));
}

#define TCP "TCP socket"
#define MPTCP "MPTCP socket"

const struct row tcp_rows[] = {
    {TCP, "fresh", {fresh}},
    {TCP, "bound", {bound}},
    {TCP, "listening", {listening}},
    {TCP, "listening, a connection waits", {listening, connection_waits}},
    {TCP, "listening, one waited, and was reset", {listening, connection_waits, reset_peer}},
    {TCP, "listening, own `SHUT_RD`", {listening, shut_reading}},
    {TCP, "connecting, no answer yet", {connecting}},
    {TCP, "connection refused", {refused}},
    {TCP, "connection refused, `SO_ERROR` was read", {refused, take_error}},
    {TCP, "connected", {connected}},
    {TCP, "a byte to read", {connected, put_byte}},
    {TCP, "`SO_RCVLOWAT` 5, a byte to read", {connected, five_is_low_water, put_byte}},
    {TCP, "`SO_RCVLOWAT` 5, five bytes to read", {connected, five_is_low_water, put_five}},
    {TCP, "full", {connected, fill}},
    {TCP, "full, then a page was read", {connected, fill, peer_reads_page}},
    {TCP, "full, then all was read", {connected, fill, peer_reads_all}},
    {TCP, "an urgent byte", {connected, put_urgent}},
    {TCP, "an urgent byte, after a byte", {connected, put_byte, put_urgent}},
    {TCP, "an urgent byte, taken with `MSG_OOB`", {connected, put_urgent, take_urgent}},
    {TCP, "an urgent byte, `SO_OOBINLINE`", {connected, urgent_inline, put_urgent}},
    {TCP, "peer has shut down sending", {connected, peer_shuts_writing}},
    {TCP, "own `SHUT_RD`", {connected, shut_reading}},
    {TCP, "own `SHUT_WR`", {connected, shut_writing}},
    {TCP, "both have shut down sending", {connected, peer_shuts_writing, shut_writing}},
    {TCP, "peer has closed", {connected, close_peer}},
    {TCP, "peer has closed, and a byte was written", {connected, close_peer, write_byte}},
    {TCP, "peer has reset", {connected, reset_peer}},
    {TCP, "peer has reset, `SO_ERROR` was read", {connected, reset_peer, take_error}},
    {TCP, "`SO_ZEROCOPY`, a byte was sent", {connected, send_without_copy}},
    {TCP, "`SO_TIMESTAMPING`, a byte was sent", {connected, send_with_time}},
    {MPTCP, "an urgent byte", {connected_by_mptcp, put_urgent}},
    {MPTCP,
     "peer has closed, and a byte was written",
     {connected_by_mptcp, close_peer, write_byte}},
    {0},
};
