/* io_uring, whose descriptor is ready to read when there are completions. */
#define _GNU_SOURCE
#include "kernel.h"

#include <linux/io_uring.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#ifndef IORING_SETUP_DEFER_TASKRUN
#define IORING_SETUP_SINGLE_ISSUER (1U << 12)
#define IORING_SETUP_DEFER_TASKRUN (1U << 13)
#endif

static struct io_uring_params params;
static char *queue;
static struct io_uring_sqe *entries;

/* For one submission at a time. */
static void open_ring(unsigned flags) {
    params.flags = flags;
    object = (int)MUST(syscall(SYS_io_uring_setup, 1, &params));
    queue = map(params.sq_off.array + sizeof(unsigned), MAP_SHARED, object, IORING_OFF_SQ_RING);
    entries = (void *)map(sizeof *entries, MAP_SHARED, object, IORING_OFF_SQES);
}

static void ring(void) {
    open_ring(0);
}

static void deferring_ring(void) {
    open_ring(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
}

static void queue_one(struct io_uring_sqe entry) {
    entries[0] = entry;
    atomic_fetch_add((_Atomic unsigned *)(void *)(queue + params.sq_off.tail), 1);
}

static void submit(void) {
    MUST(syscall(SYS_io_uring_enter, object, 1, 0, 0, NULL, 0));
}

static void queue_nothing(void) {
    queue_one((struct io_uring_sqe){.opcode = IORING_OP_NOP});
}

static void do_nothing(void) {
    queue_nothing();
    submit();
}

static void wait_for_byte(void) {
    int ends[2];
    MUST(pipe2(ends, O_CLOEXEC));
    peer = ends[1];
    queue_one((struct io_uring_sqe){
        .opcode = IORING_OP_POLL_ADD, .fd = ends[0], .poll32_events = POLLIN});
    submit();
}

#define RING "io_uring"
#define DEFERRING "io_uring, `DEFER_TASKRUN`"

const struct row ring_rows[] = {
    {RING, "idle", {ring}},
    {RING, "a completion", {ring, do_nothing}},
    {RING, "submissions fill the queue", {ring, queue_nothing}},
    {RING, "full, then submitted while it is watched", {ring, queue_nothing}, {submit}, POLLOUT},
    {RING, "a completion while it is watched", {ring, wait_for_byte}, {put_byte}, POLLIN},
    {DEFERRING,
     "a completion while it is watched",
     {deferring_ring, wait_for_byte},
     {put_byte},
     .asked = POLLIN},
    {0},
};
