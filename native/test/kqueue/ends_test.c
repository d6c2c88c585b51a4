/* Sockets and pipes: what is ready, how much there is, and their ends. */
#define _GNU_SOURCE
#include "kqueue_test.h"

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

/* A READ that is added, or added again, with a low-water mark or, for 0, without one. */
static void mark(int kq, int fd, int64_t least) {
    struct kevent one = make_change(fd, EVFILT_READ, EV_ADD);
    one.fflags = least > 0 ? NOTE_LOWAT : 0;
    one.data = least;
    CHECK(kevent(kq, &one, 1, NULL, 0, NULL) == 0);
}

/* Fewer bytes than the mark are no event; the end and an error are one whatever there is. */
static void check_low_water_marks(int ends[2]) {
    int kq = open_queue();
    CHECK(write(ends[1], "abc", 3) == 3);
    mark(kq, ends[0], INT_MAX);
    CHECK(poll_events(kq, ROOM) == 0);
    mark(kq, ends[0], 0);
    CHECK(only(kq)->data == 3 && !(events[0].flags & EV_EOF));
    mark(kq, ends[0], 4);
    CHECK(poll_events(kq, ROOM) == 0 && poll_events(kq, ROOM) == 0);
    mark(kq, ends[0], 3);
    CHECK(only(kq)->data == 3);
    mark(kq, ends[0], 4);
    CHECK(write(ends[1], "d", 1) == 1);
    CHECK(only(kq)->data == 4 && only(kq)->data == 4);
    mark(kq, ends[0], INT_MAX);
    CHECK(poll_events(kq, ROOM) == 0);
    close(ends[1]);
    CHECK(kevent(kq, NULL, 0, events, ROOM, NULL) == 1 && (events[0].flags & EV_EOF));
    CHECK(only(kq)->data == 4 && (events[0].flags & EV_EOF));
    close(ends[0]);
    close(kq);
}

static void check_the_mark_of_an_error(void) {
    int kq = open_queue(), receiver = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    CHECK(bind(receiver, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(receiver, (struct sockaddr *)&address, &length) == 0);
    CHECK(connect(sender, (struct sockaddr *)&address, sizeof address) == 0);
    close(receiver);
    mark(kq, sender, INT_MAX);
    CHECK(poll_events(kq, ROOM) == 0);
    CHECK(write(sender, "x", 1) == 1);
    CHECK(kevent(kq, NULL, 0, events, ROOM, NULL) == 1 && events[0].data == 0);
    close(sender);
    close(kq);
}

/* READ on a pipe's write end: never anything to read, and its end is the reader's. */
static void check_reading_from_a_write_end(void) {
    int kq = open_queue(), ends[2];
    open_pipe(ends, true);
    CHECK(change(kq, ends[WRITE_END], EVFILT_READ, EV_ADD) == 0);
    CHECK(poll_events(kq, ROOM) == 0);
    close(ends[READ_END]);
    CHECK((only(kq)->flags & EV_EOF) && events[0].data == 0 && events[0].filter == EVFILT_READ);
    mark(kq, ends[WRITE_END], INT_MAX);
    CHECK(only(kq)->flags & EV_EOF);
    close(ends[WRITE_END]);
    close(kq);
}

/* A full pipe whose reader leaves: NetBSD's filter counts room, and there is none. */
static void check_a_full_pipe(void) {
    int kq = open_queue(), ends[2];
    open_pipe(ends, false);
    CHECK(fcntl(ends[WRITE_END], F_SETFL, O_NONBLOCK) == 0);
    for (char page[4096] = {0}; write(ends[WRITE_END], page, sizeof page) > 0;)
        ;
    CHECK(change(kq, ends[WRITE_END], EVFILT_WRITE, EV_ADD) == 0 && poll_events(kq, ROOM) == 0);
    close(ends[READ_END]);
#ifdef KQUEUE_NETBSD
    CHECK(poll_events(kq, ROOM) == 0);
#else
    CHECK(only(kq)->flags & EV_EOF);
#endif
    close(ends[WRITE_END]);
    close(kq);
}

/* A datagram socket whose peer closes: nothing, on any side. */
static void check_a_datagram_socket_without_a_peer(void) {
    int kq = open_queue(), ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) == 0);
    CHECK(change(kq, ends[0], EVFILT_READ, EV_ADD) == 0);
    close(ends[1]);
    CHECK(poll_events(kq, ROOM) == 0);
    close(ends[0]);
    close(kq);
}

/* Darwin takes a pipe without a reader, and has it ready, at its end. */
static void check_writing_without_a_reader(void) {
    int kq = open_queue(), ends[2];
    open_pipe(ends, false);
    close(ends[READ_END]);
#ifdef KQUEUE_NETBSD
    CHECK_ERROR(change(kq, ends[WRITE_END], EVFILT_WRITE, EV_ADD), EBADF);
#else
    CHECK_ERROR(change(kq, ends[WRITE_END], EVFILT_WRITE, EV_ADD), EPIPE);
#endif
    setenv("SELECTORS4J_KQUEUE_MODEL", "macos", 1);
    CHECK(change(kq, ends[WRITE_END], EVFILT_WRITE, EV_ADD) == 0);
    unsetenv("SELECTORS4J_KQUEUE_MODEL");
    CHECK((only(kq)->flags & EV_EOF) && events[0].filter == EVFILT_WRITE);
    close(ends[WRITE_END]);
    close(kq);
}

/* A pair of sockets of which one was closed is ready on both sides, and for good. */
static void check_a_pair_without_a_peer(void) {
    int kq = open_queue(), ends[2];
    open_pair(ends);
    close(ends[1]);
    CHECK(change(kq, ends[0], EVFILT_WRITE, EV_ADD) == 0);
    CHECK(only(kq)->flags & EV_EOF);
    CHECK(change(kq, ends[0], EVFILT_READ, EV_ADD) == 0);
    CHECK(poll_events(kq, ROOM) == 2 && poll_events(kq, ROOM) == 2);
    close(ends[0]);
    close(kq);
}

/* EVFILT_EXCEPT with NOTE_OOB: TCP's urgent byte, which sockets alone can have. */
static void check_urgent_data(void) {
#ifdef KQUEUE_OPENBSD
    int kq = open_queue(), ends[2], pipe[2];
    struct kevent urgent;
    open_connection(ends);
    EV_SET(&urgent, ends[0], EVFILT_EXCEPT, EV_ADD, NOTE_OOB, 0, NULL);
    CHECK(kevent(kq, &urgent, 1, NULL, 0, NULL) == 0);
    CHECK(write(ends[1], "ab", 2) == 2);
    CHECK(poll_events(kq, ROOM) == 0);
    CHECK(send(ends[1], "!", 1, MSG_OOB) == 1);
    CHECK(kevent(kq, NULL, 0, events, ROOM, NULL) == 1 && events[0].filter == EVFILT_EXCEPT);
    CHECK(events[0].fflags == NOTE_OOB && !(events[0].flags & EV_EOF));
    CHECK(change(kq, ends[0], EVFILT_READ, EV_ADD) == 0);
    CHECK(change(kq, ends[0], EVFILT_WRITE, EV_ADD) == 0);
    CHECK(poll_events(kq, ROOM) == 3);
    unsigned seen = 0;
    for (int i = 0; i < 3; i++) { /* none is starved when there is room for one */
        CHECK(poll_events(kq, 1) == 1);
        seen |= 1U << -events[0].filter;
    }
    CHECK(seen == (1U << 1 | 1U << 2 | 1U << 9));
    CHECK(change(kq, ends[0], EVFILT_EXCEPT, EV_ENABLE) == 0);
    CHECK(change(kq, ends[0], EVFILT_EXCEPT, EV_DELETE) == 0);
    CHECK_ERROR(change(kq, ends[0], EVFILT_EXCEPT, EV_ENABLE), ENOENT);
    CHECK(poll_events(kq, ROOM) == 2);
    /* without NOTE_OOB it asks for nothing */
    CHECK(change(kq, ends[0], EVFILT_EXCEPT, EV_ADD) == 0 && poll_events(kq, ROOM) == 2);
    open_pipe(pipe, true);
    CHECK_ERROR(change(kq, pipe[READ_END], EVFILT_EXCEPT, EV_ADD), EINVAL);
    close_both(pipe);
    close_both(ends);
    close(kq);
#else
    int kq = open_queue(), ends[2];
    open_connection(ends);
    CHECK_ERROR(change(kq, ends[0], -9, EV_ADD), EINVAL); /* OpenBSD's number for it */
    close_both(ends);
    close(kq);
#endif
}

static void check_ends(void) {
    int ends[2];
    open_connection(ends);
    check_low_water_marks(ends);
    open_pair(ends);
    check_low_water_marks(ends);
    open_pipe(ends, false);
    check_low_water_marks(ends);
    check_the_mark_of_an_error();
    check_reading_from_a_write_end();
    check_a_full_pipe();
    check_a_datagram_socket_without_a_peer();
    check_writing_without_a_reader();
    check_a_pair_without_a_peer();
    check_urgent_data();
}

void rule_6_sockets(void) {
    int kq = open_queue(), ends[2];
    check_ends();
    struct sockaddr_in address;
    /* half-close of the peer: READ ends, WRITE does not */
    open_connection(ends);
    CHECK(write(ends[1], "abc", 3) == 3 && shutdown(ends[1], SHUT_WR) == 0);
    CHECK(change(kq, ends[0], EVFILT_READ, EV_ADD) == 0);
    do
        CHECK(kevent(kq, NULL, 0, events, ROOM, NULL) == 1 && events[0].data == 3);
    while (!(events[0].flags & EV_EOF));
    CHECK(events[0].fflags == 0);
    CHECK(change(kq, ends[0], EVFILT_READ, EV_DELETE) == 0);
    CHECK(change(kq, ends[0], EVFILT_WRITE, EV_ADD) == 0);
    CHECK(!(only(kq)->flags & EV_EOF) && events[0].data > 1000);
    /* one's own half-close ends WRITE */
    CHECK(shutdown(ends[0], SHUT_WR) == 0);
    CHECK(only(kq)->flags & EV_EOF);
    /* what has ended on both sides before it is watched is not taken for never connected */
    CHECK(change(kq, ends[0], EVFILT_WRITE, EV_DELETE) == 0);
    CHECK(change(kq, ends[0], EVFILT_WRITE, EV_ADD) == 0);
    CHECK(only(kq)->flags & EV_EOF);
    close_both(ends);
    /* a reset, with its errno, which the program still finds */
    open_connection(ends);
    CHECK(change(kq, ends[0], EVFILT_READ, EV_ADD) == 0);
    struct linger reset = {.l_onoff = 1};
    setsockopt(ends[1], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(ends[1]);
    CHECK(kevent(kq, NULL, 0, events, ROOM, NULL) == 1);
    CHECK((events[0].flags & EV_EOF) && events[0].fflags == ECONNRESET);
    char byte;
    CHECK_ERROR(read(ends[0], &byte, 1), ECONNRESET);
    close(ends[0]);
    /* a refused connection, on both sides; before connect it is neither readable nor writable */
    int listener = listen_on_loopback(&address);
    close(listener);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
    socklen_t length = sizeof error;
    CHECK(change(kq, client, EVFILT_READ, EV_ADD) == 0);
    CHECK(change(kq, client, EVFILT_WRITE, EV_ADD) == 0);
    CHECK(poll_events(kq, ROOM) == 0 && poll_events(kq, ROOM) == 0);
    CHECK_ERROR(connect(client, (struct sockaddr *)&address, sizeof address), EINPROGRESS);
    CHECK(kevent(kq, NULL, 0, events, ROOM, NULL) == 2);
    for (int i = 0; i < 2; i++)
        CHECK((events[i].flags & EV_EOF) && events[i].fflags == ECONNREFUSED);
    CHECK(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &length) == 0);
    CHECK(error == ECONNREFUSED);
    close(client);
    /* a listener's backlog */
    listener = listen_on_loopback(&address);
    CHECK(change(kq, listener, EVFILT_READ, EV_ADD) == 0 && poll_events(kq, ROOM) == 0);
    int clients[2];
    for (int i = 0; i < 2; i++) {
        clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(connect(clients[i], (struct sockaddr *)&address, sizeof address) == 0);
    }
    CHECK(only(kq)->data == 2 && events[0].filter == EVFILT_READ);
    close_both(clients);
    close(listener);
    /* pipes: the writer leaves, the reader leaves, nobody is left to read */
    open_pipe(ends, true);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD) == 0);
    close(ends[WRITE_END]);
    CHECK((only(kq)->flags & EV_EOF) && events[0].data == 3);
    close(ends[READ_END]);
    open_pipe(ends, false);
    CHECK(change(kq, ends[WRITE_END], EVFILT_WRITE, EV_ADD) == 0);
    CHECK(!(only(kq)->flags & EV_EOF) && events[0].data >= 512);
    close(ends[READ_END]);
    CHECK(only(kq)->flags & EV_EOF);
    close(ends[WRITE_END]);
    close(kq);
}
