/* UNIX sockets: streams, datagrams, sequenced packets. */
#define _GNU_SOURCE
#include "kernel.h"

#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_un address = {.sun_family = AF_UNIX};

static int fresh(int type) {
    return (int)MUST(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
}

static void pair(int type) {
    int ends[2];
    MUST(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
    object = ends[0];
    peer = ends[1];
}

/* An address that the kernel chooses, and no file. */
static void bind_to_any(int socket) {
    socklen_t size = sizeof address;
    MUST(bind(socket, (struct sockaddr *)&address, sizeof(sa_family_t)));
    MUST(getsockname(socket, (struct sockaddr *)&address, &size));
}

static void listen_for(int type) {
    object = fresh(type);
    bind_to_any(object);
    MUST(listen(object, 8));
}

static void connect_to(int socket) {
    MUST(connect(socket, (struct sockaddr *)&address, sizeof(sa_family_t) + 6));
}

static void stream_fresh(void) {
    object = fresh(SOCK_STREAM);
}

static void stream_listening(void) {
    listen_for(SOCK_STREAM);
}

static void stream_connection(void) {
    connect_to(peer = fresh(SOCK_STREAM));
}

static void stream(void) {
    pair(SOCK_STREAM);
}

static void datagram_fresh(void) {
    object = fresh(SOCK_DGRAM);
}

static void datagram(void) {
    pair(SOCK_DGRAM);
}

static void fill_target(void) {
    bind_to_any(peer = fresh(SOCK_DGRAM));
    int other = fresh(SOCK_DGRAM);
    connect_to(other);
    while (send(other, "x", 1, MSG_DONTWAIT) == 1)
        ;
}

static void packet_fresh(void) {
    object = fresh(SOCK_SEQPACKET);
}

static void packet_listening(void) {
    listen_for(SOCK_SEQPACKET);
}

static void packet(void) {
    pair(SOCK_SEQPACKET);
}

#define STREAM "UNIX stream socket"
#define DATAGRAM "UNIX datagram socket"
#define PACKET "UNIX seqpacket socket"

const struct row unix_rows[] = {
    {STREAM, "fresh", {stream_fresh}},
    {STREAM, "listening", {stream_listening}},
    {STREAM, "listening, a connection waits", {stream_listening, stream_connection}},
    {STREAM, "connected", {stream}},
    {STREAM, "a byte to read", {stream, put_byte}},
    {STREAM, "`SO_RCVLOWAT` 5, a byte to read", {stream, five_is_low_water, put_byte}},
    {STREAM, "no longer writable, and a byte went in", {stream, fill_while_writable, write_byte}},
    {STREAM, "full", {stream, fill}},
    {STREAM, "full, then half was read", {stream, fill, peer_reads_half}},
    {STREAM, "full, then all was read", {stream, fill, peer_reads_all}},
    {STREAM, "an out-of-band byte", {stream, put_urgent}},
    {STREAM, "an out-of-band byte, after a `recv`", {stream, put_urgent, receive_nothing}},
    {STREAM, "peer has shut down sending", {stream, peer_shuts_writing}},
    {STREAM, "peer has closed", {stream, close_peer}},
    {STREAM, "peer has closed, bytes to it unread", {stream, write_byte, close_peer}},
    {STREAM, "own `SHUT_RD`", {stream, shut_reading}},
    {STREAM, "own `SHUT_WR`", {stream, shut_writing}},
    {STREAM, "own `SHUT_RDWR`", {stream, shut_both}},
    {DATAGRAM, "fresh", {datagram_fresh}},
    {DATAGRAM, "fresh, the queue of the one to send to is full", {datagram_fresh, fill_target}},
    {DATAGRAM, "connected", {datagram}},
    {DATAGRAM, "a datagram to read", {datagram, put_byte}},
    {DATAGRAM, "an empty datagram to read", {datagram, put_empty}},
    {DATAGRAM, "connected, peer's queue is full", {datagram, fill}},
    {DATAGRAM, "peer's queue is full, then it closes", {datagram, fill}, {close_peer}},
    {DATAGRAM, "own `SHUT_RD`", {datagram, shut_reading}},
    {DATAGRAM, "peer has closed", {datagram, close_peer}},
    {PACKET, "fresh", {packet_fresh}},
    {PACKET, "listening", {packet_listening}},
    {PACKET, "connected", {packet}},
    {PACKET, "peer has closed", {packet, close_peer}},
    {0},
};
