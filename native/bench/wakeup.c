/* Two threads that wake each other in turns, each blocked in epoll_wait on its own eventfd. */
#include "bench.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct side {
    int epfd;
    int eventfd;
};

struct pair {
    struct side near, far;
    int turns;
};

static struct side open_side(void) {
    struct side side = {epoll_create1(EPOLL_CLOEXEC), eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(side.epfd, EPOLL_CTL_ADD, side.eventfd, &event);
    return side;
}

static void close_side(struct side side) {
    close(side.epfd);
    close(side.eventfd);
}

static void wake(struct side side) {
    if (write(side.eventfd, &(uint64_t){1}, sizeof(uint64_t)) < 0) {
        abort();
    }
}

static void await_wake(struct side side) {
    struct epoll_event event;
    uint64_t count;
    if (epoll_wait(side.epfd, &event, 1, -1) != 1 ||
        read(side.eventfd, &count, sizeof count) != sizeof count) {
        abort();
    }
}

static void *answer(void *argument) {
    struct pair *pair = argument;
    stay_on_processor(1);
    for (int turn = 0; turn < pair->turns; turn++) {
        await_wake(pair->far);
        wake(pair->near);
    }
    return NULL;
}

/* A turn is a wake-up there and one back. */
NATIVE(jlong, wakeupTurns)(JNIEnv *env, jclass type, jint turns) {
    (void)env, (void)type;
    struct pair pair = {open_side(), open_side(), turns};
    pthread_t thread;
    if (pthread_create(&thread, NULL, answer, &pair) != 0) {
        return -1;
    }
    int64_t start = now();
    for (int turn = 0; turn < turns; turn++) {
        wake(pair.far);
        await_wake(pair.near);
    }
    int64_t taken = now() - start;
    pthread_join(thread, NULL);
    close_side(pair.near);
    close_side(pair.far);
    return taken;
}
