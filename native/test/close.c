/* close(2) of a test program: an emulated descriptor takes its kernel state along. */
#include "devpoll/devpoll.h"
#include "kqueue/kqueue.h"

int __real_close(int fd);
int __wrap_close(int fd);

int __wrap_close(int fd) {
    int result;
    if (devpoll_close(fd, &result) || kqueue_close(fd, &result))
        return result;
    return __real_close(fd);
}
