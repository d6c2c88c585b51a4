/* The changes of a set, which are written to it. */
#include "set.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/*
 * Old Solaris lets the offset of write(2) grow until it passes the largest one, 2 GB, and fails
 * from then on. A test can't write that much, so the end comes sooner here.
 */
#define LARGEST_OFFSET (64 * 1024)

static int wait_for_polls(struct set *set) {
    bool interrupted = false;
    set->writers++;
    while (set->polling > 0 && !set->closing && !interrupted)
        interrupted = !wait_turn();
    set->writers--;
    return set->closing ? EBADF : interrupted ? EINTR : 0;
}

static bool grow(struct set *set, int fd) {
    if (fd < set->size)
        return true;
    int size = fd + 1 > 2 * set->size ? fd + 1 : 2 * set->size;
    struct entry *entries = realloc(set->entries, (size_t)size * sizeof *entries);
    if (entries == NULL)
        return false;
    memset(entries + set->size, 0, (size_t)(size - set->size) * sizeof *entries);
    set->entries = entries;
    set->size = size;
    return true;
}

static int apply(struct set *set, const struct pollfd *change) {
    if (change->fd < 0 || (rlim_t)change->fd >= descriptor_limit())
        return 0; /* 3 */
    if (change->events == POLLREMOVE) {
        struct entry *entry = change->fd < set->size ? &set->entries[change->fd] : NULL;
        /* illumos passes over what was not open when it was written, and so keeps its events */
        if (entry != NULL && (entry->cached || set->solaris))
            *entry = (struct entry){0};
        return 0;
    }
    if (!grow(set, change->fd))
        return ENOMEM;
    if (change->fd > set->highest)
        set->highest = change->fd;
    struct entry *entry = &set->entries[change->fd];
    entry->known = true;
    entry->events |= change->events; /* 2 */
    if (fcntl(change->fd, F_GETFD) >= 0)
        entry->cached = true;
    return 0;
}

ssize_t write_set(struct set *set, const void *bytes, size_t length, off_t *offset) {
    size_t count = length / sizeof(struct pollfd);
    int error = 0;
    if (!set->writable)
        return fail(EBADF);
    if (!permitted(set))
        return fail(EACCES);
    if (count > descriptor_limit())
        return fail(EINVAL); /* 5 */
    if (set->solaris) {
        if (*offset > LARGEST_OFFSET - (off_t)length)
            return fail(EINVAL);
        error = wait_for_polls(set);
        *offset += error == 0 ? (off_t)length : 0;
    }
    for (size_t i = 0; i < count && error == 0; i++) {
        struct pollfd change; /* which may be anywhere */
        memcpy(&change, (const char *)bytes + i * sizeof change, sizeof change);
        error = apply(set, &change);
    }
    wake_set(set);
    return error == 0 ? (ssize_t)length : fail(error);
}
