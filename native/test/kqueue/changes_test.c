/* Registrations, what changes them, and how much one call takes and returns. */
#define _GNU_SOURCE
#include "kqueue_test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

void rule_1_layout(void) {
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

void rule_2_level_and_clear(void) {
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

void rule_3_knotes_and_close(void) {
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

static void *interrupt(void *thread) {
    await_asleep(SYS_ppoll);
    pthread_kill(*(pthread_t *)thread, SIGUSR1);
    return NULL;
}

static void ignore(int number) {
    (void)number;
}

void rule_4_errors_of_changes(void) {
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

void rule_5_room_and_timeout(void) {
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
