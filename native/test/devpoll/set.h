/* A set of /dev/poll, and what its parts offer each other. */
#ifndef SELECTORS4J_TEST_SET_H
#define SELECTORS4J_TEST_SET_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/devpoll.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

/* What one set holds about one descriptor number. */
struct entry {
    bool known;  /* written and not removed */
    bool cached; /* was open when written: the others are never reported (3) */
    short events;
};

struct set {
    struct set *next;
    int fd;
    bool solaris; /* the model: old Solaris, else illumos */
    pid_t owner;  /* 0 until the first use on illumos */
    bool writable;
    struct entry *entries;
    int size;
    int highest; /* number ever written, -1 if none was */
    int start;   /* where the next search begins (9) */
    off_t offset;
    int users;   /* threads inside a call */
    int polling; /* of those, the ones that a writer of old Solaris waits for (7) */
    int writers; /* writers that wait for them */
    int asleep;  /* threads in ppoll */
    int unaware; /* of those, the ones that fell asleep before the latest change */
    unsigned changes;
    bool closing;
};

static inline int fail(int error) {
    errno = error;
    return -1;
}

rlim_t descriptor_limit(void);

/* A new set's descriptor, -1 if there is none. */
int open_set(int flags);

/* They take and give back the lock, which guards all sets and is held in the calls below. An
 * unknown descriptor is none of ours: NULL. */
struct set *enter_set(int fd);
void leave_set(struct set *set);

struct set *find_set(int fd);

/* 10: a set is of no use to a forked child. */
bool permitted(struct set *set);

/* Waits, unlocked, for the next turn; false when a signal came first. */
bool wait_turn(void);

/* Makes every sleeper look at the set again. */
void wake_set(struct set *set);

/*
 * Waits, unlocked, until one of fds is ready, the set changes or time is up. There has to be room
 * for one more behind the count.
 */
int sleep_on(struct set *set, struct pollfd *fds, nfds_t count, const struct timespec *timeout);

/* What write(2) and pwrite(2) do. */
ssize_t write_set(struct set *set, const void *bytes, size_t length, off_t *offset);

/* What DP_POLL does. */
int poll_set(struct set *set, const struct dvpoll *request);

/* Hands out what is ready of fds, which are in ascending order, and returns how many that are. */
int collect(struct set *set, const struct pollfd *fds, nfds_t count, struct pollfd *out,
            nfds_t room);

#endif
