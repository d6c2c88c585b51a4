/* The rules of kqueue, one function each, on the emulation and its four layouts. */
#define _GNU_SOURCE
#include "kqueue_test.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct kevent events[ROOM];
const struct timespec zero = {0, 0};

int open_queue(void) {
    int kq = kqueue();
    CHECK(kq >= 0);
    return kq;
}

struct kevent make_change(int fd, int filter, int flags) {
    struct kevent change;
    EV_SET(&change, fd, filter, flags, 0, 0, NULL);
    return change;
}

int change(int kq, int fd, int filter, int flags) {
    struct kevent one = make_change(fd, filter, flags);
    return kevent(kq, &one, 1, NULL, 0, NULL);
}

int poll_events(int kq, int room) {
    return kevent(kq, NULL, 0, events, room, &zero);
}

const struct kevent *only(int kq) {
    CHECK(poll_events(kq, ROOM) == 1);
    return events;
}

void open_pipe(int ends[2], bool readable) {
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    if (readable)
        CHECK(write(ends[WRITE_END], "abc", 3) == 3);
}

void open_pair(int ends[2]) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
}

void close_both(const int ends[2]) {
    close(ends[0]);
    close(ends[1]);
}

int listen_on_loopback(struct sockaddr_in *address) {
    socklen_t length = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(bind(fd, (struct sockaddr *)address, sizeof *address) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)address, &length) == 0);
    CHECK(listen(fd, 8) == 0);
    return fd;
}

void open_connection(int ends[2]) {
    struct sockaddr_in address;
    int listener = listen_on_loopback(&address);
    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(ends[0], (struct sockaddr *)&address, sizeof address) == 0);
    ends[1] = accept(listener, NULL, NULL);
    CHECK(ends[1] >= 0);
    close(listener);
}

static void *wait_thread(void *argument) {
    struct waiter *waiter = argument;
    waiter->result = kevent(waiter->kq, NULL, 0, &waiter->event, 1, NULL);
    waiter->error = errno;
    return NULL;
}

void start_wait(struct waiter *waiter) {
    CHECK(pthread_create(&waiter->thread, NULL, wait_thread, waiter) == 0);
    await_asleep(SYS_ppoll);
}

int main(int argc, char **argv) {
    void (*const tests[])(void) = {rule_1_layout,           rule_2_level_and_clear,
                                   rule_3_knotes_and_close, rule_4_errors_of_changes,
                                   rule_5_room_and_timeout, rule_6_sockets,
                                   rule_7_user_and_timer,   rule_8_devices,
                                   rule_9_inheritance,      rule_10_close_and_nesting};
    return run_rules(argc, argv, tests, 10);
}
