/* POSIX message queues, whose number is a descriptor on Linux. */
#define _GNU_SOURCE
#include "kernel.h"

#include <mqueue.h>
#include <stdio.h>

static void open_queue(int flags) {
    char name[64];
    struct mq_attr two = {.mq_maxmsg = 2, .mq_msgsize = 8};
    snprintf(name, sizeof name, "/selectors4j-kernel-%d", (int)getpid());
    peer = (int)MUST(mq_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600, &two));
    object = mq_open(name, flags | O_CLOEXEC);
    mq_unlink(name);
    MUST(object);
}

static void to_read(void) {
    open_queue(O_RDONLY);
}

static void to_write(void) {
    open_queue(O_WRONLY);
}

static void send_one(void) {
    MUST(mq_send(peer, "x", 1, 0));
}

#define QUEUE "message queue (`mq_open`)"

const struct row queue_rows[] = {
    {QUEUE, "opened to read, empty", {to_read}},
    {QUEUE, "opened to read, a message", {to_read, send_one}},
    {QUEUE, "opened to read, full", {to_read, send_one, send_one}},
    {QUEUE, "opened to write, empty", {to_write}},
    {QUEUE, "opened to write, a message", {to_write, send_one}},
    {QUEUE, "opened to write, full", {to_write, send_one, send_one}},
    {0},
};
