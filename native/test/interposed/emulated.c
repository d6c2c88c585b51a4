/*
 * The same as wrappers.c for the calls that Linux lacks, and so for the emulated kernels; and for
 * those that macOS has to make do with. EINTR of kevent(2) comes when the changes are in force.
 */
#define _GNU_SOURCE
#include "wrapper.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <sys/devpoll.h>
#include <sys/event.h>

/* More than the library changes at once. */
#define MOST_CHANGES 16
#define NO_FILTER EVFILT_AIO /* which the emulation lacks */

WRAPPED(int, pipe, int fds[2]) {
    if (fails(CALL_PIPE) || __real_pipe(fds) < 0) {
        return -1;
    }
    ledger_opened(fds[0], KIND_PIPE);
    ledger_opened(fds[1], KIND_PIPE);
    return 0;
}

WRAPPED(int, socketpair, int domain, int type, int protocol, int fds[2]) {
    if (fails(CALL_SOCKETPAIR) || __real_socketpair(domain, type, protocol, fds) < 0) {
        return -1;
    }
    ledger_opened(fds[0], KIND_PAIR);
    ledger_opened(fds[1], KIND_PAIR);
    return 0;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...) {
    if (strcmp(path, "/dev/poll") != 0) {
        ledger_violation("open", flags, "is of another file than /dev/poll");
        return refuse(ENOENT);
    }
    return fails(CALL_OPEN) ? -1 : opened(__real_open(path, flags), KIND_DEVPOLL);
}

WRAPPED(ssize_t, pwrite, int fd, const void *bytes, size_t count, off_t offset) {
    const struct pollfd *last = (const struct pollfd *)bytes + count / sizeof *last - 1;
    enum call call = last->events == POLLREMOVE ? CALL_PWRITE_REMOVE : CALL_PWRITE;
    if (!ledger_use(call, fd, KIND_DEVPOLL, KIND_DEVPOLL)) {
        return refuse(EBADF);
    }
    USING(fd, fails(call) ? -1 : __real_pwrite(fd, bytes, count, offset));
}

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (!ledger_use(CALL_IOCTL, fd, KIND_DEVPOLL, KIND_DEVPOLL)) {
        return refuse(EBADF);
    }
    USING(fd, fails(CALL_IOCTL) ? -1 : __real_ioctl(fd, request, argument));
}

WRAPPED(int, kqueue, void) {
    return fails(CALL_KQUEUE) ? -1 : opened(__real_kqueue(), KIND_KQUEUE);
}

#ifdef KQUEUE_NETBSD
typedef size_t length;
#else
typedef int length;
#endif

int __real_kevent(int kq, const struct kevent *changes, length count, struct kevent *events,
                  length room, const struct timespec *timeout);

static bool deletes(const struct kevent *change) {
    return (change->flags & EV_DELETE) != 0;
}

static enum call answer_call(const struct kevent *change) {
    return deletes(change)             ? CALL_ANSWER_DELETE
           : !(change->flags & EV_ADD) ? CALL_ANSWER_ENABLE
                                       : CALL_ANSWER_ADD;
}

static enum call kevent_call(const struct kevent *changes, length count) {
    enum call call = count == 0 ? CALL_KEVENT : CALL_KEVENT_DELETE;
    for (length i = 0; i < count; i++) {
        if (!deletes(&changes[i])) {
            call = CALL_KEVENT_ADD;
        }
    }
    return call;
}

/* In force, and nobody told: what a signal leaves behind that ends the wait after the changes. */
static int interrupt(int kq, const struct kevent *changes, length count) {
    struct kevent sent[MOST_CHANGES] = {0};
    for (length i = 0; i < count; i++) {
        sent[i] = changes[i];
        sent[i].flags &= (unsigned short)~EV_RECEIPT;
    }
    return __real_kevent(kq, sent, count, NULL, 0, NULL) < 0 ? -1 : refuse(EINTR);
}

/*
 * Has the kernel refuse a change for the filter that it is given instead, so that it tells of that
 * by its own rules. What it says is then corrected.
 */
static int answer(int kq, const struct kevent *changes, length count, struct kevent *events,
                  length room, const struct timespec *timeout) {
    struct kevent asked[MOST_CHANGES] = {0}, sent[MOST_CHANGES] = {0};
    int errors[MOST_CHANGES], first = 0;
    for (length i = 0; i < count; i++) {
        asked[i] = sent[i] = changes[i]; /* where the events may come to lie */
        errors[i] = fault_next(answer_call(&changes[i]));
        if (errors[i] != 0) {
            sent[i].filter = NO_FILTER;
            sent[i].udata = &errors[i];
            first = first == 0 ? errors[i] : first;
        }
    }
    int found = __real_kevent(kq, sent, count, events, room, timeout);
    for (int i = 0; i < found; i++) {
        if (events[i].filter == NO_FILTER) {
            ptrdiff_t index = (int *)events[i].udata - errors;
            events[i].filter = asked[index].filter;
            events[i].udata = asked[index].udata;
            events[i].data = errors[index];
        }
    }
    return found < 0 && first != 0 && errno == EINVAL ? refuse(first) : found;
}

static int control(enum call call, int kq, const struct kevent *changes, length count,
                   struct kevent *events, length room, const struct timespec *timeout) {
    int error = fault_next(call);
    if (error == EINTR) {
        return interrupt(kq, changes, count);
    }
    return error != 0 ? refuse(error) : answer(kq, changes, count, events, room, timeout);
}

WRAPPED(int, kevent, int kq, const struct kevent *changes, length count, struct kevent *events,
        length room, const struct timespec *timeout) {
    enum call call = kevent_call(changes, count);
    if (count > MOST_CHANGES) {
        ledger_violation("kevent", kq, "has more changes than are foreseen");
        return refuse(EINVAL);
    }
    if (!ledger_use(call, kq, KIND_KQUEUE, KIND_KQUEUE)) {
        return refuse(EBADF);
    }
    USING(kq, control(call, kq, changes, count, events, room, timeout));
}
