/* What the wrappers of system calls share. */
#ifndef WRAPPER_H
#define WRAPPER_H

#include "interposed.h"

#include <errno.h>

/* Declares the system's function, and begins the definition of what takes its place. */
#define WRAPPED(type, name, ...)                                                                   \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

static inline bool fails(enum call call) {
    int error = fault_next(call);
    if (error != 0) {
        errno = error;
    }
    return error != 0;
}

static inline int refuse(int error) {
    errno = error;
    return -1;
}

static inline int opened(int fd, enum kind kind) {
    if (fd >= 0) {
        ledger_opened(fd, kind);
    }
    return fd;
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

#endif
