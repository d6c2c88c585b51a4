/* The same as wrappers.c for reading and writing on behalf of the library's user. */
#define _GNU_SOURCE
#include "wrapper.h"

#include <sys/socket.h>
#include <sys/uio.h>

/* Defines a wrapper of a call on a descriptor of a test's. */
#define WRAPPED_IO(call, name, parameters, ...)                                                    \
    WRAPPED(ssize_t, name, int fd, parameters) {                                                   \
        if (!ledger_use_for_io(call, fd)) {                                                        \
            return refuse(EBADF);                                                                  \
        }                                                                                          \
        USING(fd, fails(call) ? -1 : __real_##name(fd, __VA_ARGS__));                              \
    }

#define AND ,

WRAPPED_IO(CALL_READV, readv, const struct iovec *vector AND int count, vector, count)
WRAPPED_IO(CALL_WRITEV, writev, const struct iovec *vector AND int count, vector, count)
WRAPPED_IO(CALL_RECV, recv, void *bytes AND size_t count AND int flags, bytes, count, flags)
WRAPPED_IO(CALL_SEND, send, const void *bytes AND size_t count AND int flags, bytes, count, flags)
WRAPPED_IO(CALL_RECVMSG, recvmsg, struct msghdr *message AND int flags, message, flags)
WRAPPED_IO(CALL_SENDMSG, sendmsg, const struct msghdr *message AND int flags, message, flags)

WRAPPED(int, accept4, int fd, struct sockaddr *address, socklen_t *size, int flags) {
    if (!ledger_use_for_io(CALL_ACCEPT4, fd)) {
        return refuse(EBADF);
    }
    USING(fd, fails(CALL_ACCEPT4)
                  ? -1
                  : opened(__real_accept4(fd, address, size, flags), KIND_ACCEPTED));
}
