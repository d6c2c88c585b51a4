/* poll(7d). */
#pragma once

#include <poll.h>

#define DP_POLL (0xd0 << 8 | 1)

struct dvpoll {
    struct pollfd *dp_fds;
    nfds_t dp_nfds;
    int dp_timeout;
    void *dp_setp; /* the kernel's sigset_t; older systems end before it */
};
