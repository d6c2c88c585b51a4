/* The rules of /dev/poll, one function each, on the emulation and its two models. */
#define _GNU_SOURCE
#include "../check.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/devpoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM 16

static struct pollfd ready[ROOM];

static bool is_solaris(void) {
    const char *model = getenv("SELECTORS4J_DEVPOLL_MODEL");
    return model != NULL && strcmp(model, "solaris") == 0;
}

static int open_poll(void) {
    int fd = open("/dev/poll", O_RDWR | O_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

static void put(int poll, int fd, short events) {
    struct pollfd change = {.fd = fd, .events = events};
    CHECK(pwrite(poll, &change, sizeof change, 0) == sizeof change);
}

static int wait_ready(int poll, nfds_t room, int milliseconds) {
    struct dvpoll request = {.dp_fds = ready, .dp_nfds = room, .dp_timeout = milliseconds};
    return ioctl(poll, DP_POLL, &request);
}

/* The events that the set holds for fd, -1 if it holds none. */
static int interest(int poll, int fd) {
    struct pollfd query = {.fd = fd};
    return ioctl(poll, DP_ISPOLLED, &query) == 1 ? query.revents : -1;
}

static void open_pipe(int ends[2], bool readable) {
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    if (readable)
        CHECK(write(ends[1], "x", 1) == 1);
}

static void close_pipe(const int ends[2]) {
    close(ends[0]);
    close(ends[1]);
}

static void rule_1_independent_sets(void) {
    int first = open_poll(), second = open_poll(), ends[2];
    open_pipe(ends, true);
    put(first, ends[0], POLLIN);
    CHECK(wait_ready(first, ROOM, 0) == 1);
    CHECK(ready[0].fd == ends[0] && ready[0].events == POLLIN && ready[0].revents == POLLIN);
    CHECK(wait_ready(second, ROOM, 0) == 0);
    CHECK(interest(second, ends[0]) == -1);
    CHECK(fcntl(first, F_GETFD) == FD_CLOEXEC);
    int inherited = open("/dev/poll", O_RDWR), other = open("/dev/null", O_RDWR);
    CHECK(fcntl(inherited, F_GETFD) == 0);
    CHECK_ERROR(ioctl(first, 0xD0FF, ready), EINVAL);
    CHECK_ERROR(ioctl(other, DP_POLL, ready), ENOTTY);
    CHECK(DP_POLL == 0xD001 && DP_ISPOLLED == 0xD002 && POLLREMOVE == 0x0800);
    close(first);
    CHECK_ERROR(wait_ready(first, ROOM, 0), EBADF);
    close(second);
    close(inherited);
    close(other);
    close_pipe(ends);
}

static void rule_2_events_add_up(void) {
    int poll = open_poll(), ends[2];
    open_pipe(ends, false);
    put(poll, ends[1], POLLIN);
    put(poll, ends[1], POLLOUT);
    CHECK(interest(poll, ends[1]) == (POLLIN | POLLOUT));
    CHECK(wait_ready(poll, ROOM, 0) == 1 && ready[0].revents == POLLOUT);
    put(poll, ends[1], POLLREMOVE | POLLIN);
    CHECK(interest(poll, ends[1]) != -1);
    put(poll, ends[1], POLLREMOVE);
    CHECK(interest(poll, ends[1]) == -1);
    CHECK(wait_ready(poll, ROOM, 0) == 0);
    struct pollfd narrow[] = {{.fd = ends[1], .events = POLLOUT | POLLIN},
                              {.fd = ends[1], .events = POLLREMOVE},
                              {.fd = ends[1], .events = POLLIN}};
    CHECK(write(poll, narrow, sizeof narrow) == sizeof narrow);
    CHECK(interest(poll, ends[1]) == POLLIN);
    CHECK(wait_ready(poll, ROOM, 0) == 0);
    close(poll);
    close_pipe(ends);
}

static void rule_3_closed_when_written(void) {
    int poll = open_poll(), ends[2];
    open_pipe(ends, true);
    int number = fcntl(ends[0], F_DUPFD, 500);
    close(number);
    put(poll, -1, POLLIN);
    put(poll, INT32_MAX, POLLIN);
    put(poll, number, POLLREMOVE);
    put(poll, number, POLLOUT);
    CHECK(wait_ready(poll, ROOM, 0) == 0);
    CHECK(interest(poll, number) == -1 && interest(poll, -1) == -1);
    CHECK(dup2(ends[0], number) == number);
    CHECK(wait_ready(poll, ROOM, 0) == 0);
    put(poll, number, POLLREMOVE);
    put(poll, number, POLLIN);
    CHECK(interest(poll, number) == (is_solaris() ? POLLIN : POLLIN | POLLOUT));
    CHECK(wait_ready(poll, ROOM, 0) == 1 && ready[0].fd == number);
    close(number);
    close(poll);
    close_pipe(ends);
}

static void rule_4_closed_later(void) {
    int poll = open_poll(), ends[2];
    open_pipe(ends, true);
    int number = fcntl(ends[1], F_DUPFD, 500);
    put(poll, number, POLLIN);
    close(number);
    for (int i = 0; i < 2; i++)
        CHECK(wait_ready(poll, ROOM, -1) == 1 && ready[0].fd == number &&
              ready[0].revents == POLLNVAL);
    CHECK(dup2(ends[0], number) == number);
    CHECK(wait_ready(poll, ROOM, 0) == 1 && ready[0].revents == POLLIN);
    close(number);
    put(poll, number, POLLREMOVE);
    CHECK(wait_ready(poll, ROOM, 0) == 0);
    close(poll);
    close_pipe(ends);
}

static void rule_5_write(void) {
    int poll = open_poll(), ends[2];
    open_pipe(ends, true);
    struct pollfd changes[] = {{.fd = ends[0], .events = POLLIN},
                               {.fd = ends[1], .events = POLLOUT}};
    size_t cut = sizeof changes - 1;
    CHECK(write(poll, changes, cut) == (ssize_t)cut);
    CHECK(interest(poll, ends[0]) == POLLIN && interest(poll, ends[1]) == -1);
    CHECK(write(poll, changes, 0) == 0);
    struct rlimit limit, few;
    getrlimit(RLIMIT_NOFILE, &limit);
    few = limit;
    few.rlim_cur = (rlim_t)poll + 10;
    size_t most = few.rlim_cur;
    struct pollfd *many = calloc(most + 1, sizeof *many);
    for (size_t i = 0; i <= most; i++)
        many[i].fd = -1;
    setrlimit(RLIMIT_NOFILE, &few);
    CHECK(pwrite(poll, many, most * sizeof *many, 0) == (ssize_t)(most * sizeof *many));
    CHECK_ERROR(pwrite(poll, many, (most + 1) * sizeof *many, 0), EINVAL);
    setrlimit(RLIMIT_NOFILE, &limit);
    free(many);
    bool failed = false;
    for (int i = 0; i < 10000 && !failed; i++)
        failed = write(poll, changes, sizeof *changes) < 0;
    CHECK(failed == is_solaris());
    put(poll, ends[0], POLLIN);
    int unwritable = open("/dev/poll", O_RDONLY);
    CHECK_ERROR(write(unwritable, changes, sizeof *changes), EBADF);
    close(unwritable);
    close(poll);
    close_pipe(ends);
}

static void rule_6_room(void) {
    int poll = open_poll(), ends[2];
    open_pipe(ends, true);
    put(poll, ends[0], POLLIN);
    double start = seconds();
    CHECK(wait_ready(poll, 0, 50) == 0);
    CHECK(seconds() - start >= 0.05);
    CHECK(wait_ready(poll, 0, 0) == 0);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    CHECK(wait_ready(poll, limit.rlim_cur - 1, 0) == 1);
    if (is_solaris())
        CHECK_ERROR(wait_ready(poll, limit.rlim_cur, 0), EINVAL);
    else
        CHECK(wait_ready(poll, limit.rlim_cur * 3, 0) == 1);
    close(poll);
    close_pipe(ends);
}

struct poller {
    int poll;
    nfds_t room;
    int milliseconds;
    int result;
    int error;
    pthread_t thread;
};

static void *poll_thread(void *argument) {
    struct poller *poller = argument;
    poller->result = wait_ready(poller->poll, poller->room, poller->milliseconds);
    poller->error = errno;
    return NULL;
}

static void start_poll(struct poller *poller) {
    CHECK(pthread_create(&poller->thread, NULL, poll_thread, poller) == 0);
    await_asleep(SYS_ppoll);
}

struct writer {
    int poll;
    int fd;
    int error;
    atomic_bool done;
};

static void *write_thread(void *argument) {
    struct writer *writer = argument;
    struct pollfd change = {.fd = writer->fd, .events = POLLIN};
    bool written = pwrite(writer->poll, &change, sizeof change, 0) == sizeof change;
    writer->error = written ? 0 : errno;
    writer->done = true;
    return NULL;
}

static void rule_7_write_while_polling(void) {
    for (int round = 0; round < 20; round++) {
        int poll = open_poll(), old[2], new[2];
        open_pipe(old, false);
        open_pipe(new, true);
        put(poll, old[0], POLLIN);
        struct poller poller = {.poll = poll, .room = ROOM, .milliseconds = -1};
        struct writer writer = {.poll = poll, .fd = new[0]};
        pthread_t thread;
        start_poll(&poller);
        CHECK(pthread_create(&thread, NULL, write_thread, &writer) == 0);
        if (is_solaris()) {
            await_asleep(SYS_futex); /* the writer, kept waiting */
            CHECK(!writer.done);
            CHECK(write(old[1], "x", 1) == 1);
        }
        pthread_join(poller.thread, NULL);
        pthread_join(thread, NULL);
        CHECK(writer.error == 0);
        CHECK(poller.result == 1 && ready[0].fd == (is_solaris() ? old[0] : new[0]));
        CHECK(wait_ready(poll, ROOM, 0) == (is_solaris() ? 2 : 1));
        close(poll);
        close_pipe(old);
        close_pipe(new);
    }
    /* what only sleeps keeps no writer waiting */
    int poll = open_poll(), ends[2];
    open_pipe(ends, true);
    struct poller sleeper = {.poll = poll, .room = 0, .milliseconds = -1};
    start_poll(&sleeper);
    put(poll, ends[0], POLLIN);
    close(poll);
    pthread_join(sleeper.thread, NULL);
    CHECK(sleeper.result == -1 && sleeper.error == EBADF);
    close_pipe(ends);
}

static void ignore(int number) {
    (void)number;
}

static void rule_8_timeout_and_signals(void) {
    int poll = open_poll(), ends[2];
    open_pipe(ends, false);
    put(poll, ends[0], POLLIN);
    double start = seconds();
    CHECK(wait_ready(poll, ROOM, 1) == 0);
    CHECK(seconds() - start >= 0.01); /* a tick */
    start = seconds();
    CHECK(wait_ready(poll, ROOM, 30) == 0);
    CHECK(seconds() - start >= 0.03);
    struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    struct poller poller = {.poll = poll, .room = ROOM, .milliseconds = -7};
    start_poll(&poller);
    pthread_kill(poller.thread, SIGUSR1);
    pthread_join(poller.thread, NULL);
    CHECK(poller.result == -1 && poller.error == EINTR);
    start_poll(&poller);
    if (is_solaris()) { /* a writer that waits is interrupted, too, and has changed nothing */
        pthread_t thread;
        struct writer writer = {.poll = poll, .fd = ends[1]};
        CHECK(pthread_create(&thread, NULL, write_thread, &writer) == 0);
        await_asleep(SYS_futex);
        pthread_kill(thread, SIGUSR1);
        pthread_join(thread, NULL);
        CHECK(writer.error == EINTR);
    }
    close(poll);
    pthread_join(poller.thread, NULL);
    CHECK(poller.result == -1 && poller.error == EBADF);
    close_pipe(ends);
}

/* All that poll(2) reports comes through: urgent data, and the end of what a peer sends. */
static void check_rare_events(void) {
    int poll = open_poll(), listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    CHECK(listen(listener, 1) == 0);
    CHECK(connect(client, (struct sockaddr *)&address, sizeof address) == 0);
    int server = accept(listener, NULL, NULL);
    put(poll, server, POLLPRI);
    CHECK(write(client, "x", 1) == 1 && wait_ready(poll, ROOM, 0) == 0);
    CHECK(send(client, "!", 1, MSG_OOB) == 1);
    CHECK(wait_ready(poll, ROOM, -1) == 1 && ready[0].revents == POLLPRI);
    put(poll, server, POLLREMOVE);
    put(poll, server, POLLRDHUP);
    CHECK(wait_ready(poll, ROOM, 0) == 0);
    CHECK(shutdown(client, SHUT_WR) == 0);
    for (int i = 0; i < 2; i++) /* level-triggered */
        CHECK(wait_ready(poll, ROOM, -1) == 1 && ready[0].revents == POLLRDHUP);
    close(client);
    close(server);
    close(listener);
    close(poll);
}

static void rule_9_order(void) {
    int poll = open_poll(), ends[2], fds[5];
    check_rare_events();
    open_pipe(ends, true);
    for (int i = 4; i >= 0; i--) {
        fds[i] = fcntl(ends[0], F_DUPFD, 600 + 10 * i);
        put(poll, fds[i], POLLIN);
    }
    for (int i = 0; i < 2; i++) {
        CHECK(wait_ready(poll, ROOM, 0) == 5); /* level-triggered */
        for (int j = 0; j < 5; j++)
            CHECK(ready[j].fd == fds[j]);
    }
    for (int i = 0; i < 20; i += 2) {
        CHECK(wait_ready(poll, 2, 0) == 2);
        CHECK(ready[0].fd == fds[i % 5] && ready[1].fd == fds[(i + 1) % 5]);
    }
    bool seen[5] = {false};
    for (int i = 0; i < 5; i++) {
        CHECK(wait_ready(poll, 1, 0) == 1);
        for (int j = 0; j < 5; j++)
            seen[j] |= ready[0].fd == fds[j];
    }
    for (int j = 0; j < 5; j++)
        CHECK(seen[j]); /* none is starved */
    for (int i = 0; i < 5; i++)
        close(fds[i]);
    close(poll);
    close_pipe(ends);
}

static void rule_10_fork_and_nesting(void) {
    int poll = open_poll(), outer = open_poll(), ends[2];
    open_pipe(ends, true);
    put(poll, ends[0], POLLIN);
    pid_t child = fork();
    if (child == 0) {
        struct pollfd change = {.fd = ends[0], .events = POLLIN};
        bool refused = wait_ready(poll, ROOM, 0) == -1 && errno == EACCES;
        refused = refused && write(poll, &change, sizeof change) == -1 && errno == EACCES;
        _exit(refused ? 0 : 1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    put(outer, poll, POLLIN);
    CHECK(wait_ready(outer, ROOM, -1) == 1 && ready[0].revents == POLLERR);
    close(outer);
    close(poll);
    close_pipe(ends);
}

int main(int argc, char **argv) {
    void (*const tests[])(void) = {rule_1_independent_sets,
                                   rule_2_events_add_up,
                                   rule_3_closed_when_written,
                                   rule_4_closed_later,
                                   rule_5_write,
                                   rule_6_room,
                                   rule_7_write_while_polling,
                                   rule_8_timeout_and_signals,
                                   rule_9_order,
                                   rule_10_fork_and_nesting};
    return run_rules(argc, argv, tests, 10);
}
