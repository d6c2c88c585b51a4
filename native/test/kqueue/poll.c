/*
 * poll(2) and ppoll(2) of a program on the emulation: where that is Darwin's, of an open device
 * they say that it is not open.
 */
#define _GNU_SOURCE
#include "queue.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>

int __real_poll(struct pollfd *fds, nfds_t count, int millis);
int __real_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask);
int __wrap_poll(struct pollfd *fds, nfds_t count, int millis);
int __wrap_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask);

static bool is_denied(int fd) {
    struct stat file;
    return fstat(fd, &file) == 0 && S_ISCHR(file.st_mode);
}

/* Asks for the others, and adds the devices; -1 if there are none. */
static int deny_devices(struct pollfd *fds, nfds_t count) {
    int denied = 0;
    struct pollfd *others = malloc((count + 1) * sizeof *others);
    for (nfds_t i = 0; others != NULL && i < count; i++) {
        others[i] = fds[i];
        if (is_denied(fds[i].fd)) {
            others[i].fd = -1;
            denied++;
        }
    }
    int found = denied == 0 ? -1 : __real_poll(others, count, 0);
    for (nfds_t i = 0; found >= 0 && i < count; i++) {
        fds[i].revents = fds[i].fd >= 0 && others[i].fd < 0 ? POLLNVAL : others[i].revents;
    }
    free(others);
    return found < 0 ? -1 : found + denied;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int millis) {
    int denied = model("macos") ? deny_devices(fds, count) : -1;
    return denied >= 0 ? denied : __real_poll(fds, count, millis);
}

int __wrap_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask) {
    int denied = model("macos") ? deny_devices(fds, count) : -1;
    return denied >= 0 ? denied : __real_ppoll(fds, count, timeout, mask);
}
