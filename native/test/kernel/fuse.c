/* /dev/fuse: the requests to a file system that a program makes. */
#define _GNU_SOURCE
#include "kernel.h"

#include <linux/fuse.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define PLACE "/tmp"

static void open_device(void) {
    leave_namespaces(CLONE_NEWNS);
    object = (int)MUST(open("/dev/fuse", O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

/* Its first request waits then. */
static void mount_it(void) {
    char options[64];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", object);
    MUST(mount("kernel", PLACE, "fuse", MS_NOSUID | MS_NODEV, options));
}

static void answer_first_request(void) {
    char request[1 << 17];
    struct {
        struct fuse_out_header header;
        struct fuse_init_out body;
    } answer = {.body = {.major = 7, .minor = 31, .max_write = 4096}};
    MUST(read(object, request, sizeof request));
    answer.header.len = sizeof answer;
    answer.header.unique = ((struct fuse_in_header *)(void *)request)->unique;
    MUST(write(object, &answer, sizeof answer));
}

static void mount_and_answer(void) {
    mount_it();
    answer_first_request();
}

static void look_at_it(void) {
    struct stat status;
    close(object);
    stat(PLACE, &status);
}

static void request(void) {
    start(look_at_it);
    poll(&(struct pollfd){.fd = object, .events = POLLIN}, 1, 1000);
}

static void unmount(void) {
    MUST(umount2(PLACE, MNT_DETACH));
}

#define FUSE "`/dev/fuse`"

const struct row fuse_rows[] = {
    {FUSE, "before the mount", {open_device}},
    {FUSE, "mounted, a request waits", {open_device, mount_it}},
    {FUSE, "mounted, idle", {open_device, mount_and_answer}},
    {FUSE, "unmounted", {open_device, mount_and_answer, unmount}},
    {FUSE,
     "watched, then mounted, then a request",
     {open_device},
     {mount_and_answer, request},
     .asked = POLLIN},
    {0},
};
