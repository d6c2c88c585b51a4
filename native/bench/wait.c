/* epoll_wait, poll and select as plain loops: one system call and one pass over its results per
 * turn, each result looked up to its key. */
#include "bench.h"

#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

struct key {
    int fd;
    void *data;
};

struct loop {
    int count;
    struct key *keys;
    int epfd;
    struct epoll_event *events;
    struct pollfd *pollfds;
    int limit;              /* one more than the highest descriptor */
    size_t words;           /* of a set; glibc's FD_SET ends at FD_SETSIZE */
    unsigned long *watched; /* for reading and writing, then the same as found */
    struct key **by_descriptor;
};

#define MOST_COPIED 1024
#define WORD (8 * (int)sizeof(unsigned long))

static volatile int64_t sink; /* what a compiler can't leave out */

NATIVE(jlong, openLoop)
(JNIEnv *env, jclass type, jintArray descriptors, jboolean is_for_writing) {
    (void)type;
    int *fds = copy_of(env, descriptors);
    struct loop *loop = calloc(1, sizeof *loop);
    loop->count = (*env)->GetArrayLength(env, descriptors);
    loop->keys = calloc((size_t)loop->count, sizeof *loop->keys);
    loop->events = calloc((size_t)loop->count, sizeof *loop->events);
    loop->pollfds = calloc((size_t)loop->count, sizeof *loop->pollfds);
    loop->epfd = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < loop->count; i++) {
        struct epoll_event event = {.events = is_for_writing ? EPOLLOUT : EPOLLIN,
                                    .data.ptr = &loop->keys[i]};
        epoll_ctl(loop->epfd, EPOLL_CTL_ADD, fds[i], &event);
        loop->pollfds[i] = (struct pollfd){fds[i], is_for_writing ? POLLOUT : POLLIN, 0};
        loop->keys[i].fd = fds[i];
        loop->limit = fds[i] >= loop->limit ? fds[i] + 1 : loop->limit;
    }
    loop->words = (size_t)(loop->limit / WORD + 1);
    loop->watched = calloc(4 * loop->words, sizeof *loop->watched);
    loop->by_descriptor = calloc((size_t)loop->limit, sizeof *loop->by_descriptor);
    unsigned long *watched = loop->watched + (is_for_writing ? loop->words : 0);
    for (int i = 0; i < loop->count; i++) {
        watched[fds[i] / WORD] |= 1ul << fds[i] % WORD;
        loop->by_descriptor[fds[i]] = &loop->keys[i];
    }
    free(fds);
    return (jlong)(intptr_t)loop;
}

NATIVE(void, closeLoop)(JNIEnv *env, jclass type, jlong handle) {
    (void)env, (void)type;
    struct loop *loop = (struct loop *)(intptr_t)handle;
    close(loop->epfd);
    free(loop->keys);
    free(loop->events);
    free(loop->pollfds);
    free(loop->watched);
    free(loop->by_descriptor);
    free(loop);
}

NATIVE(jlong, epollTurns)
(JNIEnv *env, jclass type, jlong handle, jint turns, jint ready, jint timeout) {
    (void)env, (void)type;
    struct loop *loop = (struct loop *)(intptr_t)handle;
    int64_t all = 0, sum = 0, start = now();
    for (int turn = 0; turn < turns; turn++) {
        int found = epoll_wait(loop->epfd, loop->events, loop->count, timeout);
        for (int i = 0; i < found; i++) {
            struct key *key = loop->events[i].data.ptr;
            sum += key->fd + (int)loop->events[i].events;
        }
        all += found;
    }
    sink = sum;
    return all == (int64_t)turns * ready ? now() - start : -1;
}

/* As in a shim that returns its results in an array of Java's. */
NATIVE(jint, epollInto)(JNIEnv *env, jclass type, jint epfd, jintArray results, jint maximum) {
    (void)type;
    struct epoll_event events[MOST_COPIED];
    int found = epoll_wait(epfd, events, maximum < MOST_COPIED ? maximum : MOST_COPIED, 0);
    jint pairs[2 * MOST_COPIED];
    for (int i = 0; i < found; i++) {
        pairs[2 * i] = events[i].data.fd;
        pairs[2 * i + 1] = (jint)events[i].events;
    }
    if (found > 0) {
        (*env)->SetIntArrayRegion(env, results, 0, 2 * found, pairs);
    }
    return found;
}

NATIVE(jlong, pollTurns)(JNIEnv *env, jclass type, jlong handle, jint turns, jint ready) {
    (void)env, (void)type;
    struct loop *loop = (struct loop *)(intptr_t)handle;
    int64_t all = 0, sum = 0, start = now();
    for (int turn = 0; turn < turns; turn++) {
        int found = poll(loop->pollfds, (nfds_t)loop->count, 0);
        for (int i = 0, left = found; left > 0; i++) {
            if (loop->pollfds[i].revents != 0) {
                left--;
                sum += loop->keys[i].fd + loop->pollfds[i].revents;
            }
        }
        all += found;
    }
    sink = sum;
    return all == (int64_t)turns * ready ? now() - start : -1;
}

NATIVE(jlong, selectTurns)(JNIEnv *env, jclass type, jlong handle, jint turns, jint ready) {
    (void)env, (void)type;
    struct loop *loop = (struct loop *)(intptr_t)handle;
    unsigned long *readable = loop->watched + 2 * loop->words;
    unsigned long *writable = readable + loop->words;
    int64_t all = 0, sum = 0, start = now();
    for (int turn = 0; turn < turns; turn++) {
        struct timeval zero = {0, 0};
        memcpy(readable, loop->watched, 2 * loop->words * sizeof *readable);
        int found = select(loop->limit, (fd_set *)readable, (fd_set *)writable, NULL, &zero);
        for (size_t word = 0; found > 0 && word < loop->words; word++) {
            for (unsigned long left = readable[word] | writable[word]; left; left &= left - 1) {
                int bit = __builtin_ctzl(left);
                struct key *key = loop->by_descriptor[word * WORD + (size_t)bit];
                sum += key->fd + (int)(readable[word] >> bit & 1);
            }
        }
        all += found;
    }
    sink = sum;
    return all == (int64_t)turns * ready ? now() - start : -1;
}
