/* DP_POLL: who waits, for whom and how long. */
#include "set.h"

#include <stdlib.h>

#define TICK_MILLISECONDS 10

/* Waits while writers go first; 0 or an errno. */
static int wait_for_writers(struct set *set) {
    while (set->writers > 0 && !set->closing)
        if (!wait_turn())
            return EINTR;
    return set->closing ? EBADF : 0;
}

static struct timespec deadline_after(int milliseconds) {
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    if (milliseconds > 0 && milliseconds < TICK_MILLISECONDS)
        milliseconds = TICK_MILLISECONDS; /* 8 */
    deadline.tv_sec += milliseconds / 1000;
    deadline.tv_nsec += milliseconds % 1000 * 1000000L;
    if (deadline.tv_nsec >= 1000000000L) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000L;
    }
    return deadline;
}

static struct timespec time_until(struct timespec deadline) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct timespec left = {deadline.tv_sec - now.tv_sec, deadline.tv_nsec - now.tv_nsec};
    if (left.tv_nsec < 0) {
        left.tv_sec--;
        left.tv_nsec += 1000000000L;
    }
    return left.tv_sec < 0 ? (struct timespec){0, 0} : left;
}

/* 6: a DP_POLL without room only sleeps, and keeps no writer waiting. */
static int sleep_until(struct set *set, const struct timespec *deadline) {
    for (;;) {
        struct timespec left = {0, 0};
        if (deadline != NULL)
            left = time_until(*deadline);
        if (deadline != NULL && left.tv_sec == 0 && left.tv_nsec == 0)
            return 0;
        struct pollfd fds[1];
        if (sleep_on(set, fds, 0, deadline == NULL ? NULL : &left) < 0)
            return -1;
    }
}

/* 10: one /dev/poll in another is never ready, only wrong. */
static bool mark_sets(struct pollfd *fds, nfds_t count) {
    bool any = false;
    for (nfds_t i = 0; i < count; i++) {
        if (find_set(fds[i].fd) != NULL) {
            fds[i].revents = POLLERR;
            any = true;
        }
    }
    return any;
}

static int poll_once(struct set *set, const struct dvpoll *request, nfds_t room,
                     const struct timespec *timeout) {
    static const struct timespec now = {0, 0};
    struct pollfd *fds = malloc(((size_t)set->size + 1) * sizeof *fds);
    if (fds == NULL)
        return fail(ENOMEM);
    nfds_t count = 0;
    for (int fd = 0; fd <= set->highest; fd++)
        if (set->entries[fd].cached)
            fds[count++] = (struct pollfd){.fd = fd, .events = set->entries[fd].events};
    unsigned changes = set->changes;
    int found = sleep_on(set, fds, count, mark_sets(fds, count) ? &now : timeout);
    if (found == 0 && set->changes == changes) {
        mark_sets(fds, count);
        found = collect(set, fds, count, request->dp_fds, room);
    }
    free(fds);
    return found;
}

static int poll_until(struct set *set, const struct dvpoll *request, nfds_t room,
                      const struct timespec *deadline) {
    for (;;) {
        struct timespec left = {0, 0};
        if (deadline != NULL)
            left = time_until(*deadline);
        int found = poll_once(set, request, room, deadline == NULL ? NULL : &left);
        if (found != 0 || (deadline != NULL && left.tv_sec == 0 && left.tv_nsec == 0))
            return found;
    }
}

int poll_set(struct set *set, const struct dvpoll *request) {
    struct timespec end = deadline_after(request->dp_timeout < 0 ? 0 : request->dp_timeout);
    const struct timespec *deadline = request->dp_timeout < 0 ? NULL : &end;
    rlim_t limit = descriptor_limit();
    nfds_t room = request->dp_nfds;
    if (!permitted(set))
        return fail(EACCES);
    int error = wait_for_writers(set);
    if (error != 0)
        return fail(error);
    if (room == 0)
        return sleep_until(set, deadline);
    if (set->solaris && room >= limit)
        return fail(EINVAL); /* 6 */
    if (room / 2 > limit)
        room = limit;
    set->polling++;
    int found = poll_until(set, request, room, deadline);
    set->polling--;
    return found;
}
