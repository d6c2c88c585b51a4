/* What is done to many kinds of object. */
#define _GNU_SOURCE
#include "kernel.h"

int object = -1, peer = -1;
static size_t filled;
static char buffer[65536];

void put_byte(void) {
    MUST(write(peer, "x", 1));
}

void put_five(void) {
    MUST(write(peer, "hello", 5));
}

void close_peer(void) {
    close(peer);
}

/* In small pieces, until it is not reported any more. */
void fill_while_writable(void) {
    while (poll(&(struct pollfd){.fd = object, .events = POLLOUT}, 1, 0) == 1)
        MUST(write(object, buffer, 1024));
}

void write_byte(void) {
    MUST(write(object, "x", 1));
}

/* Until not a byte more goes in, also when what is on its way has arrived. */
void fill(void) {
    MUST(fcntl(object, F_SETFL, O_NONBLOCK));
    do {
        for (size_t piece = sizeof buffer; piece > 0; piece /= 2)
            for (ssize_t count; (count = write(object, buffer, piece)) > 0;)
                filled += (size_t)count;
    } while (poll(&(struct pollfd){.fd = object, .events = POLLOUT}, 1, 20) == 1);
}

static void peer_reads(size_t bytes) {
    while (bytes > 0)
        bytes -= (size_t)MUST(read(peer, buffer, bytes < sizeof buffer ? bytes : sizeof buffer));
}

void peer_reads_byte(void) {
    peer_reads(1);
}

void peer_reads_page(void) {
    peer_reads((size_t)sysconf(_SC_PAGESIZE));
}

void peer_reads_half(void) {
    peer_reads(filled / 2);
}

void peer_reads_all(void) {
    peer_reads(filled);
}

void read_all(void) {
    while (MUST(read(object, buffer, sizeof buffer)) > 0)
        ;
}
