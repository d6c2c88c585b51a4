/*
 * /dev/poll of Solaris and illumos, emulated inside the process; README.md says which rules it
 * follows and which it does not. The numbers in the comments are those of the rules.
 *
 * The linker's --wrap sends the program's open, ioctl, write and pwrite here; whatever does not
 * concern /dev/poll goes on to libc. An opened /dev/poll is an eventfd, a real descriptor, that
 * also wakes the DP_POLL calls that wait on it.
 */
#define _GNU_SOURCE
#include "devpoll.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/devpoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TICK_MILLISECONDS 10

/*
 * Old Solaris lets the offset of write(2) grow until it passes the largest one, 2 GB, and fails
 * from then on. A test can't write that much, so the end comes sooner here.
 */
#define LARGEST_OFFSET (64 * 1024)

int __real_open(const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __real_ioctl(int fd, unsigned long request, ...);
ssize_t __real_write(int fd, const void *bytes, size_t length);
ssize_t __real_pwrite(int fd, const void *bytes, size_t length, off_t offset);
ssize_t __real_pwrite64(int fd, const void *bytes, size_t length, off64_t offset);
int __real_close(int fd);

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

static struct set *sets;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards everything */
static _Atomic unsigned turn; /* a futex: changes when somebody who waits may go on */

static int fail(int error) {
    errno = error;
    return -1;
}

static rlim_t descriptor_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

static struct set *find(int fd) {
    struct set *set = sets;
    while (set != NULL && set->fd != fd)
        set = set->next;
    return set;
}

/* Both take and give back the lock. An unknown descriptor is none of ours: NULL. */
static struct set *enter(int fd) {
    pthread_mutex_lock(&lock);
    struct set *set = find(fd);
    if (set == NULL)
        pthread_mutex_unlock(&lock);
    else
        set->users++;
    return set;
}

/* Waits, unlocked, for the next turn; false when a signal came first. A condition can't tell that.
 */
static bool wait_turn(void) {
    const struct timespec day = {24 * 60 * 60, 0};
    unsigned seen = turn;
    pthread_mutex_unlock(&lock);
    long result = syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, seen, &day, NULL, 0);
    bool interrupted = result < 0 && errno == EINTR;
    pthread_mutex_lock(&lock);
    return !interrupted;
}

static void next_turn(void) {
    turn++;
    syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void leave(struct set *set) {
    set->users--;
    next_turn();
    pthread_mutex_unlock(&lock);
}

/* Makes every sleeper look at the set again. The last of them to wake resets the eventfd. */
static void wake(struct set *set) {
    uint64_t one = 1;
    set->changes++;
    set->unaware = set->asleep;
    if (set->unaware > 0)
        (void)!__real_write(set->fd, &one, sizeof one);
}

/* 10: a set is of no use to a forked child. */
static bool permitted(struct set *set) {
    if (set->owner == 0)
        set->owner = getpid();
    return set->owner == getpid();
}

static int open_set(int flags) {
    const char *model = getenv("SELECTORS4J_DEVPOLL_MODEL");
    struct set *set = calloc(1, sizeof *set);
    if (set == NULL)
        return fail(ENOMEM);
    set->fd = eventfd(0, EFD_NONBLOCK | (flags & O_CLOEXEC ? EFD_CLOEXEC : 0));
    if (set->fd < 0) {
        free(set);
        return -1;
    }
    set->solaris = model != NULL && strcmp(model, "solaris") == 0;
    set->owner = set->solaris ? getpid() : 0;
    set->writable = (flags & O_ACCMODE) != O_RDONLY;
    set->highest = -1;
    int fd = set->fd;
    pthread_mutex_lock(&lock);
    set->next = sets;
    sets = set;
    pthread_mutex_unlock(&lock);
    return fd;
}

/* Waits while writers go first; 0 or an errno. */
static int wait_for_writers(struct set *set) {
    while (set->writers > 0 && !set->closing)
        if (!wait_turn())
            return EINTR;
    return set->closing ? EBADF : 0;
}

static int wait_for_polls(struct set *set) {
    bool interrupted = false;
    set->writers++;
    while (set->polling > 0 && !set->closing && !interrupted)
        interrupted = !wait_turn();
    set->writers--;
    return set->closing ? EBADF : interrupted ? EINTR : 0;
}

static bool grow(struct set *set, int fd) {
    if (fd < set->size)
        return true;
    int size = fd + 1 > 2 * set->size ? fd + 1 : 2 * set->size;
    struct entry *entries = realloc(set->entries, (size_t)size * sizeof *entries);
    if (entries == NULL)
        return false;
    memset(entries + set->size, 0, (size_t)(size - set->size) * sizeof *entries);
    set->entries = entries;
    set->size = size;
    return true;
}

static int apply(struct set *set, const struct pollfd *change) {
    if (change->fd < 0 || (rlim_t)change->fd >= descriptor_limit())
        return 0; /* 3 */
    if (change->events == POLLREMOVE) {
        struct entry *entry = change->fd < set->size ? &set->entries[change->fd] : NULL;
        /* illumos passes over what was not open when it was written, and so keeps its events */
        if (entry != NULL && (entry->cached || set->solaris))
            *entry = (struct entry){0};
        return 0;
    }
    if (!grow(set, change->fd))
        return ENOMEM;
    if (change->fd > set->highest)
        set->highest = change->fd;
    struct entry *entry = &set->entries[change->fd];
    entry->known = true;
    entry->events |= change->events; /* 2 */
    if (fcntl(change->fd, F_GETFD) >= 0)
        entry->cached = true;
    return 0;
}

static ssize_t write_set(struct set *set, const void *bytes, size_t length, off_t *offset) {
    size_t count = length / sizeof(struct pollfd);
    int error = 0;
    if (!set->writable)
        return fail(EBADF);
    if (!permitted(set))
        return fail(EACCES);
    if (count > descriptor_limit())
        return fail(EINVAL); /* 5 */
    if (set->solaris) {
        if (*offset > LARGEST_OFFSET - (off_t)length)
            return fail(EINVAL);
        error = wait_for_polls(set);
        *offset += error == 0 ? (off_t)length : 0;
    }
    for (size_t i = 0; i < count && error == 0; i++) {
        struct pollfd change; /* which may be anywhere */
        memcpy(&change, (const char *)bytes + i * sizeof change, sizeof change);
        error = apply(set, &change);
    }
    wake(set);
    return error == 0 ? (ssize_t)length : fail(error);
}

/*
 * Waits, unlocked, until one of fds is ready, the set changes or time is up. There has to be room
 * for one more behind the count.
 */
static int sleep_on(struct set *set, struct pollfd *fds, nfds_t count,
                    const struct timespec *timeout) {
    unsigned changes = set->changes;
    fds[count] = (struct pollfd){.fd = set->fd, .events = POLLIN};
    set->asleep++;
    pthread_mutex_unlock(&lock);
    int result = ppoll(fds, count + 1, timeout, NULL);
    int error = errno;
    pthread_mutex_lock(&lock);
    set->asleep--;
    uint64_t value;
    if (set->changes != changes && --set->unaware == 0)
        (void)!read(set->fd, &value, sizeof value);
    return set->closing ? fail(EBADF) : result < 0 ? fail(error) : 0;
}

/* 10: one /dev/poll in another is never ready, only wrong. */
static bool mark_sets(struct pollfd *fds, nfds_t count) {
    bool any = false;
    for (nfds_t i = 0; i < count; i++) {
        if (find(fds[i].fd) != NULL) {
            fds[i].revents = POLLERR;
            any = true;
        }
    }
    return any;
}

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
static int collect(struct set *set, const struct pollfd *fds, nfds_t count, struct pollfd *out,
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

static int poll_set(struct set *set, const struct dvpoll *request) {
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

static int is_polled(struct set *set, struct pollfd *query) {
    if (!permitted(set))
        return fail(EACCES);
    if (query->fd < 0 || query->fd >= set->size || !set->entries[query->fd].cached)
        return 0;
    query->revents = set->entries[query->fd].events;
    return 1;
}

static int control(struct set *set, unsigned long request, void *argument) {
    if (request == DP_POLL)
        return poll_set(set, argument);
    if (request == DP_ISPOLLED)
        return is_polled(set, argument);
    return fail(EINVAL);
}

int __wrap_ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    struct set *set = enter(fd);
    if (set == NULL)
        return __real_ioctl(fd, request, argument);
    int result = control(set, request, argument);
    leave(set);
    return result;
}

ssize_t __wrap_write(int fd, const void *bytes, size_t length) {
    struct set *set = enter(fd);
    if (set == NULL)
        return __real_write(fd, bytes, length);
    ssize_t result = write_set(set, bytes, length, &set->offset);
    leave(set);
    return result;
}

ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    struct set *set = enter(fd);
    if (set == NULL)
        return __real_pwrite64(fd, bytes, length, offset);
    ssize_t result = write_set(set, bytes, length, &offset);
    leave(set);
    return result;
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return __wrap_pwrite64(fd, bytes, length, offset);
}

int __wrap_open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return strcmp(path, "/dev/poll") == 0 ? open_set(flags) : __real_open(path, flags, mode);
}

int __wrap_open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return strcmp(path, "/dev/poll") == 0 ? open_set(flags) : __real_open64(path, flags, mode);
}

/* Threads inside a call leave it with EBADF, as Solaris has it, before the number is free again. */
bool devpoll_close(int fd, int *result) {
    pthread_mutex_lock(&lock);
    struct set *set = find(fd);
    if (set == NULL) {
        pthread_mutex_unlock(&lock);
        return false;
    }
    struct set **link = &sets;
    while (*link != set)
        link = &(*link)->next;
    *link = set->next;
    set->closing = true;
    wake(set);
    next_turn();
    while (set->users > 0)
        wait_turn();
    pthread_mutex_unlock(&lock);
    free(set->entries);
    free(set);
    *result = __real_close(fd);
    return true;
}
