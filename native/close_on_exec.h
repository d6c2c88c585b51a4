/* For calls that can't make a descriptor close-on-exec by themselves. */
#ifndef SELECTORS4J_CLOSE_ON_EXEC_H
#define SELECTORS4J_CLOSE_ON_EXEC_H

#include "shim.h"

#include <fcntl.h>
#include <unistd.h>

/* What a call has returned: a descriptor, which is closed if this can't be said of it, or -1. */
static inline jint close_on_exec(int fd) {
    if (fd >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return result(fd);
}

#endif
