/* What the process of a row does apart from the row's object. */
#define _GNU_SOURCE
#include "kernel.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>

void leave_out(const char *why) {
    printf("%s", why);
    fflush(stdout);
    exit(LEFT_OUT);
}

long must(const char *call, long result) {
    if (result < 0) {
        char why[512];
        snprintf(why, sizeof why, "%s: %s", call, error_name(errno));
        leave_out(why);
    }
    return result;
}

const char *error_name(int error) {
    return strerrorname_np(error);
}

void leave_namespaces(int namespaces) {
    MUST(unshare(geteuid() == 0 ? namespaces : namespaces | CLONE_NEWUSER));
    if ((namespaces & CLONE_NEWNS) != 0)
        MUST(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

pid_t start(step *run) {
    pid_t parent = getpid(), child = (pid_t)MUST(fork());
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) /* which may have ended before */
            _exit(0);
        run();
        _exit(0);
    }
    return child;
}

void wait_for_end(void) {
    pause();
}

void set_number(const char *path, int number) {
    int file = (int)must(path, open(path, O_WRONLY | O_CLOEXEC));
    dprintf(file, "%d", number);
    close(file);
}

char *map(size_t size, int flags, int file, off_t offset) {
    char *start = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, file, offset);
    MUST(start == MAP_FAILED ? -1 : 0);
    return start;
}
