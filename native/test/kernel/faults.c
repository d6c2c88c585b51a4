/* userfaultfd: a program that fills in the pages which its other threads touch. */
#define _GNU_SOURCE
#include "kernel.h"

#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static void open_faults(int flags) {
    object = (int)MUST(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY | flags));
}

static void blocking(void) {
    open_faults(0);
}

static void not_blocking(void) {
    open_faults(O_NONBLOCK);
}

static void shake_hands(void) {
    MUST(ioctl(object, UFFDIO_API, &(struct uffdio_api){.api = UFFD_API}));
}

static void *touch(void *page) {
    *(volatile char *)page = 1;
    return NULL;
}

static void fault(void) {
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    char *page = map(size, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_register range = {{(uintptr_t)page, size}, UFFDIO_REGISTER_MODE_MISSING, 0};
    pthread_t thread;
    MUST(ioctl(object, UFFDIO_REGISTER, &range));
    pthread_create(&thread, NULL, touch, page);
    poll(&(struct pollfd){.fd = object, .events = POLLIN}, 1, 1000);
}

#define FAULTS "userfaultfd"

const struct row fault_rows[] = {
    {FAULTS, "blocking", {blocking, shake_hands}},
    {FAULTS, "non-blocking, before `UFFDIO_API`", {not_blocking}},
    {FAULTS, "non-blocking, no fault", {not_blocking, shake_hands}},
    {FAULTS, "non-blocking, a fault", {not_blocking, shake_hands, fault}},
    {0},
};
