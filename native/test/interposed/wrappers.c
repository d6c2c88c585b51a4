/*
 * What the linker's --wrap puts in the place of the shims' system calls. A call that fails on
 * demand leaves the system as the real failure would: what close(2) is given is closed, whatever it
 * says, and EAGAIN of an eventfd or a pipe means that it is full, or empty.
 */
#define _GNU_SOURCE
#include "wrapper.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/select.h>
#include <unistd.h>

WRAPPED(int, pipe2, int fds[2], int flags) {
    if (fails(CALL_PIPE2) || __real_pipe2(fds, flags) < 0) {
        return -1;
    }
    ledger_opened(fds[0], KIND_PIPE);
    ledger_opened(fds[1], KIND_PIPE);
    return 0;
}

int __real_fcntl(int fd, int command, ...);

/* The shims duplicate what is others', and change their own only. */
static int duplicate(enum call call, int fd, int command, int lowest) {
    return fails(call) ? -1 : opened(__real_fcntl(fd, command, lowest), KIND_DUPLICATE);
}

static int set_flags(enum call call, int fd, int command, int flags) {
    enum kind kind = ledger_kind(fd);
    bool special = kind == KIND_KQUEUE || kind == KIND_PAIR;
    if (!ledger_use(call, fd, special ? kind : KIND_PIPE, KIND_DUPLICATE)) {
        return refuse(EBADF);
    }
    USING(fd, fails(call) ? -1 : __real_fcntl(fd, command, flags));
}

int __wrap_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    int argument = command == F_GETFL ? 0 : va_arg(arguments, int);
    va_end(arguments);
    switch (command) {
    case F_GETFL:
        return fails(CALL_FCNTL_GETFL) ? -1 : __real_fcntl(fd, command);
    case F_DUPFD:
        return duplicate(CALL_FCNTL_DUPFD, fd, command, argument);
    case F_DUPFD_CLOEXEC:
        return duplicate(CALL_FCNTL_DUPFD_CLOEXEC, fd, command, argument);
    case F_SETFD:
        return set_flags(CALL_FCNTL_SETFD, fd, command, argument);
    case F_SETFL:
        return set_flags(CALL_FCNTL_SETFL, fd, command, argument);
    default:
        ledger_violation("fcntl", fd, "is not the library's to change");
        return refuse(EINVAL);
    }
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd) {
    int error = fault_next(CALL_CLOSE);
    bool ours = ledger_kind(fd) != KIND_NONE;
    ledger_closing(fd);
    if (!ours) {
        return refuse(EBADF);
    }
    int result = __real_close(fd);
    return error != 0 ? refuse(error) : result;
}

WRAPPED(ssize_t, read, int fd, void *bytes, size_t count) {
    if (!ledger_use_for_io(CALL_READ, fd)) {
        return refuse(EBADF);
    }
    int failure = fault_next(CALL_READ);
    ssize_t done = failure == 0 || failure == EAGAIN ? __real_read(fd, bytes, count) : -1;
    USING(fd, failure == 0 ? done : refuse(failure));
}

WRAPPED(ssize_t, write, int fd, const void *bytes, size_t count) {
    if (!ledger_use_for_io(CALL_WRITE, fd)) {
        return refuse(EBADF);
    }
    int failure = fault_next(CALL_WRITE);
    ssize_t done = failure == 0 || failure == EAGAIN ? __real_write(fd, bytes, count) : -1;
    USING(fd, failure == 0 ? done : refuse(failure));
}

/*
 * The wake-up descriptor among those that a call waits for, or -1. A duplicate may be closed during
 * the call, since nothing is reported of it any more; but what wakes the call has to outlive it.
 */
static int wakeup_in_pollfds(const struct pollfd *fds, nfds_t count) {
    for (nfds_t i = 0; i < count; i++) {
        if (ledger_use_if_wakeup(fds[i].fd)) {
            return fds[i].fd;
        }
    }
    return -1;
}

/* The set may be larger than an fd_set. */
static int wakeup_in_set(const fd_set *set, int count) {
    const int bits = 8 * (int)sizeof(unsigned long);
    for (int fd = 0; set != NULL && fd < count; fd++) {
        bool has = ((const unsigned long *)set)[fd / bits] >> fd % bits & 1;
        if (has && ledger_use_if_wakeup(fd)) {
            return fd;
        }
    }
    return -1;
}

static int ended(int wakeup, int result) {
    int error = errno;
    if (wakeup >= 0) {
        ledger_release(wakeup);
    }
    errno = error;
    return result;
}

WRAPPED(int, poll, struct pollfd *fds, nfds_t count, int millis) {
    int wakeup = wakeup_in_pollfds(fds, count);
    return ended(wakeup, fails(CALL_POLL) ? -1 : __real_poll(fds, count, millis));
}

WRAPPED(int, ppoll, struct pollfd *fds, nfds_t count, const struct timespec *timeout,
        const sigset_t *mask) {
    int wakeup = wakeup_in_pollfds(fds, count);
    return ended(wakeup, fails(CALL_PPOLL) ? -1 : __real_ppoll(fds, count, timeout, mask));
}

WRAPPED(int, pselect, int count, fd_set *reading, fd_set *writing, fd_set *exceptional,
        const struct timespec *timeout, const sigset_t *mask) {
    int wakeup = wakeup_in_set(reading, count);
    return ended(wakeup, fails(CALL_PSELECT)
                             ? -1
                             : __real_pselect(count, reading, writing, exceptional, timeout, mask));
}
