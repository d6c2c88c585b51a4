/* Failures on demand. */
#include "interposed.h"

#include <pthread.h>
#include <string.h>

const char *const call_names[CALL_COUNT] = {
    [CALL_ACCEPT4] = "accept4",
    [CALL_ANSWER_ADD] = "EV_ERROR(ADD)",
    [CALL_ANSWER_DELETE] = "EV_ERROR(DELETE)",
    [CALL_ANSWER_ENABLE] = "EV_ERROR(ENABLE)",
    [CALL_CLOSE] = "close",
    [CALL_DUP3] = "dup3",
    [CALL_EPOLL_CREATE1] = "epoll_create1",
    [CALL_EPOLL_CTL_ADD] = "epoll_ctl(ADD)",
    [CALL_EPOLL_CTL_DEL] = "epoll_ctl(DEL)",
    [CALL_EPOLL_CTL_MOD] = "epoll_ctl(MOD)",
    [CALL_EPOLL_PWAIT2] = "epoll_pwait2",
    [CALL_EPOLL_WAIT] = "epoll_wait",
    [CALL_EVENTFD] = "eventfd",
    [CALL_FCNTL_DUPFD] = "fcntl(F_DUPFD)",
    [CALL_FCNTL_DUPFD_CLOEXEC] = "fcntl(F_DUPFD_CLOEXEC)",
    [CALL_FCNTL_GETFL] = "fcntl(F_GETFL)",
    [CALL_FCNTL_SETFD] = "fcntl(F_SETFD)",
    [CALL_FCNTL_SETFL] = "fcntl(F_SETFL)",
    [CALL_IOCTL] = "ioctl(DP_POLL)",
    [CALL_KEVENT] = "kevent",
    [CALL_KEVENT_ADD] = "kevent(ADD)",
    [CALL_KEVENT_DELETE] = "kevent(DELETE)",
    [CALL_KQUEUE] = "kqueue",
    [CALL_MEMBARRIER] = "membarrier",
    [CALL_OPEN] = "open(/dev/poll)",
    [CALL_PIDFD_OPEN] = "pidfd_open",
    [CALL_PIPE] = "pipe",
    [CALL_PIPE2] = "pipe2",
    [CALL_POLL] = "poll",
    [CALL_PPOLL] = "ppoll",
    [CALL_PSELECT] = "pselect",
    [CALL_PREADV2] = "preadv2",
    [CALL_PWRITE] = "pwrite",
    [CALL_PWRITE_REMOVE] = "pwrite(POLLREMOVE)",
    [CALL_PWRITEV2] = "pwritev2",
    [CALL_READ] = "read",
    [CALL_READV] = "readv",
    [CALL_RECV] = "recv",
    [CALL_RECVMSG] = "recvmsg",
    [CALL_SEND] = "send",
    [CALL_SENDMSG] = "sendmsg",
    [CALL_SOCKETPAIR] = "socketpair",
    [CALL_WRITE] = "write",
    [CALL_WRITEV] = "writev",
};

struct fault {
    int error;
    long after;
    long times;
    long calls;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct fault faults[CALL_COUNT];
static long failed;

void fault_arm(enum call call, int error, long after, long times) {
    pthread_mutex_lock(&lock);
    faults[call].error = error;
    faults[call].after = after;
    faults[call].times = times;
    pthread_mutex_unlock(&lock);
}

void fault_reset(void) {
    pthread_mutex_lock(&lock);
    memset(faults, 0, sizeof faults);
    failed = 0;
    pthread_mutex_unlock(&lock);
}

int fault_next(enum call call) {
    struct fault *fault = &faults[call];
    int error = 0;
    pthread_mutex_lock(&lock);
    fault->calls++;
    if (fault->times != 0 && fault->after-- <= 0) {
        error = fault->error;
        fault->times -= fault->times > 0;
        failed++;
    }
    pthread_mutex_unlock(&lock);
    return error;
}

long fault_calls(enum call call) {
    pthread_mutex_lock(&lock);
    long calls = faults[call].calls;
    pthread_mutex_unlock(&lock);
    return calls;
}

long fault_failed(void) {
    pthread_mutex_lock(&lock);
    long count = failed;
    pthread_mutex_unlock(&lock);
    return count;
}
