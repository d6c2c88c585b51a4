#include "cascade.h"

#include <ev.h>
#include <stdlib.h>

struct watch {
    ev_io io; /* first: the callback gets its address */
    struct cascade *cascade;
    int index;
};

struct loop {
    struct ev_loop *ev;
    struct watch *watches;
};

static void readable(struct ev_loop *ev, ev_io *io, int events) {
    (void)ev, (void)events;
    struct watch *watch = (struct watch *)io;
    cascade_catch(watch->cascade, watch->index);
}

void *cascade_open(struct cascade *cascade) {
    struct loop *loop = malloc(sizeof *loop);
    loop->ev = ev_loop_new(EVBACKEND_EPOLL);
    loop->watches = calloc((size_t)cascade->count, sizeof *loop->watches);
    for (int i = 0; i < cascade->count; i++) {
        struct watch *watch = &loop->watches[i];
        watch->cascade = cascade;
        watch->index = i;
        ev_init(&watch->io, readable);
        ev_io_set(&watch->io, cascade->read_ends[i], EV_READ);
        ev_io_start(loop->ev, &watch->io);
    }
    return loop;
}

void cascade_pass(void *argument) {
    ev_run(((struct loop *)argument)->ev, EVRUN_NOWAIT);
}

void cascade_close(void *argument) {
    struct loop *loop = argument;
    ev_loop_destroy(loop->ev);
    free(loop->watches);
    free(loop);
}
