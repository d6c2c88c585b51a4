#include "cascade.h"

#include <event2/event.h>
#include <stdlib.h>

struct watch {
    struct cascade *cascade;
    int index;
    struct event *event;
};

struct loop {
    struct event_base *base;
    struct watch *watches;
    int count;
};

static void readable(evutil_socket_t fd, short events, void *argument) {
    (void)fd, (void)events;
    struct watch *watch = argument;
    cascade_catch(watch->cascade, watch->index);
}

void *cascade_open(struct cascade *cascade) {
    struct loop *loop = malloc(sizeof *loop);
    loop->base = event_base_new();
    loop->count = cascade->count;
    loop->watches = calloc((size_t)cascade->count, sizeof *loop->watches);
    for (int i = 0; i < cascade->count; i++) {
        struct watch *watch = &loop->watches[i];
        *watch = (struct watch){.cascade = cascade, .index = i};
        watch->event =
            event_new(loop->base, cascade->read_ends[i], EV_READ | EV_PERSIST, readable, watch);
        event_add(watch->event, NULL);
    }
    return loop;
}

void cascade_pass(void *argument) {
    event_base_loop(((struct loop *)argument)->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

void cascade_close(void *argument) {
    struct loop *loop = argument;
    for (int i = 0; i < loop->count; i++) {
        event_free(loop->watches[i].event);
    }
    event_base_free(loop->base);
    free(loop->watches);
    free(loop);
}
