#include "cascade.h"

#include <stdlib.h>
#include <uv.h>

struct watch {
    uv_poll_t poll; /* first: the callback gets its address */
    struct cascade *cascade;
    int index;
};

struct loop {
    uv_loop_t uv;
    struct watch *watches;
    int count;
};

static void readable(uv_poll_t *poll, int status, int events) {
    (void)status, (void)events;
    struct watch *watch = (struct watch *)poll;
    cascade_catch(watch->cascade, watch->index);
}

void *cascade_open(struct cascade *cascade) {
    struct loop *loop = malloc(sizeof *loop);
    uv_loop_init(&loop->uv);
    loop->count = cascade->count;
    loop->watches = calloc((size_t)cascade->count, sizeof *loop->watches);
    for (int i = 0; i < cascade->count; i++) {
        struct watch *watch = &loop->watches[i];
        watch->cascade = cascade;
        watch->index = i;
        uv_poll_init(&loop->uv, &watch->poll, cascade->read_ends[i]);
        uv_poll_start(&watch->poll, UV_READABLE, readable);
    }
    return loop;
}

void cascade_pass(void *argument) {
    uv_run(&((struct loop *)argument)->uv, UV_RUN_NOWAIT);
}

void cascade_close(void *argument) {
    struct loop *loop = argument;
    for (int i = 0; i < loop->count; i++) {
        uv_close((uv_handle_t *)&loop->watches[i].poll, NULL);
    }
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
    free(loop->watches);
    free(loop);
}
