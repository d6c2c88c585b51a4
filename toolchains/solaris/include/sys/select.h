/* select(3c). */
#pragma once

#include <time.h>

typedef struct {
    long fds_bits[1024];
} fd_set;

int pselect(int descriptors, fd_set *restrict read, fd_set *restrict write, fd_set *restrict except,
            const struct timespec *restrict timeout, const sigset_t *restrict mask);
