/*
 * The library in several threads, for ThreadSanitizer: one waits, others change what
 * it waits for, wake it up and ask for constants, until one closes. As Java's SelectLoop has it, a
 * lock keeps every descriptor open while somebody may use it, and the wait itself runs without. Two
 * such groups run at once: they share nothing but the code. kqueue and /dev/poll are among the
 * mechanisms where the library has them.
 */
#include "shims.h"

#include "io_github_selectors4j_internal_system_DevpollShim.h"
#include "io_github_selectors4j_internal_system_EpollShim.h"
#include "io_github_selectors4j_internal_system_KqueueShim.h"

#include <pthread.h>
#include <stdatomic.h>

#define ROUNDS 20 /* of each mechanism */
#define CHANGES 50
#define FOUND 16 /* at most, in one wait */

enum mechanism { EPOLL, POLL, SELECT, KQUEUE, DEVPOLL, MECHANISMS };

static const char *const classes[] = {
    "EpollShim", "PollShim", "SelectShim", "KqueueShim", "DevpollShim",
};

enum change { ADD, MODIFY, REMOVE };

struct round {
    enum mechanism mechanism;
    jint set; /* epoll's where the mechanism has none */
    jint wakeup[2];
    jint pipe[2];
    pthread_mutex_t lock;
    atomic_bool closed;
    atomic_bool waiting;
};

static jint epoll_value(const char *name) {
    return (jint)NATIVE(system_EpollShim, constant)(env, NULL, string(name));
}

static jint kqueue_value(const char *name) {
    return (jint)NATIVE(system_KqueueShim, constant)(env, NULL, string(name));
}

static jint create_set(enum mechanism mechanism) {
    switch (mechanism) {
    case KQUEUE:
        return NATIVE(system_KqueueShim, create)(env, NULL);
    case DEVPOLL:
        return NATIVE(system_DevpollShim, create)(env, NULL);
    default:
        return NATIVE(system_EpollShim, create)(env, NULL);
    }
}

static jint change_epoll(jint set, enum change change, jint fd) {
    static const char *const operations[] = {"EPOLL_CTL_ADD", "EPOLL_CTL_MOD", "EPOLL_CTL_DEL"};
    return NATIVE(system_EpollShim, control)(env, NULL, set, epoll_value(operations[change]), fd,
                                             epoll_value("EPOLLIN"), fd);
}

static jint change_kqueue(jint set, enum change change, jint fd) {
    _Alignas(8) char kevent[64] = "";
    const uint64_t ident = (uint64_t)fd;
    const int16_t filter = (int16_t)kqueue_value("EVFILT_READ");
    const int16_t flags = (int16_t)kqueue_value(change == REMOVE ? "EV_DELETE" : "EV_ADD");
    CHECK_EQUAL(kqueue_value("sizeof"), sizeof kevent);
    CHECK_EQUAL(kqueue_value("sizeof filter"), sizeof filter);
    memcpy(kevent + kqueue_value("ident"), &ident, sizeof ident);
    memcpy(kevent + kqueue_value("filter"), &filter, sizeof filter);
    memcpy(kevent + kqueue_value("flags"), &flags, sizeof flags);
    return NATIVE(system_KqueueShim, control)(env, NULL, set, (jlong)(intptr_t)kevent, 1, 0, 0, 0);
}

static jint change_devpoll(jint set, enum change change, jint fd) {
    char pollfd[16] = "";
    const jint size = poll_value("sizeof");
    put_pollfd(pollfd, 0, fd,
               change == REMOVE
                   ? (jint)NATIVE(system_DevpollShim, constant)(env, NULL, string("POLLREMOVE"))
                   : poll_value("POLLIN"));
    return NATIVE(system_DevpollShim, write)(env, NULL, set, (jlong)(intptr_t)pollfd, size) - size;
}

/* 0, or an error. */
static jint change(const struct round *round, enum change change, jint fd) {
    switch (round->mechanism) {
    case KQUEUE:
        return change_kqueue(round->set, change, fd);
    case DEVPOLL:
        return change_devpoll(round->set, change, fd);
    default:
        return change_epoll(round->set, change, fd);
    }
}

static jint wait_once(const struct round *round) {
    _Alignas(8) char events[FOUND * 64], pollfds[2 * 16] = "";
    const jlong memory = (jlong)(intptr_t)events;
    switch (round->mechanism) {
    case EPOLL:
        if (round->wakeup[0] % 2 == 0) {
            return NATIVE(system_EpollShim, waitMillis)(env, NULL, round->set, memory, FOUND, 1);
        }
        return NATIVE(system_EpollShim, waitNanos)(env, NULL, round->set, memory, FOUND,
                                                   MILLIS + 1);
    case KQUEUE:
        return NATIVE(system_KqueueShim, control)(env, NULL, round->set, 0, 0, memory, FOUND,
                                                  MILLIS);
    case DEVPOLL:
        return NATIVE(system_DevpollShim, wait)(env, NULL, round->set, memory, FOUND, 1);
    case POLL:
        put_pollfd(pollfds, 0, round->wakeup[0], poll_value("POLLIN"));
        put_pollfd(pollfds, 1, round->pipe[0], poll_value("POLLIN"));
        return poll_for(pollfds, 2, 1);
    default:
        watch_nothing();
        watch(READ, round->wakeup[0]);
        watch(READ, round->pipe[0]);
        return select_for(MILLIS);
    }
}

static void *wait_until_closed(void *argument) {
    struct round *round = argument;
    while (!round->closed) {
        jint found = wait_once(round);
        CHECK(found >= 0 || found == error("EINTR") || found == error("ENOSYS"));
        round->waiting = 1;
        pthread_mutex_lock(&round->lock);
        NATIVE(selecting_Wakeup, read)(env, NULL, round->wakeup[0]);
        pthread_mutex_unlock(&round->lock);
        free_objects();
    }
    return NULL;
}

static void *wake_up(void *argument) {
    struct round *round = argument;
    for (int i = 0; i < CHANGES; i++) {
        pthread_mutex_lock(&round->lock);
        if (!round->closed) {
            CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, round->wakeup[1]), 8);
        }
        pthread_mutex_unlock(&round->lock);
    }
    return NULL;
}

static void *change_registrations(void *argument) {
    struct round *round = argument;
    for (int i = 0; i < CHANGES; i++) {
        pthread_mutex_lock(&round->lock);
        if (!round->closed) {
            CHECK_EQUAL(change(round, ADD, round->pipe[0]), 0);
            CHECK_EQUAL(change(round, MODIFY, round->pipe[0]), 0);
            CHECK_EQUAL(change(round, REMOVE, round->pipe[0]), 0);
        }
        pthread_mutex_unlock(&round->lock);
        free_objects();
    }
    return NULL;
}

static void *ask(void *argument) {
    (void)argument;
    for (int i = 0; i < CHANGES; i++) {
        check_errors();
        check_bind("PollShim", 3);
        jint ends[2];
        open_pipe(ends);
        jint duplicate = NATIVE(system_Descriptors, duplicate)(env, NULL, ends[0]);
        CHECK(duplicate >= 0 && NATIVE(system_Descriptors, flags)(env, NULL, duplicate) >= 0);
        close_descriptor(duplicate);
        close_descriptor(ends[0]);
        close_descriptor(ends[1]);
        free_objects();
    }
    check_nothing_borrowed();
    return NULL;
}

static void *close_once_waiting(void *argument) {
    struct round *round = argument;
    while (!round->waiting) {
        sched_yield();
    }
    pthread_mutex_lock(&round->lock);
    round->closed = 1;
    NATIVE(selecting_Wakeup, write)(env, NULL, round->wakeup[1]);
    pthread_mutex_unlock(&round->lock);
    return NULL;
}

static void *(*const work[])(void *) = {
    wait_until_closed, wake_up, change_registrations, ask, close_once_waiting,
};
#define THREADS (sizeof work / sizeof *work)

static void begin(struct round *round, enum mechanism mechanism, pthread_t threads[THREADS]) {
    *round = (struct round){.mechanism = mechanism};
    pthread_mutex_init(&round->lock, NULL);
    round->set = create_set(mechanism);
    open_pipe(round->wakeup);
    open_pipe(round->pipe);
    CHECK_EQUAL(change(round, ADD, round->wakeup[0]), 0);
    for (size_t i = 0; i < THREADS; i++) {
        CHECK_EQUAL(pthread_create(&threads[i], NULL, work[i], round), 0);
    }
}

static void end(struct round *round, const pthread_t threads[THREADS]) {
    for (size_t i = 0; i < THREADS; i++) {
        CHECK_EQUAL(pthread_join(threads[i], NULL), 0);
    }
    for (int end = 0; end < 2; end++) {
        close_descriptor(round->wakeup[end]);
        close_descriptor(round->pipe[end]);
    }
    close_descriptor(round->set);
    pthread_mutex_destroy(&round->lock);
}

static void runs_in_threads(void) {
    for (int i = 0; i < ROUNDS * MECHANISMS; i++) {
        struct round one, other;
        pthread_t threads[THREADS], more_threads[THREADS];
        const enum mechanism mechanism = (enum mechanism)(i % MECHANISMS);
        if (!NATIVE(loading_NativeLibrary, bind)(env, NULL, string("class"),
                                                 string(classes[mechanism]))) {
            continue;
        }
        begin(&one, mechanism, threads);
        begin(&other, mechanism, more_threads);
        end(&one, threads);
        end(&other, more_threads);
        free_objects();
    }
}

int main(int argc, char **argv) {
    static test_function *const tests[] = {runs_in_threads};
    static const char *const names[] = {"threads"};
    return run_tests(argc, argv, tests, names, TEST_COUNT(tests));
}
