#include "cascade.h"

#include <stdlib.h>
#include <sys/epoll.h>

struct loop {
    struct cascade *cascade;
    int epfd;
    struct epoll_event *events;
};

void *cascade_open(struct cascade *cascade) {
    struct loop *loop = malloc(sizeof *loop);
    loop->cascade = cascade;
    loop->epfd = epoll_create1(EPOLL_CLOEXEC);
    loop->events = calloc((size_t)cascade->count, sizeof *loop->events);
    for (int i = 0; i < cascade->count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        epoll_ctl(loop->epfd, EPOLL_CTL_ADD, cascade->read_ends[i], &event);
    }
    return loop;
}

void cascade_pass(void *argument) {
    struct loop *loop = argument;
    int found = epoll_wait(loop->epfd, loop->events, loop->cascade->count, 0);
    for (int i = 0; i < found; i++) {
        cascade_catch(loop->cascade, (int)loop->events[i].data.u32);
    }
}

void cascade_close(void *argument) {
    struct loop *loop = argument;
    close(loop->epfd);
    free(loop->events);
    free(loop);
}
