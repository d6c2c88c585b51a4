/* The sets that are open: which there are, who is inside of one, and who sleeps on it. */
#define _GNU_SOURCE
#include "set.h"

#include "devpoll.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int __real_close(int fd);
ssize_t __real_write(int fd, const void *bytes, size_t length);

static struct set *sets;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards everything */
static _Atomic unsigned turn; /* a futex: changes when somebody who waits may go on */

rlim_t descriptor_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

struct set *find_set(int fd) {
    struct set *set = sets;
    while (set != NULL && set->fd != fd)
        set = set->next;
    return set;
}

struct set *enter_set(int fd) {
    pthread_mutex_lock(&lock);
    struct set *set = find_set(fd);
    if (set == NULL)
        pthread_mutex_unlock(&lock);
    else
        set->users++;
    return set;
}

/* A condition can't tell that a signal came first. */
bool wait_turn(void) {
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

void leave_set(struct set *set) {
    set->users--;
    next_turn();
    pthread_mutex_unlock(&lock);
}

/* The last of the sleepers to wake resets the eventfd. */
void wake_set(struct set *set) {
    uint64_t one = 1;
    set->changes++;
    set->unaware = set->asleep;
    if (set->unaware > 0)
        (void)!__real_write(set->fd, &one, sizeof one);
}

int sleep_on(struct set *set, struct pollfd *fds, nfds_t count, const struct timespec *timeout) {
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

bool permitted(struct set *set) {
    if (set->owner == 0)
        set->owner = getpid();
    return set->owner == getpid();
}

int open_set(int flags) {
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

/* Threads inside a call leave it with EBADF, as Solaris has it, before the number is free again. */
bool devpoll_close(int fd, int *result) {
    pthread_mutex_lock(&lock);
    struct set *set = find_set(fd);
    if (set == NULL) {
        pthread_mutex_unlock(&lock);
        return false;
    }
    struct set **link = &sets;
    while (*link != set)
        link = &(*link)->next;
    *link = set->next;
    set->closing = true;
    wake_set(set);
    next_turn();
    while (set->users > 0)
        wait_turn();
    pthread_mutex_unlock(&lock);
    free(set->entries);
    free(set);
    *result = __real_close(fd);
    return true;
}
