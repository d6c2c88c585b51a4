/* UDP, whose errors come back from others' machines. */
#define _GNU_SOURCE
#include "kernel.h"

#include <netinet/in.h>
#include <sys/socket.h>

static int fresh_socket(void) {
    return (int)MUST(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static void fresh(void) {
    object = fresh_socket();
}

static void connected(void) {
    bind_to_loopback(object = fresh_socket());
    MUST(connect_to_loopback(peer = fresh_socket()));
}

static void report_errors(void) {
    MUST(setsockopt(object, IPPROTO_IP, IP_RECVERR, &(int){1}, sizeof(int)));
}

/* Connected to a port that nobody has. */
static void to_nobody(void) {
    bind_to_loopback(peer = fresh_socket());
    close(peer);
    MUST(connect_to_loopback(object = fresh_socket()));
}

static void send_to_nobody(void) {
    write_byte();
    poll(&(struct pollfd){.fd = object}, 1, 1000); /* the answer's error */
}

/* ENOTCONN, and yet it has an effect. */
static void try_to_shut_reading(void) {
    shutdown(object, SHUT_RD);
}

#define UDP "UDP socket"

const struct row udp_rows[] = {
    {UDP, "fresh", {fresh}},
    {UDP, "a datagram to read", {connected, put_byte}},
    {UDP, "an empty datagram to read", {connected, put_empty}},
    {UDP, "connected, own `SHUT_RD`", {to_nobody, shut_reading}},
    {UDP, "connected, own `SHUT_RDWR`", {to_nobody, shut_both}},
    {UDP, "fresh, own `SHUT_RD` (refused: `ENOTCONN`)", {fresh, try_to_shut_reading}},
    {UDP, "connected, sent to a port that nobody has", {to_nobody, send_to_nobody}},
    {UDP, "the same, `SO_ERROR` was read", {to_nobody, send_to_nobody, take_error}},
    {UDP, "the same with `IP_RECVERR`", {to_nobody, report_errors, send_to_nobody}},
    {UDP,
     "the same with `IP_RECVERR`, `SO_ERROR` was read",
     {to_nobody, report_errors, send_to_nobody, take_error}},
    {0},
};
