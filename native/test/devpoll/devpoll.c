/*
 * /dev/poll of Solaris and illumos, emulated inside the process; README.md says which rules it
 * follows and which it does not. The numbers in the comments are those of the rules.
 *
 * The linker's --wrap sends the program's open, ioctl, write and pwrite here; whatever does not
 * concern /dev/poll goes on to libc. An opened /dev/poll is an eventfd, a real descriptor, that
 * also wakes the DP_POLL calls that wait on it.
 */
#define _GNU_SOURCE
#include "set.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int __real_open(const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __real_ioctl(int fd, unsigned long request, ...);
ssize_t __real_write(int fd, const void *bytes, size_t length);
ssize_t __real_pwrite64(int fd, const void *bytes, size_t length, off64_t offset);

static int is_polled(struct set *set, struct pollfd *query) {
    if (!permitted(set))
        return fail(EACCES);
    if (query->fd < 0 || query->fd >= set->size || !set->entries[query->fd].cached)
        return 0;
    query->revents = set->entries[query->fd].events;
    return 1;
}

static int control(struct set *set, unsigned long request, void *argument) {
    if (request == DP_POLL)
        return poll_set(set, argument);
    if (request == DP_ISPOLLED)
        return is_polled(set, argument);
    return fail(EINVAL);
}

int __wrap_ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    struct set *set = enter_set(fd);
    if (set == NULL)
        return __real_ioctl(fd, request, argument);
    int result = control(set, request, argument);
    leave_set(set);
    return result;
}

ssize_t __wrap_write(int fd, const void *bytes, size_t length) {
    struct set *set = enter_set(fd);
    if (set == NULL)
        return __real_write(fd, bytes, length);
    ssize_t result = write_set(set, bytes, length, &set->offset);
    leave_set(set);
    return result;
}

ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    struct set *set = enter_set(fd);
    if (set == NULL)
        return __real_pwrite64(fd, bytes, length, offset);
    ssize_t result = write_set(set, bytes, length, &offset);
    leave_set(set);
    return result;
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return __wrap_pwrite64(fd, bytes, length, offset);
}

int __wrap_open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return strcmp(path, "/dev/poll") == 0 ? open_set(flags) : __real_open(path, flags, mode);
}

int __wrap_open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return strcmp(path, "/dev/poll") == 0 ? open_set(flags) : __real_open64(path, flags, mode);
}
