/*
 * <sys/devpoll.h> as Solaris and illumos have it: the values and the layout, for programs that run
 * on the emulation beside it.
 */
#ifndef SELECTORS4J_TEST_SYS_DEVPOLL_H
#define SELECTORS4J_TEST_SYS_DEVPOLL_H

#include <poll.h>
#include <signal.h>

/* Linux has a POLLREMOVE too, of another value and without a use. */
#undef POLLREMOVE
#define POLLREMOVE 0x0800

#define DP_POLL 0xD001
#define DP_ISPOLLED 0xD002
#define DP_PPOLL 0xD003 /* illumos only */

struct dvpoll {
    struct pollfd *dp_fds;
    nfds_t dp_nfds;
    int dp_timeout;    /* milliseconds; negative waits for ever */
    sigset_t *dp_setp; /* illumos only, for DP_PPOLL */
};

#endif
