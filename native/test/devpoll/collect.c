/* What DP_POLL hands out of a set, and in which order. */
#include "set.h"

/* The events of fd, if it is ready and still in the set. The fds are in ascending order. */
static short ready_events(struct set *set, const struct pollfd *fds, nfds_t count, int fd) {
    nfds_t low = 0, high = count;
    while (low < high) {
        nfds_t middle = (low + high) / 2;
        if (fds[middle].fd < fd)
            low = middle + 1;
        else
            high = middle;
    }
    bool polled = low < count && fds[low].fd == fd;
    return set->entries[fd].cached && polled ? fds[low].revents : 0;
}

static int next_known(const struct set *set, int start, int end) {
    for (int fd = start; fd <= end; fd++)
        if (set->entries[fd].known)
            return fd;
    return -1;
}

/* 9: the kernel's search, step for step: it matters where it starts the next time. */
int collect(struct set *set, const struct pollfd *fds, nfds_t count, struct pollfd *out,
            nfds_t room) {
    int found = 0, start = set->start, end = set->highest;
    bool wrapped = start == 0, done = false;
    while ((nfds_t)found < room && !done) {
        int fd = next_known(set, start, end);
        if (fd >= 0 && fd < end) {
            start = fd + 1;
        } else if (!wrapped) {
            start = 0;
            end = set->start - 1;
            wrapped = true;
        } else {
            done = true;
        }
        short revents = fd < 0 ? 0 : ready_events(set, fds, count, fd);
        if (revents != 0)
            out[found++] =
                (struct pollfd){.fd = fd, .events = set->entries[fd].events, .revents = revents};
    }
    if (!done)
        set->start = start;
    return found;
}
