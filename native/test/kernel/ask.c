/* The three ways to ask, as raw as they come. */
#define _GNU_SOURCE
#include "kernel.h"

#include <sys/epoll.h>
#include <sys/select.h>

/* The object is added to the set when it is first asked about, and stays. */
int ask_epoll(short events, int patience) {
    static int set = -1;
    struct epoll_event event = {.events = (unsigned short)events};
    if (set < 0) {
        set = (int)MUST(epoll_create1(EPOLL_CLOEXEC));
        if (epoll_ctl(set, EPOLL_CTL_ADD, object, &event) < 0)
            return -errno;
    }
    int count = epoll_wait(set, &event, 1, patience);
    return count < 0 ? -errno : count == 0 ? 0 : (int)event.events;
}

int ask_poll(short events, int patience) {
    struct pollfd one = {.fd = object, .events = events};
    return poll(&one, 1, patience) < 0 ? -errno : one.revents;
}

int ask_select(short events, int patience) {
    const short asked[] = {POLLIN, POLLOUT, POLLPRI};
    struct timeval timeout = {patience / 1000, patience % 1000 * 1000};
    fd_set sets[3];
    for (int i = 0; i < 3; i++) {
        FD_ZERO(&sets[i]);
        if (events & asked[i])
            FD_SET(object, &sets[i]);
    }
    if (select(object + 1, &sets[0], &sets[1], &sets[2], &timeout) < 0)
        return -errno;
    int ready = 0;
    for (int i = 0; i < 3; i++)
        if (FD_ISSET(object, &sets[i]))
            ready |= asked[i];
    return ready;
}
