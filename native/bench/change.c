/* epoll_ctl as plain loops. */
#include "bench.h"

#include <sys/epoll.h>
#include <unistd.h>

static int control(int epfd, int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(epfd, operation, fd, &event);
}

/* Each turn watches the next descriptor for reading and writing if it was for reading, and back. */
NATIVE(jlong, modifyTurns)(JNIEnv *env, jclass type, jintArray descriptors, jint turns) {
    (void)type;
    int count = (*env)->GetArrayLength(env, descriptors), *fds = copy_of(env, descriptors);
    int epfd = epoll_create1(EPOLL_CLOEXEC), failed = 0;
    for (int i = 0; i < count; i++) {
        failed |= control(epfd, EPOLL_CTL_ADD, fds[i], EPOLLIN);
    }
    uint32_t events = EPOLLIN;
    int64_t start = now();
    for (int turn = 0, i = 0; turn < turns; turn++) {
        if (i == 0) {
            events ^= EPOLLOUT;
        }
        failed |= control(epfd, EPOLL_CTL_MOD, fds[i], events);
        i = i + 1 < count ? i + 1 : 0;
    }
    int64_t taken = now() - start;
    close(epfd);
    free(fds);
    return failed ? -1 : taken;
}

/* Each turn adds a descriptor and deletes it. */
NATIVE(jlong, registerTurns)(JNIEnv *env, jclass type, jintArray descriptors, jint turns) {
    (void)type;
    int count = (*env)->GetArrayLength(env, descriptors), *fds = copy_of(env, descriptors);
    int epfd = epoll_create1(EPOLL_CLOEXEC), failed = 0;
    int64_t start = now();
    for (int turn = 0, i = 0; turn < turns; turn++) {
        failed |= control(epfd, EPOLL_CTL_ADD, fds[i], EPOLLIN);
        failed |= control(epfd, EPOLL_CTL_DEL, fds[i], 0);
        i = i + 1 < count ? i + 1 : 0;
    }
    int64_t taken = now() - start;
    close(epfd);
    free(fds);
    return failed ? -1 : taken;
}

/* Adds all descriptors to a new set, with a key each; only that is timed. */
NATIVE(jlong, registerAll)(JNIEnv *env, jclass type, jintArray descriptors) {
    (void)type;
    struct key {
        int fd;
        uint32_t events;
        void *data;
    };
    int count = (*env)->GetArrayLength(env, descriptors), *fds = copy_of(env, descriptors);
    int epfd = epoll_create1(EPOLL_CLOEXEC), failed = 0;
    struct key **keys = calloc((size_t)count, sizeof *keys);
    int64_t start = now();
    for (int i = 0; i < count; i++) {
        struct key *key = keys[i] = malloc(sizeof *key);
        *key = (struct key){fds[i], EPOLLIN, NULL};
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = key};
        failed |= epoll_ctl(epfd, EPOLL_CTL_ADD, fds[i], &event);
    }
    int64_t taken = now() - start;
    close(epfd);
    for (int i = 0; i < count; i++) {
        free(keys[i]);
    }
    free(keys);
    free(fds);
    return failed ? -1 : taken;
}
