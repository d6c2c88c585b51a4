/* The rules of kqueue, one function each, on the emulation and its four layouts. */
#define _GNU_SOURCE
#include "../check.h"

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/event.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM 16
#define READ_END 0
#define WRITE_END 1

static struct kevent events[ROOM];
static const struct timespec zero = {0, 0};

static int open_queue(void) {
    int kq = kqueue();
    CHECK(kq >= 0);
    return kq;
}

static struct kevent make_change(int fd, int filter, int flags) {
    struct kevent change;
    EV_SET(&change, fd, filter, flags, 0, 0, NULL);
    return change;
}

/* One change without room for an answer: 0 or -1. */
static int change(int kq, int fd, int filter, int flags) {
    struct kevent one = make_change(fd, filter, flags);
    return kevent(kq, &one, 1, NULL, 0, NULL);
}

static int poll_events(int kq, int room) {
    return kevent(kq, NULL, 0, events, room, &zero);
}

/* The only event that is ready. */
static const struct kevent *only(int kq) {
    CHECK(poll_events(kq, ROOM) == 1);
    return events;
}

static void open_pipe(int ends[2], bool readable) {
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    if (readable)
        CHECK(write(ends[WRITE_END], "abc", 3) == 3);
}

static void open_pair(int ends[2]) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
}

static void close_both(const int ends[2]) {
    close(ends[0]);
    close(ends[1]);
}

/* A listening TCP socket of the loopback interface, and its address. */
static int listen_on_loopback(struct sockaddr_in *address) {
    socklen_t length = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(bind(fd, (struct sockaddr *)address, sizeof *address) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)address, &length) == 0);
    CHECK(listen(fd, 8) == 0);
    return fd;
}

static void open_connection(int ends[2]) {
    struct sockaddr_in address;
    int listener = listen_on_loopback(&address);
    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(ends[0], (struct sockaddr *)&address, sizeof address) == 0);
    ends[1] = accept(listener, NULL, NULL);
    CHECK(ends[1] >= 0);
    close(listener);
}

static void rule_1_layout(void) {
#ifdef KQUEUE_NETBSD
    CHECK(sizeof(struct kevent) == (KQUEUE_NETBSD >= 11 ? 72 : 40));
    CHECK(offsetof(struct kevent, data) == 24 && offsetof(struct kevent, udata) == 32);
    CHECK(sizeof events->filter == 4 && sizeof events->flags == 4);
    CHECK(EVFILT_READ == 0 && EVFILT_WRITE == 1 && EVFILT_TIMER == 6 && EVFILT_USER == 8);
#elif defined KQUEUE_OPENBSD
    CHECK(sizeof(struct kevent) == 32 && offsetof(struct kevent, data) == 16);
    CHECK(sizeof events->filter == 2 && sizeof events->flags == 2);
    CHECK(EVFILT_READ == -1 && EVFILT_WRITE == -2 && EVFILT_EXCEPT == -9 && NOTE_OOB == 4);
    CHECK(EVFILT_TIMER == -7 && EVFILT_USER == -10);
#else
    CHECK(sizeof(struct kevent) == 64 && offsetof(struct kevent, data) == 16);
    CHECK(sizeof events->filter == 2 && sizeof events->flags == 2);
    CHECK(sizeof events->ext == 32 && EVFILT_READ == -1 && EVFILT_WRITE == -2);
    CHECK(EVFILT_TIMER == -7 && EVFILT_USER == -11);
#endif
    int kq = open_queue(), ends[2];
    struct kevent one;
    open_pipe(ends, true);
    EV_SET(&one, ends[READ_END], EVFILT_READ, EV_ADD, 0, 0, (void *)(intptr_t)-5);
    CHECK(kevent(kq, &one, 1, NULL, 0, NULL) == 0);
    const struct kevent *event = only(kq);
    CHECK(event->ident == (uintptr_t)ends[READ_END] && event->filter == EVFILT_READ);
    CHECK(event->data == 3 && event->fflags == 0 && event->udata == (void *)(intptr_t)-5);
    CHECK((event->flags & (EV_EOF | EV_ERROR)) == 0);
    close(kq);
    close_both(ends);
}

/* NetBSD of old takes the user's data with EV_ADD alone. */
static void check_that_enabling_takes_data(int kq, int readable) {
    struct kevent enabled = make_change(readable, EVFILT_READ, EV_ENABLE);
    enabled.udata = &enabled;
    CHECK(change(kq, readable, EVFILT_READ, EV_ADD) == 0);
    CHECK(kevent(kq, &enabled, 1, NULL, 0, NULL) == 0);
#ifdef KQUEUE_NETBSD_OF_OLD
    CHECK(only(kq)->udata == NULL);
#else
    CHECK(only(kq)->udata == &enabled);
#endif
    CHECK(change(kq, readable, EVFILT_READ, EV_DELETE) == 0);
}

static void rule_2_level_and_clear(void) {
    int kq = open_queue(), ends[2], flow[2];
    open_pipe(ends, true);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(only(kq)->data == 3);
    /* a second EV_ADD does not make it EV_CLEAR, a delete and an EV_ADD do */
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD | EV_CLEAR) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(only(kq)->data == 3);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE) == 0);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD | EV_CLEAR) == 0);
    CHECK(only(kq)->data == 3);
    CHECK(poll_events(kq, ROOM) == 0);
    CHECK(write(ends[WRITE_END], "d", 1) == 1);
    CHECK(only(kq)->data == 4 && poll_events(kq, ROOM) == 0);
    char bytes[8];
    CHECK(read(ends[READ_END], bytes, 4) == 4 && write(ends[WRITE_END], "abcd", 4) == 4);
    CHECK(only(kq)->data == 4 && poll_events(kq, ROOM) == 0);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD) == 0);
    CHECK(only(kq)->data == 4 && poll_events(kq, ROOM) == 0);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE) == 0);
    /* both sides of one descriptor, one of them EV_CLEAR */
    open_pair(flow);
    CHECK(write(flow[1], "x", 1) == 1);
    CHECK(change(kq, flow[0], EVFILT_READ, EV_ADD) == 0);
    CHECK(change(kq, flow[0], EVFILT_WRITE, EV_ADD | EV_CLEAR) == 0);
    CHECK(poll_events(kq, ROOM) == 2);
    CHECK(only(kq)->filter == EVFILT_READ && only(kq)->filter == EVFILT_READ);
    close_both(flow);
    /* one-shot, dispatch, disable */
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD | EV_ONESHOT) == 0);
    CHECK(only(kq)->data == 4 && poll_events(kq, ROOM) == 0);
    CHECK_ERROR(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE), ENOENT);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD | EV_DISPATCH) == 0);
    CHECK(only(kq)->data == 4 && poll_events(kq, ROOM) == 0);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ENABLE) == 0);
#ifdef KQUEUE_NETBSD_OF_OLD
    /* what was there then is no event before more comes, or it is added anew */
    CHECK(poll_events(kq, ROOM) == 0 && poll_events(kq, ROOM) == 0);
    CHECK(write(ends[WRITE_END], "e", 1) == 1 && only(kq)->data == 5);
    CHECK(poll_events(kq, ROOM) == 0);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD | EV_ENABLE) == 0);
    CHECK(only(kq)->data == 5 && read(ends[READ_END], bytes, 1) == 1);
#else
    CHECK(only(kq)->data == 4 && poll_events(kq, ROOM) == 0);
#endif
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE) == 0);
    check_that_enabling_takes_data(kq, ends[READ_END]);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD | EV_DISABLE) == 0);
    CHECK(poll_events(kq, ROOM) == 0);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD) == 0);
    CHECK(poll_events(kq, ROOM) == 0); /* an EV_ADD of what is there does not enable it */
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ENABLE) == 0);
    CHECK(only(kq)->data == 4);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DISABLE) == 0);
    CHECK(poll_events(kq, ROOM) == 0);
    close(kq);
    close_both(ends);
}

static void rule_3_knotes_and_close(void) {
    int kq = open_queue(), ends[2], other[2];
    open_pair(ends);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(change(kq, ends[0], EVFILT_READ, EV_ADD) == 0);
    CHECK(change(kq, ends[0], EVFILT_WRITE, EV_ADD) == 0);
    CHECK(poll_events(kq, ROOM) == 2 && events[0].filter != events[1].filter);
    CHECK(change(kq, ends[0], EVFILT_WRITE, EV_DELETE) == 0);
    CHECK(only(kq)->filter == EVFILT_READ);
    CHECK_ERROR(change(kq, ends[0], EVFILT_WRITE, EV_DELETE), ENOENT);
    CHECK_ERROR(change(kq, ends[0], EVFILT_WRITE, EV_ENABLE), ENOENT);
    CHECK_ERROR(change(kq, 9999, EVFILT_READ, EV_ADD), EBADF);
    CHECK_ERROR(change(kq, -1, EVFILT_READ, EV_ADD), EBADF);
    /* a close ends it, though a duplicate keeps the file; and the number is free for another file
     */
    int copy = dup(ends[0]), number = ends[0];
    close(number);
    CHECK(poll_events(kq, ROOM) == 0);
    CHECK_ERROR(change(kq, number, EVFILT_READ, EV_DELETE), EBADF);
    open_pipe(other, true);
    CHECK(dup2(other[READ_END], number) == number);
    CHECK(poll_events(kq, ROOM) == 0);
    CHECK_ERROR(change(kq, number, EVFILT_READ, EV_DELETE), ENOENT);
    CHECK(change(kq, number, EVFILT_READ, EV_ADD) == 0);
    CHECK(only(kq)->ident == (uintptr_t)number && events[0].data == 3);
    CHECK(write(ends[1], "yz", 2) == 2); /* what the duplicate gets is no one's */
    CHECK(only(kq)->data == 3);
    /* the first file under its old number again */
    CHECK(dup2(copy, number) == number && poll_events(kq, ROOM) == 0);
    CHECK_ERROR(change(kq, number, EVFILT_READ, EV_ENABLE), ENOENT);
    CHECK(change(kq, number, EVFILT_READ, EV_ADD) == 0 && only(kq)->data == 3);
    CHECK(dup2(other[READ_END], number) == number);
    CHECK(change(kq, number, EVFILT_READ, EV_ADD) == 0 && only(kq)->data == 3);
    /* the duplicate has its own number */
    CHECK(change(kq, copy, EVFILT_READ, EV_ADD) == 0);
    CHECK(poll_events(kq, ROOM) == 2);
    close(number);
    CHECK(only(kq)->ident == (uintptr_t)copy);
    close(copy);
    close(ends[1]);
    /* a file on disk ends likewise */
    FILE *file = tmpfile();
    CHECK(fputs("12345", file) >= 0 && fflush(file) == 0 && lseek(fileno(file), 1, SEEK_SET) == 1);
    CHECK(change(kq, fileno(file), EVFILT_READ, EV_ADD) == 0);
    CHECK(only(kq)->data == 4 && only(kq)->data == 4);
    CHECK(lseek(fileno(file), 5, SEEK_SET) == 5 && poll_events(kq, ROOM) == 0);
    CHECK(ftruncate(fileno(file), 9) == 0 && kevent(kq, NULL, 0, events, ROOM, NULL) == 1);
    CHECK(events[0].data == 4);
    fclose(file);
    CHECK(poll_events(kq, ROOM) == 0);
    close(kq);
    close_both(other);
}

/* Waits until a thread of this process sleeps in the system call. */
static void await_asleep(long call) {
    for (bool asleep = false; !asleep;) {
        DIR *tasks = opendir("/proc/self/task");
        for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
            char path[300], text[64] = "";
            snprintf(path, sizeof path, "/proc/self/task/%s/syscall", task->d_name);
            FILE *file = fopen(path, "r");
            if (file != NULL && fgets(text, sizeof text, file) != NULL)
                asleep |= text[0] >= '0' && text[0] <= '9' && atol(text) == call;
            if (file != NULL)
                fclose(file);
        }
        closedir(tasks);
    }
}

static void *interrupt(void *thread) {
    await_asleep(SYS_ppoll);
    pthread_kill(*(pthread_t *)thread, SIGUSR1);
    return NULL;
}

static void ignore(int number) {
    (void)number;
}

static void rule_4_errors_of_changes(void) {
    int kq = open_queue(), ends[2];
    open_pipe(ends, true);
    struct kevent changes[] = {make_change(9999, EVFILT_READ, EV_ADD),
                               make_change(ends[READ_END], EVFILT_READ, EV_ADD),
                               make_change(ends[READ_END], EVFILT_WRITE, EV_DELETE)};
    /* room for all: an entry each, no event among them, and the good change is applied */
    changes[0].udata = &changes;
    CHECK(kevent(kq, changes, 3, events, ROOM, NULL) == 2);
    CHECK(events[0].ident == 9999 && events[0].flags == EV_ERROR && events[0].data == EBADF);
    CHECK(events[0].filter == EVFILT_READ && events[0].udata == &changes);
    CHECK(events[1].ident == (uintptr_t)ends[READ_END] && events[1].data == ENOENT);
    CHECK(events[1].filter == EVFILT_WRITE && events[1].flags == EV_ERROR);
    CHECK(only(kq)->data == 3);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE) == 0);
    /* no room: the call fails, and what follows the bad change is not applied */
    CHECK_ERROR(kevent(kq, changes, 3, NULL, 0, NULL), EBADF);
    CHECK(poll_events(kq, ROOM) == 0);
    /* room for one only */
    CHECK_ERROR(kevent(kq, changes, 3, events, 1, NULL), ENOENT);
    CHECK(events[0].data == EBADF && only(kq)->data == 3);
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE) == 0);
    /* receipts; without room for one the rest is left out silently */
    struct kevent receipts[] = {make_change(ends[READ_END], EVFILT_READ, EV_ADD | EV_RECEIPT),
                                make_change(ends[WRITE_END], EVFILT_WRITE, EV_ADD | EV_RECEIPT),
                                make_change(ends[READ_END], EVFILT_WRITE, EV_DELETE | EV_RECEIPT)};
    CHECK(kevent(kq, receipts, 3, events, ROOM, NULL) == 3);
    for (int i = 0; i < 3; i++)
        CHECK(events[i].flags == EV_ERROR && events[i].data == (i == 2 ? ENOENT : 0));
    CHECK(poll_events(kq, ROOM) == 2);
    receipts[0].flags = receipts[1].flags = EV_DELETE | EV_RECEIPT;
    CHECK(kevent(kq, receipts, 2, events, 1, NULL) == 0);
    CHECK(poll_events(kq, ROOM) == 0);
    setenv("SELECTORS4J_KQUEUE_MODEL", "noreceipt", 1);
    receipts[0].flags = EV_ADD | EV_RECEIPT;
    CHECK(kevent(kq, receipts, 1, events, ROOM, &zero) == 1 && !(events[0].flags & EV_ERROR));
    unsetenv("SELECTORS4J_KQUEUE_MODEL");
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE) == 0);
    /* the flags of the system are nobody's to set; unknown filters */
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_ADD | EV_EOF | EV_ERROR) == 0);
    CHECK(!(only(kq)->flags & (EV_EOF | EV_ERROR)));
    CHECK(change(kq, ends[READ_END], EVFILT_READ, EV_DELETE) == 0);
    CHECK_ERROR(change(kq, ends[READ_END], EVFILT_VNODE, EV_ADD), EINVAL);
    CHECK_ERROR(change(kq, ends[READ_END], 100, EV_ADD), EINVAL);
    /* what can't be read can't be watched */
    int path = open("/", O_PATH | O_CLOEXEC);
    CHECK_ERROR(change(kq, path, EVFILT_READ, EV_ADD), EBADF);
    close(path);
    /* a signal ends the wait after the changes have been applied */
    struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    int silent[2];
    open_pipe(silent, false);
    pthread_t thread, self = pthread_self();
    struct kevent added = make_change(silent[READ_END], EVFILT_READ, EV_ADD);
    CHECK(pthread_create(&thread, NULL, interrupt, &self) == 0);
    CHECK_ERROR(kevent(kq, &added, 1, events, ROOM, NULL), EINTR);
    pthread_join(thread, NULL);
    CHECK(write(silent[WRITE_END], "x", 1) == 1 && only(kq)->data == 1);
    close(kq);
    close_both(silent);
    close_both(ends);
}

static void rule_5_room_and_timeout(void) {
    int kq = open_queue(), ends[2][2], unused[2];
    double start = seconds();
    CHECK(kevent(kq, NULL, 0, NULL, 0, NULL) == 0); /* would wait for ever */
    CHECK(kevent(kq, NULL, 0, events, 0, &(struct timespec){-1, -1}) == 0);
    CHECK(seconds() - start < 10);
    open_pair(ends[0]);
    open_pair(ends[1]);
    open_pipe(unused, false);
    for (int i = 0; i < 2; i++) {
        CHECK(write(ends[i][1], "x", 1) == 1);
        CHECK(change(kq, ends[i][0], EVFILT_READ, EV_ADD) == 0);
        CHECK(change(kq, ends[i][0], EVFILT_WRITE, EV_ADD) == 0);
    }
    /* the room is for filters, two to a descriptor; none is starved when there is little */
    CHECK(poll_events(kq, 2) == 2 && poll_events(kq, 3) == 3 && poll_events(kq, 4) == 4);
    CHECK(poll_events(kq, ROOM) == 4);
    int seen = 0;
    for (int i = 0; i < 16; i++) {
        CHECK(poll_events(kq, 1) == 1);
        int pair = events[0].ident == (uintptr_t)ends[1][0];
        seen |= 1 << (2 * pair + (events[0].filter == EVFILT_READ));
    }
    CHECK(seen == 15);
    const struct timespec bad[] = {{-1, 0}, {0, -1}, {0, 1000000000}}, longest = {1LL << 40, 0};
    for (int i = 0; i < 3; i++)
        CHECK_ERROR(kevent(kq, NULL, 0, events, ROOM, &bad[i]), EINVAL);
#ifdef KQUEUE_NETBSD
    CHECK(kevent(kq, NULL, 0, events, ROOM, &longest) == 4);
#else
    CHECK_ERROR(kevent(kq, NULL, 0, events, ROOM, &longest), EINVAL);
#endif
    /* the changes come first */
    struct kevent gone = make_change(ends[0][0], EVFILT_READ, EV_DELETE);
    CHECK_ERROR(kevent(kq, &gone, 1, events, ROOM, &bad[2]), EINVAL);
    CHECK_ERROR(change(kq, ends[0][0], EVFILT_READ, EV_DELETE), ENOENT);
    close_both(ends[0]);
    close_both(ends[1]);
    CHECK(change(kq, unused[READ_END], EVFILT_READ, EV_ADD) == 0);
    start = seconds();
    CHECK(kevent(kq, NULL, 0, events, ROOM, &(struct timespec){0, 20500000}) == 0);
    CHECK(seconds() - start >= 0.0205);
    CHECK_ERROR(kevent(unused[0], NULL, 0, events, ROOM, &zero), EBADF);
    close(kq);
    close_both(unused);
}

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

static void rule_6_sockets(void) {
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

struct waiter {
    int kq;
    int result;
    int error;
    struct kevent event;
    pthread_t thread;
};

static void *wait_thread(void *argument) {
    struct waiter *waiter = argument;
    waiter->result = kevent(waiter->kq, NULL, 0, &waiter->event, 1, NULL);
    waiter->error = errno;
    return NULL;
}

static void start_wait(struct waiter *waiter) {
    CHECK(pthread_create(&waiter->thread, NULL, wait_thread, waiter) == 0);
    await_asleep(SYS_ppoll);
}

static int signal_change(int kq, int filter, int flags, unsigned fflags, int64_t data) {
    struct kevent one;
    EV_SET(&one, 42, filter, flags, fflags, data, NULL);
    return kevent(kq, &one, 1, NULL, 0, NULL);
}

static void rule_7_user_and_timer(void) {
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

static void rule_8_devices(void) {
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

static void rule_9_inheritance(void) {
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

static void rule_10_close_and_nesting(void) {
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

int main(int argc, char **argv) {
    void (*const tests[])(void) = {rule_1_layout,           rule_2_level_and_clear,
                                   rule_3_knotes_and_close, rule_4_errors_of_changes,
                                   rule_5_room_and_timeout, rule_6_sockets,
                                   rule_7_user_and_timer,   rule_8_devices,
                                   rule_9_inheritance,      rule_10_close_and_nesting};
    return run_rules(argc, argv, tests, 10);
}
