/* The layer between the shims and the system: who opened what, and failures on demand. */
#ifndef INTERPOSED_H
#define INTERPOSED_H

#include <stdbool.h>
#include <stddef.h>

/* The system calls as the tests tell them apart, and the answers of kevent(2) to its changes. */
enum call {
    CALL_ACCEPT4,
    CALL_ANSWER_ADD,
    CALL_ANSWER_DELETE,
    CALL_ANSWER_ENABLE,
    CALL_CLOSE,
    CALL_DUP3,
    CALL_EPOLL_CREATE1,
    CALL_EPOLL_CTL_ADD,
    CALL_EPOLL_CTL_DEL,
    CALL_EPOLL_CTL_MOD,
    CALL_EPOLL_PWAIT2,
    CALL_EPOLL_WAIT,
    CALL_EVENTFD,
    CALL_FCNTL_DUPFD,
    CALL_FCNTL_DUPFD_CLOEXEC,
    CALL_FCNTL_GETFL,
    CALL_FCNTL_SETFD,
    CALL_FCNTL_SETFL,
    CALL_IOCTL,
    CALL_KEVENT,
    CALL_KEVENT_ADD,
    CALL_KEVENT_DELETE,
    CALL_KQUEUE,
    CALL_MEMBARRIER,
    CALL_OPEN,
    CALL_PIDFD_OPEN,
    CALL_PIPE,
    CALL_PIPE2,
    CALL_POLL,
    CALL_PPOLL,
    CALL_PSELECT,
    CALL_PREADV2,
    CALL_PWRITE,
    CALL_PWRITE_REMOVE,
    CALL_PWRITEV2,
    CALL_READ,
    CALL_READV,
    CALL_RECV,
    CALL_RECVMSG,
    CALL_SEND,
    CALL_SENDMSG,
    CALL_SOCKETPAIR,
    CALL_WRITE,
    CALL_WRITEV,
    CALL_COUNT
};

extern const char *const call_names[CALL_COUNT];

/* faults.c: each call is counted; some fail. */

/* The calls after the next `after` ones of this name fail: `times` of them, all if negative. */
void fault_arm(enum call call, int error, long after, long times);
/* From now on none fails, and the counts begin at 0. */
void fault_reset(void);
/* Counts a call. Returns the error that it is to fail with, or 0. */
int fault_next(enum call call);
long fault_calls(enum call call);
/* How many calls failed on demand. */
long fault_failed(void);

/* ledger.c: the descriptors that the library opened and has not closed. */

enum kind {
    KIND_NONE,
    KIND_ACCEPTED,
    KIND_ADOPTED, /* a test's, given to the library, which closes it */
    KIND_DEVPOLL,
    KIND_DUPLICATE,
    KIND_EPOLL,
    KIND_EVENTFD,
    KIND_KQUEUE,
    KIND_LENT, /* a test's, which closes it when nobody uses it any more */
    KIND_PAIR,
    KIND_PIDFD,
    KIND_PIPE
};

void ledger_opened(int fd, enum kind kind);
/* Takes a descriptor out, before the system gives its number away again. */
void ledger_closing(int fd);
/* The same for one that is lent, before its owner closes it. */
void ledger_taken_back(int fd);
enum kind ledger_kind(int fd);
/* Between these the descriptor may not be closed; a descriptor of another kind is a violation, and
 * then there is nothing to give back. */
bool ledger_use(enum call call, int fd, enum kind kind, enum kind or_kind);
void ledger_release(int fd);
/* The same for reading and writing, which of wake-ups and of what a test has lent or given. */
bool ledger_use_for_io(enum call call, int fd);
/* The same for one of many descriptors, most of which are others': whether it is a wake-up's. */
bool ledger_use_if_wakeup(int fd);
void ledger_violation(const char *call, int fd, const char *why);
/* How many descriptors, of which the numbers of the first `room` are copied. */
size_t ledger_list(int *fds, size_t room);
/* The oldest violation, which is forgotten; false when there is none. */
bool ledger_take_violation(char *text, size_t size);

#endif
