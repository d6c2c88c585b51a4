/* The same as wrappers.c for the calls that Linux alone has. */
#define _GNU_SOURCE
#include "wrapper.h"

#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

WRAPPED(int, eventfd, unsigned count, int flags) {
    return fails(CALL_EVENTFD) ? -1 : opened(__real_eventfd(count, flags), KIND_EVENTFD);
}

WRAPPED(int, epoll_create1, int flags) {
    return fails(CALL_EPOLL_CREATE1) ? -1 : opened(__real_epoll_create1(flags), KIND_EPOLL);
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

static long transfer_now(long number, int fd, void *vector, long count, long low, long high,
                         int flags) {
    enum call call = number == SYS_preadv2 ? CALL_PREADV2 : CALL_PWRITEV2;
    if (!ledger_use_for_io(call, fd)) {
        return refuse(EBADF);
    }
    USING(fd, fails(call) ? -1 : __real_syscall(number, fd, vector, count, low, high, flags));
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
    } else if (number == SYS_pidfd_open) {
        int pid = va_arg(arguments, int);
        bool refused = fails(CALL_PIDFD_OPEN);
        result = refused ? -1 : opened((int)__real_syscall(number, pid, 0), KIND_PIDFD);
    } else if (number == SYS_membarrier) {
        int command = va_arg(arguments, int);
        result = fails(CALL_MEMBARRIER) ? -1 : __real_syscall(number, command, 0);
    } else if (number == SYS_statx) {
        /* for messages alone */
        int fd = va_arg(arguments, int);
        const char *path = va_arg(arguments, const char *);
        int flags = va_arg(arguments, int);
        unsigned mask = va_arg(arguments, unsigned);
        result = __real_syscall(number, fd, path, flags, mask, va_arg(arguments, void *));
    } else if (number == SYS_preadv2 || number == SYS_pwritev2) {
        int fd = va_arg(arguments, int);
        void *vector = va_arg(arguments, void *);
        long count = va_arg(arguments, long);
        long low = va_arg(arguments, long);
        long high = va_arg(arguments, long);
        result = transfer_now(number, fd, vector, count, low, high, va_arg(arguments, int));
    } else if (number == SYS_gettid) {
        result = __real_syscall(number);
    } else if (number == SYS_tgkill) {
        long process = va_arg(arguments, long);
        long thread = va_arg(arguments, long);
        result = __real_syscall(number, process, thread, va_arg(arguments, long));
    } else {
        ledger_violation("syscall", (int)number, "is the number of a call that is not wrapped");
        result = refuse(ENOSYS);
    }
    va_end(arguments);
    return result;
}
