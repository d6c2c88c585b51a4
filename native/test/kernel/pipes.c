/* Pipes, whose room is counted in pages, and FIFOs. */
#define _GNU_SOURCE
#include "kernel.h"

#include <stdio.h>
#include <sys/stat.h>

enum { PAGES = 16 };

static void open_pipe(int which) {
    int ends[2];
    MUST(pipe2(ends, O_CLOEXEC));
    MUST(fcntl(ends[1], F_SETPIPE_SZ, PAGES * sysconf(_SC_PAGESIZE)));
    object = ends[which];
    peer = ends[1 - which];
}

static void read_end(void) {
    open_pipe(0);
}

static void write_end(void) {
    open_pipe(1);
}

static void use_pages(void) {
    static char bytes[1 << 20];
    MUST(write(object, bytes, (size_t)((PAGES - 1) * sysconf(_SC_PAGESIZE))));
}

static void open_fifo(int flags, int writers) {
    char name[64];
    snprintf(name, sizeof name, "/tmp/selectors4j-fifo-%d", (int)getpid());
    MUST(mkfifo(name, 0600));
    object = open(name, flags | O_NONBLOCK | O_CLOEXEC);
    if (writers > 0)
        peer = open(name, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    unlink(name);
    MUST(object);
}

static void fifo_to_read(void) {
    open_fifo(O_RDONLY, 0);
}

static void fifo_with_writer(void) {
    open_fifo(O_RDONLY, 1);
}

static void fifo_for_both(void) {
    open_fifo(O_RDWR, 1);
}

const struct row pipe_rows[] = {
    {"pipe, read end", "empty", {read_end}},
    {"pipe, read end", "a byte in it", {read_end, put_byte}},
    {"pipe, read end", "its writer is gone, a byte is left", {read_end, put_byte, close_peer}},
    {"pipe, read end", "its writer is gone", {read_end, close_peer}},
    {"pipe, read end", "its writer is gone", {read_end, close_peer}, .asked = POLLOUT},
    {"pipe, write end", "empty", {write_end}},
    {"pipe, write end", "15 of 16 pages in use", {write_end, use_pages}},
    {"pipe, write end", "15 of 16 pages and a byte in use", {write_end, use_pages, write_byte}},
    {"pipe, write end", "full", {write_end, fill}},
    {"pipe, write end", "full, then a byte was read", {write_end, fill, peer_reads_byte}},
    {"pipe, write end", "full, then a page was read", {write_end, fill, peer_reads_page}},
    {"pipe, write end", "full, its reader is gone", {write_end, fill, close_peer}},
    {"pipe, write end", "its reader is gone", {write_end, close_peer}},
    {"pipe, write end", "its reader is gone", {write_end, close_peer}, .asked = POLLIN},
    {"FIFO, opened to read", "no writer has come yet", {fifo_to_read}},
    {"FIFO, opened to read", "its writer is gone", {fifo_with_writer, close_peer}},
    {"FIFO, opened for both", "empty", {fifo_for_both}},
    {"FIFO, opened for both", "a byte in it", {fifo_for_both, put_byte}},
    {0},
};
