/*
 * kqueue of the BSDs, emulated inside the process over epoll; README.md says which rules it follows
 * and which it does not. The numbers in the comments are those of the rules.
 */
#define _GNU_SOURCE
#include "kqueue.h"

#include "queue.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* The longest sleep that Darwin's itimerfix takes; and a longer one than any. */
#define LONGEST_SLEEP 100000000
#define FOR_EVER (INT64_MAX / 2)

/* Numbers that nobody expects to be given. */
#define HIGH_NUMBER 512

int __real_close(int fd);
int __real_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask);

static struct queue *queues;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards everything */
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static pthread_once_t fork_hook = PTHREAD_ONCE_INIT;

bool model(const char *word) {
    const char *words = getenv("SELECTORS4J_KQUEUE_MODEL");
    return words != NULL && strstr(words, word) != NULL;
}

static int fail(int error) {
    errno = error;
    return -1;
}

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

static void close_descriptors(struct queue *queue) {
    __real_close(queue->fd);
    if (queue->ready_fd >= 0)
        __real_close(queue->ready_fd);
    if (queue->timer_fd >= 0)
        __real_close(queue->timer_fd);
}

static void before_fork(void) {
    pthread_mutex_lock(&lock);
}

static void after_fork(void) {
    pthread_mutex_unlock(&lock);
}

/* 9: a child has no kqueue of its parent. */
static void forget_queues(void) {
    for (struct queue *queue = queues; queue != NULL; queue = queue->next)
        close_descriptors(queue);
    queues = NULL;
    pthread_mutex_unlock(&lock);
}

static void install_fork_hook(void) {
    pthread_atfork(before_fork, after_fork, forget_queues);
}

static int open_queue(int flags) {
    pthread_once(&fork_hook, install_fork_hook);
    struct queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return fail(ENOMEM);
    queue->fd = epoll_create1(flags);
    if (queue->fd < 0) {
        free(queue);
        return -1;
    }
    queue->ready_fd = queue->timer_fd = -1;
    int fd = queue->fd;
#ifdef KQUEUE_NETBSD
    int error = need_ready_fd(queue); /* sooner or later; a test counts descriptors in between */
    if (error != 0) {
        __real_close(fd);
        free(queue);
        return fail(error);
    }
#endif
    pthread_mutex_lock(&lock);
    queue->next = queues;
    queues = queue;
    pthread_mutex_unlock(&lock);
    return fd;
}

int kqueue(void) {
    return open_queue(0);
}

#ifdef KQUEUE_NETBSD
int kqueue1(int flags) {
    if (flags & ~(O_CLOEXEC | O_NONBLOCK))
        return fail(EINVAL);
    return open_queue(flags & O_CLOEXEC ? EPOLL_CLOEXEC : 0);
}
#endif

static int own_descriptor(struct queue *queue, int *slot, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0};
    if (fd < 0)
        return errno;
    if (epoll_ctl(queue->fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        int error = errno;
        __real_close(fd);
        return error;
    }
    *slot = fd;
    return 0;
}

int need_ready_fd(struct queue *queue) {
    if (queue->ready_fd >= 0)
        return 0;
    return own_descriptor(queue, &queue->ready_fd, eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int need_timer_fd(struct queue *queue) {
    if (queue->timer_fd >= 0)
        return 0;
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    return own_descriptor(queue, &queue->timer_fd, fd);
}

static void set_ready(struct queue *queue, bool ready) {
    uint64_t value = 1;
    if (queue->ready_fd < 0)
        return;
    if (ready)
        (void)!write(queue->ready_fd, &value, sizeof value);
    else
        (void)!read(queue->ready_fd, &value, sizeof value);
}

static void set_timer(struct queue *queue, int64_t deadline) {
    struct itimerspec setting = {.it_value = {deadline / SECOND, deadline % SECOND}};
    if (queue->timer_fd >= 0)
        timerfd_settime(queue->timer_fd, TFD_TIMER_ABSTIME, &setting, NULL);
}

#ifdef KQUEUE_NETBSD
/* 10: a queue may be in itself. What it then says of itself is not emulated: nothing. */
static int change_itself(struct queue *queue, const struct kevent *change) {
    if (!queue->watches_itself && !(change->flags & EV_ADD))
        return ENOENT;
    queue->watches_itself = !(change->flags & EV_DELETE);
    return 0;
}
#endif

static int apply(struct queue *queue, const struct kevent *change) {
    switch (change->filter) {
    case EVFILT_READ:
    case EVFILT_WRITE:
#ifdef KQUEUE_NETBSD
        if (change->ident == (uintptr_t)queue->fd)
            return change_itself(queue, change);
#endif
#ifdef KQUEUE_OPENBSD
    case EVFILT_EXCEPT:
#endif
        return change_watch(queue, change);
    case EVFILT_USER:
        if (model("nouser"))
            return EINVAL; /* 7 */
        return change_signal(queue, change);
    case EVFILT_TIMER:
        return change_signal(queue, change);
#if !defined KQUEUE_NETBSD && !defined KQUEUE_OPENBSD
    case 0:
        return 0;
#endif
    default:
        return EINVAL;
    }
}

/* Makes the epoll set readable for what it does not see itself, now and at the next deadline. */
static void refresh(struct queue *queue) {
    int64_t deadline = 0;
    bool ready = signals_ready(queue, &deadline);
    ready |= files_ready(queue, &deadline);
    set_ready(queue, ready || queue->requeued);
    set_timer(queue, deadline);
}

static int collect_unseen(struct queue *queue, struct kevent *out, int room) {
    int found = collect_signals(queue, out, room);
    return found + collect_files(queue, out + found, room - found);
}

static int collect(struct queue *queue, struct kevent *out, int room) {
    int found = 0;
    if (!queue->signals_last)
        found = collect_unseen(queue, out, room);
    found += collect_watches(queue, out + found, room - found);
    if (queue->signals_last)
        found += collect_unseen(queue, out + found, room - found);
    queue->signals_last = !queue->signals_last;
#ifdef KQUEUE_NETBSD
    queue->requeued = false; /* 10 */
    for (int i = 0; i < found; i++)
        queue->requeued |= !(out[i].flags & (EV_CLEAR | EV_ONESHOT | EV_DISPATCH));
#endif
    refresh(queue);
    return found;
}

/* 10: on NetBSD of old, who waits goes on to, though the number is closed. */
static int waited_for(const struct queue *queue) {
#ifdef KQUEUE_NETBSD_OF_OLD
    int copy = fcntl(queue->fd, F_DUPFD_CLOEXEC, HIGH_NUMBER);
    if (copy >= 0)
        return copy;
#endif
    return queue->fd;
}

static int wait_for_events(struct queue *queue, struct kevent *out, int room, int64_t deadline) {
    for (;;) {
        int64_t rest = deadline < 0 ? 0 : deadline - now();
        int found = collect(queue, out, room);
        if (found > 0 || (deadline >= 0 && rest <= 0))
            return found;
        struct timespec timeout = {rest / SECOND, rest % SECOND};
        struct pollfd set = {.fd = waited_for(queue), .events = POLLIN};
        bool copied = set.fd != queue->fd;
        pthread_mutex_unlock(&lock);
        int result = __real_ppoll(&set, 1, deadline < 0 ? NULL : &timeout, NULL);
        int error = errno;
        pthread_mutex_lock(&lock);
        if (copied)
            __real_close(set.fd);
#ifndef KQUEUE_NETBSD_OF_OLD
        if (queue->closing)
            return fail(EBADF); /* 10 */
#endif
        if (result < 0)
            return fail(error);
    }
}

/* Applies the changes; returns whether to go on, and else the result of the call. */
static bool apply_changes(struct queue *queue, const struct kevent *changes, int count,
                          struct kevent *events, int room, int *result) {
    int answers = 0;
    for (int i = 0; i < count; i++) {
        struct kevent change = changes[i];
        change.flags &= (unsigned short)~EV_SYSFLAGS;
        queue->requeued &= !(change.flags & EV_DELETE);
        int error = apply(queue, &change);
        if (error == 0 && (!(change.flags & EV_RECEIPT) || model("noreceipt")))
            continue;
        if (answers == room) {
            *result = error == 0 ? 0 : fail(error); /* 4: the rest is not applied */
            return false;
        }
        change.flags = EV_ERROR;
        change.data = error;
        events[answers++] = change;
    }
    *result = answers;
    return answers == 0;
}

static int kevent_locked(struct queue *queue, const struct kevent *changes, int nchanges,
                         struct kevent *events, int nevents, const struct timespec *timeout) {
    int result;
    bool go_on = apply_changes(queue, changes, nchanges, events, nevents, &result);
    int error = errno;
    refresh(queue);
    errno = error;
    if (!go_on || nevents == 0)
        return result; /* 5: no room, no wait */
    if (timeout == NULL)
        return wait_for_events(queue, events, nevents, -1);
    if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= SECOND)
        return fail(EINVAL);
    int64_t length = FOR_EVER;
    if (timeout->tv_sec <= LONGEST_SLEEP)
        length = timeout->tv_sec * SECOND + timeout->tv_nsec;
#ifndef KQUEUE_NETBSD
    else
        return fail(EINVAL);
#endif
    return wait_for_events(queue, events, nevents, now() + length);
}

static int call(int fd, const struct kevent *changes, int nchanges, struct kevent *events,
                int nevents, const struct timespec *timeout) {
    if (nchanges < 0 || nevents < 0)
        return fail(EINVAL);
    pthread_mutex_lock(&lock);
    struct queue *queue = queues;
    while (queue != NULL && queue->fd != fd)
        queue = queue->next;
    if (queue == NULL) {
        pthread_mutex_unlock(&lock);
        return fail(EBADF);
    }
    queue->users++;
    int result = kevent_locked(queue, changes, nchanges, events, nevents, timeout);
    queue->users--;
    pthread_cond_broadcast(&left);
    pthread_mutex_unlock(&lock);
    return result;
}

#ifdef KQUEUE_NETBSD
int kevent(int kq, const struct kevent *changelist, size_t nchanges, struct kevent *eventlist,
           size_t nevents, const struct timespec *timeout) {
    if (nchanges > INT_MAX || nevents > INT_MAX)
        return fail(EINVAL);
    return call(kq, changelist, (int)nchanges, eventlist, (int)nevents, timeout);
}

#if KQUEUE_NETBSD >= 11
/* For programs with the structure of old. */
int __kevent50(void);
int __kevent50(void) {
    return fail(ENOSYS);
}
#endif
#else
int kevent(int kq, const struct kevent *changelist, int nchanges, struct kevent *eventlist,
           int nevents, const struct timespec *timeout) {
    return call(kq, changelist, nchanges, eventlist, nevents, timeout);
}
#endif

/*
 * 10: NetBSD of old lets the closer wait for the waiters, though the number is nobody's at once;
 * elsewhere they leave with EBADF.
 */
bool kqueue_close(int fd, int *result) {
    pthread_mutex_lock(&lock);
    struct queue **link = &queues;
    while (*link != NULL && (*link)->fd != fd)
        link = &(*link)->next;
    struct queue *queue = *link;
    if (queue == NULL) {
        pthread_mutex_unlock(&lock);
        return false;
    }
    *link = queue->next;
    queue->closing = true;
#ifdef KQUEUE_NETBSD_OF_OLD
    int copy = queue->users == 0 ? -1 : fcntl(queue->fd, F_DUPFD_CLOEXEC, HIGH_NUMBER);
    if (copy >= 0) {
        __real_close(queue->fd);
        queue->fd = copy;
    }
#else
    if (queue->users > 0 && need_ready_fd(queue) == 0)
        set_ready(queue, true);
#endif
    while (queue->users > 0)
        pthread_cond_wait(&left, &lock);
    pthread_mutex_unlock(&lock);
    close_descriptors(queue);
    free_watches(queue);
    free_signals(queue);
    free(queue);
    *result = 0;
    return true;
}
