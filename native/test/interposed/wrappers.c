/*
 * What the linker's --wrap puts in the place of the shims' system calls. A call that fails on
 * demand leaves the system as the real failure would: what close(2) is given is closed, whatever it
 * says, and EAGAIN of an eventfd or a pipe means that it is full, or empty.
 */
#define _GNU_SOURCE
#include "interposed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

/* Declares the system's function, and begins the definition of what takes its place. */
#define WRAPPED(type, name, ...)                                                                   \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

static bool fails(enum call call) {
    int error = fault_next(call);
    if (error != 0) {
        errno = error;
    }
    return error != 0;
}

static int refuse(int error) {
    errno = error;
    return -1;
}

static int opened(int fd, enum kind kind) {
    if (fd >= 0) {
        ledger_opened(fd, kind);
    }
    return fd;
}

WRAPPED(int, eventfd, unsigned count, int flags) {
    return fails(CALL_EVENTFD) ? -1 : opened(__real_eventfd(count, flags), KIND_EVENTFD);
}

WRAPPED(int, epoll_create1, int flags) {
    return fails(CALL_EPOLL_CREATE1) ? -1 : opened(__real_epoll_create1(flags), KIND_EPOLL);
}

WRAPPED(int, pipe2, int fds[2], int flags) {
    if (fails(CALL_PIPE2) || __real_pipe2(fds, flags) < 0) {
        return -1;
    }
    ledger_opened(fds[0], KIND_PIPE);
    ledger_opened(fds[1], KIND_PIPE);
    return 0;
}

int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    int lowest = command == F_DUPFD_CLOEXEC ? va_arg(arguments, int) : 0;
    va_end(arguments);
    switch (command) {
    case F_GETFD:
        return fails(CALL_FCNTL_GETFD) ? -1 : __real_fcntl(fd, command);
    case F_DUPFD_CLOEXEC:
        return fails(CALL_FCNTL_DUPFD_CLOEXEC)
                   ? -1
                   : opened(__real_fcntl(fd, command, lowest), KIND_DUPLICATE);
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

WRAPPED(int, dup3, int from, int to, int flags) {
    if (!ledger_use(CALL_DUP3, from, KIND_EPOLL, KIND_EPOLL)) {
        return refuse(EBADF);
    }
    int result = -1;
    if (!fails(CALL_DUP3)) {
        enum kind kind = ledger_kind(to);
        ledger_closing(to);
        result = kind == KIND_EPOLL ? __real_dup3(from, to, flags) : refuse(EBADF);
        if (kind == KIND_EPOLL) {
            ledger_opened(to, KIND_EPOLL);
        }
    }
    int error = errno;
    ledger_release(from);
    errno = error;
    return result;
}

/* A call's result on a descriptor that ledger_use has granted. */
#define USING(fd, call)                                                                            \
    do {                                                                                           \
        long result = (call);                                                                      \
        int error = errno;                                                                         \
        ledger_release(fd);                                                                        \
        errno = error;                                                                             \
        return result;                                                                             \
    } while (0)

WRAPPED(int, epoll_ctl, int epfd, int operation, int fd, struct epoll_event *event) {
    enum call call = operation == EPOLL_CTL_ADD   ? CALL_EPOLL_CTL_ADD
                     : operation == EPOLL_CTL_MOD ? CALL_EPOLL_CTL_MOD
                                                  : CALL_EPOLL_CTL_DEL;
    if (!ledger_use(call, epfd, KIND_EPOLL, KIND_EPOLL)) {
        return refuse(EBADF);
    }
    USING(epfd, fails(call) ? -1 : __real_epoll_ctl(epfd, operation, fd, event));
}

WRAPPED(int, epoll_wait, int epfd, struct epoll_event *events, int maximum, int millis) {
    if (!ledger_use(CALL_EPOLL_WAIT, epfd, KIND_EPOLL, KIND_EPOLL)) {
        return refuse(EBADF);
    }
    USING(epfd, fails(CALL_EPOLL_WAIT) ? -1 : __real_epoll_wait(epfd, events, maximum, millis));
}

long __real_syscall(long number, ...);

static long wait_nanos(int epfd, void *events, int maximum, void *timeout) {
    if (!ledger_use(CALL_EPOLL_PWAIT2, epfd, KIND_EPOLL, KIND_EPOLL)) {
        return refuse(EBADF);
    }
    USING(epfd, fails(CALL_EPOLL_PWAIT2)
                    ? -1
                    : __real_syscall(SYS_epoll_pwait2, epfd, events, maximum, timeout, NULL, 0));
}

long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...) {
    long result;
    va_list arguments;
    va_start(arguments, number);
    if (number == SYS_epoll_pwait2) {
        int epfd = va_arg(arguments, int);
        void *events = va_arg(arguments, void *);
        int maximum = va_arg(arguments, int);
        result = wait_nanos(epfd, events, maximum, va_arg(arguments, void *));
    } else if (number == SYS_membarrier) {
        int command = va_arg(arguments, int);
        result = fails(CALL_MEMBARRIER) ? -1 : __real_syscall(number, command, 0);
    } else {
        ledger_violation("syscall", (int)number, "is the number of a call that is not wrapped");
        result = refuse(ENOSYS);
    }
    va_end(arguments);
    return result;
}

WRAPPED(ssize_t, read, int fd, void *bytes, size_t count) {
    if (!ledger_use(CALL_READ, fd, KIND_EVENTFD, KIND_PIPE)) {
        return refuse(EBADF);
    }
    int failure = fault_next(CALL_READ);
    ssize_t done = failure == 0 || failure == EAGAIN ? __real_read(fd, bytes, count) : -1;
    USING(fd, failure == 0 ? done : refuse(failure));
}

WRAPPED(ssize_t, write, int fd, const void *bytes, size_t count) {
    if (!ledger_use(CALL_WRITE, fd, KIND_EVENTFD, KIND_PIPE)) {
        return refuse(EBADF);
    }
    int failure = fault_next(CALL_WRITE);
    ssize_t done = failure == 0 || failure == EAGAIN ? __real_write(fd, bytes, count) : -1;
    USING(fd, failure == 0 ? done : refuse(failure));
}

WRAPPED(int, poll, struct pollfd *fds, nfds_t count, int millis) {
    return fails(CALL_POLL) ? -1 : __real_poll(fds, count, millis);
}

WRAPPED(int, ppoll, struct pollfd *fds, nfds_t count, const struct timespec *timeout,
        const sigset_t *mask) {
    return fails(CALL_PPOLL) ? -1 : __real_ppoll(fds, count, timeout, mask);
}

WRAPPED(int, pselect, int count, fd_set *reading, fd_set *writing, fd_set *exceptional,
        const struct timespec *timeout, const sigset_t *mask) {
    return fails(CALL_PSELECT)
               ? -1
               : __real_pselect(count, reading, writing, exceptional, timeout, mask);
}
