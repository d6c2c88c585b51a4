/* Filters for no descriptors, devices, and queues themselves. */
#define _GNU_SOURCE
#include "kqueue_test.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int signal_change(int kq, int filter, int flags, unsigned fflags, int64_t data) {
    struct kevent one;
    EV_SET(&one, 42, filter, flags, fflags, data, NULL);
    return kevent(kq, &one, 1, NULL, 0, NULL);
}

void rule_7_user_and_timer(void) {
    int kq = open_queue();
    setenv("SELECTORS4J_KQUEUE_MODEL", "nouser", 1);
    CHECK_ERROR(signal_change(kq, EVFILT_USER, EV_ADD, 0, 0), EINVAL);
    unsetenv("SELECTORS4J_KQUEUE_MODEL");
    CHECK(signal_change(kq, EVFILT_USER, EV_ADD | EV_CLEAR, NOTE_FFCOPY | 6, 0) == 0);
    CHECK(poll_events(kq, ROOM) == 0);
    struct waiter waiter = {.kq = kq};
    start_wait(&waiter);
    CHECK(signal_change(kq, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFOR | 1, 5) == 0);
    pthread_join(waiter.thread, NULL);
    CHECK(waiter.result == 1 && waiter.event.ident == 42 && waiter.event.filter == EVFILT_USER);
    CHECK(waiter.event.fflags == 7 && waiter.event.data == 5);
    CHECK(poll_events(kq, ROOM) == 0);
    CHECK(signal_change(kq, EVFILT_USER, EV_DELETE, 0, 0) == 0);
    CHECK_ERROR(signal_change(kq, EVFILT_USER, EV_DELETE, 0, 0), ENOENT);
    CHECK(signal_change(kq, EVFILT_USER, EV_ADD, NOTE_TRIGGER, 0) == 0);
    CHECK(only(kq)->ident == 42 && only(kq)->ident == 42); /* stays triggered */
    CHECK(signal_change(kq, EVFILT_USER, EV_DELETE, 0, 0) == 0);
    double start = seconds();
    CHECK(signal_change(kq, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, 20) == 0);
    CHECK(kevent(kq, NULL, 0, events, ROOM, NULL) == 1 && events[0].data == 1);
#ifdef KQUEUE_NETBSD
    CHECK(seconds() - start >= 0.01); /* up to a tick early */
    CHECK(signal_change(kq, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, 10) == 0);
    CHECK(poll_events(kq, ROOM) == 1 && events[0].data == 1);
    CHECK_ERROR(signal_change(kq, EVFILT_TIMER, EV_ADD, 0, 0), EINVAL);
#else
    CHECK(seconds() - start >= 0.02);
#endif
    CHECK_ERROR(signal_change(kq, EVFILT_TIMER, EV_DELETE, 0, 0), ENOENT);
    CHECK(signal_change(kq, EVFILT_TIMER, EV_ADD, 0, 5) == 0);
    for (int64_t times = 0; times < 3; times += events[0].data)
        CHECK(kevent(kq, NULL, 0, events, ROOM, NULL) == 1 && events[0].data >= 1);
    CHECK(signal_change(kq, EVFILT_TIMER, EV_DELETE, 0, 0) == 0);
#ifdef KQUEUE_NETBSD_OF_OLD
    CHECK(signal_change(kq, EVFILT_TIMER, EV_ADD, 0, -1) == 0);
    CHECK(signal_change(kq, EVFILT_TIMER, EV_DELETE, 0, 0) == 0);
#else
    CHECK_ERROR(signal_change(kq, EVFILT_TIMER, EV_ADD, 0, -1), EINVAL);
#endif
    close(kq);
}

/* A terminal of whose two sides one is not open: to NetBSD's filters that is no event. */
static void check_terminals(void) {
    int kq = open_queue(), unlocked = 0;
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(change(kq, master, EVFILT_WRITE, EV_ADD) == 0);
#ifdef KQUEUE_NETBSD
    CHECK(poll_events(kq, ROOM) == 0);
#else
    CHECK(only(kq)->ident == (uintptr_t)master);
#endif
    CHECK(ioctl(master, TIOCSPTLCK, &unlocked) == 0);
    int terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(terminal >= 0);
    CHECK(change(kq, terminal, EVFILT_READ, EV_ADD) == 0);
    CHECK(only(kq)->ident == (uintptr_t)master);
    close(master);
#ifdef KQUEUE_NETBSD
    CHECK(poll_events(kq, ROOM) == 0);
#else
    CHECK(only(kq)->ident == (uintptr_t)terminal && (events[0].flags & EV_EOF));
#endif
    close(terminal);
    close(kq);
}

/* Darwin watches a device for who does not ask how much there is; what nobody can watch, none does.
 */
static void check_refused_devices(int kq, int device) {
    struct kevent least = make_change(device, EVFILT_READ, EV_ADD);
    least.fflags = NOTE_LOWAT;
    least.data = 1;
    setenv("SELECTORS4J_KQUEUE_MODEL", "macos", 1);
    CHECK_ERROR(change(kq, device, EVFILT_READ, EV_ADD), EINVAL);
    least.data = 2;
    CHECK_ERROR(kevent(kq, &least, 1, NULL, 0, NULL), EINVAL);
    least.data = 1;
    CHECK(kevent(kq, &least, 1, NULL, 0, NULL) == 0 && only(kq)->ident == (uintptr_t)device);
    CHECK(change(kq, device, EVFILT_READ, EV_DELETE) == 0);
    setenv("SELECTORS4J_KQUEUE_MODEL", "devices", 1);
    CHECK_ERROR(change(kq, device, EVFILT_READ, EV_ADD), EINVAL);
    CHECK_ERROR(kevent(kq, &least, 1, NULL, 0, NULL), EINVAL);
    unsetenv("SELECTORS4J_KQUEUE_MODEL");
}

void rule_8_devices(void) {
    int kq = open_queue(), null = open("/dev/null", O_RDWR | O_CLOEXEC);
    check_terminals();
    check_refused_devices(kq, null);
    int random = open("/dev/random", O_RDONLY | O_CLOEXEC);
#ifdef KQUEUE_NETBSD
    CHECK_ERROR(change(kq, random, EVFILT_READ, EV_ADD), EOPNOTSUPP);
#else
    CHECK(change(kq, random, EVFILT_READ, EV_ADD) == 0);
#endif
    close(random);
    CHECK(change(kq, null, EVFILT_READ, EV_ADD) == 0 && only(kq)->ident == (uintptr_t)null);
    struct kevent mark = make_change(null, EVFILT_READ, EV_ADD);
    mark.fflags = NOTE_LOWAT;
    mark.data = 1;
    CHECK(kevent(kq, &mark, 1, events, ROOM, &zero) == 1); /* no mark holds it back */
    CHECK(change(kq, null, EVFILT_READ, EV_DELETE) == 0);
    close(null);
    close(kq);
}

void rule_9_inheritance(void) {
    int kq = open_queue(), status;
    CHECK(fcntl(kq, F_GETFD) == 0); /* close-on-exec is the caller's business */
    pid_t child = fork();
    if (child == 0)
        _exit(poll_events(kq, ROOM) == -1 && errno == EBADF && fcntl(kq, F_GETFD) == -1 ? 0 : 1);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(poll_events(kq, ROOM) == 0);
    close(kq);
#ifdef KQUEUE_NETBSD
    kq = kqueue1(O_CLOEXEC);
    CHECK(fcntl(kq, F_GETFD) == FD_CLOEXEC);
    close(kq);
    CHECK_ERROR(kqueue1(1 << 30), EINVAL);
#endif
}

static void *close_thread(void *kq) {
    close(*(int *)kq);
    return NULL;
}

/* On NetBSD an event that was handed out is in line again, gone or not, until somebody looks. */
static void check_polling_after_an_event(int kq, const int ends[2]) {
    struct pollfd poller = {.fd = kq, .events = POLLIN};
    char byte;
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD) == 0 && poll(&poller, 1, 0) == 0);
    CHECK(write(ends[WRITE_END], "x", 1) == 1 && only(kq)->data == 1);
    CHECK(read(ends[READ_END], &byte, 1) == 1);
#ifdef KQUEUE_NETBSD
    CHECK(poll(&poller, 1, 0) == 1 && poll_events(kq, ROOM) == 0);
#endif
    CHECK(poll(&poller, 1, 0) == 0);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE) == 0);
}

void rule_10_close_and_nesting(void) {
    int ends[2], inner, outer;
    open_pipe(ends, false);
    for (int round = 0; round < 20; round++) {
        int kq = open_queue();
        struct waiter waiter = {.kq = kq};
        pthread_t closer;
        CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD) == 0);
        start_wait(&waiter);
        CHECK(pthread_create(&closer, NULL, close_thread, &kq) == 0);
#ifdef KQUEUE_NETBSD_OF_OLD
        await_asleep(SYS_futex); /* the closer waits for the waiter, and the number is free */
        CHECK_ERROR(fcntl(kq, F_GETFD), EBADF);
        CHECK_ERROR(poll_events(kq, ROOM), EBADF);
        CHECK(write(ends[WRITE_END], "x", 1) == 1);
        pthread_join(waiter.thread, NULL);
        CHECK(waiter.result == 1 && waiter.event.data == 1);
        char byte;
        CHECK(read(ends[READ_END], &byte, 1) == 1);
#else
        pthread_join(waiter.thread, NULL);
        CHECK(waiter.result == -1 && waiter.error == EBADF);
#endif
        pthread_join(closer, NULL);
        CHECK(fcntl(kq, F_GETFD) == -1);
    }
    /* changes of another thread are in force at once */
    inner = open_queue();
    struct waiter waiter = {.kq = inner};
    start_wait(&waiter);
    CHECK(change(inner, ends[WRITE_END], EVFILT_WRITE, EV_ADD) == 0);
    pthread_join(waiter.thread, NULL);
    CHECK(waiter.result == 1 && waiter.event.ident == (uintptr_t)ends[WRITE_END]);
    /* a kqueue is readable while it has events, for poll(2) and for another kqueue */
    outer = open_queue();
    struct pollfd poller = {.fd = inner, .events = POLLIN};
    CHECK(change(outer, inner, EVFILT_READ, EV_ADD) == 0);
    CHECK(only(outer)->ident == (uintptr_t)inner && poll(&poller, 1, 0) == 1);
    CHECK(change(inner, ends[WRITE_END], EVFILT_WRITE, EV_DELETE) == 0);
    CHECK(poll_events(outer, ROOM) == 0 && poll(&poller, 1, 0) == 0);
    check_polling_after_an_event(inner, ends);
#ifdef KQUEUE_NETBSD
    CHECK(change(inner, inner, EVFILT_READ, EV_ADD) == 0 && poll_events(inner, ROOM) == 0);
    CHECK(change(inner, inner, EVFILT_READ, EV_DELETE) == 0);
    CHECK_ERROR(change(inner, inner, EVFILT_READ, EV_DELETE), ENOENT);
#else
    CHECK_ERROR(change(inner, inner, EVFILT_READ, EV_ADD), EINVAL);
#endif
    close(inner);
    CHECK(poll_events(outer, ROOM) == 0);
    close(outer);
    close_both(ends);
}
