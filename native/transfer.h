/* The calls that move bytes, each of which returns a count or -errno. */
#ifndef SELECTORS4J_TRANSFER_H
#define SELECTORS4J_TRANSFER_H

#include "system_call.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#define RWF_NOWAIT_FLAG 8
#define OWN_POSITION -1L

#if defined(MADE_BY_INSTRUCTION) && defined(SYS_preadv2)

#define READ(fd, memory, size) system_call(SYS_read, fd, memory, size, 0, 0, 0)
#define WRITE(fd, memory, size) system_call(SYS_write, fd, memory, size, 0, 0, 0)
#define RECEIVE(fd, memory, size, flags) system_call(SYS_recvfrom, fd, memory, size, flags, 0, 0)
#define SEND(fd, memory, size, flags) system_call(SYS_sendto, fd, memory, size, flags, 0, 0)
#define READ_NOW(fd, vector, count)                                                                \
    system_call(SYS_preadv2, fd, vector, count, OWN_POSITION, OWN_POSITION, RWF_NOWAIT_FLAG)
#define WRITE_NOW(fd, vector, count)                                                               \
    system_call(SYS_pwritev2, fd, vector, count, OWN_POSITION, OWN_POSITION, RWF_NOWAIT_FLAG)

#else

#define READ(fd, memory, size) result(read(fd, memory, (size_t)(size)))
#define WRITE(fd, memory, size) result(write(fd, memory, (size_t)(size)))
#define RECEIVE(fd, memory, size, flags) result(recv(fd, memory, (size_t)(size), flags))
#define SEND(fd, memory, size, flags) result(send(fd, memory, (size_t)(size), flags))

#ifdef SYS_preadv2
/* The position is in two halves where a register has but 32 bits. */
#define READ_NOW(fd, vector, count)                                                                \
    result(syscall(SYS_preadv2, fd, vector, (long)(count), OWN_POSITION, OWN_POSITION,             \
                   RWF_NOWAIT_FLAG))
#define WRITE_NOW(fd, vector, count)                                                               \
    result(syscall(SYS_pwritev2, fd, vector, (long)(count), OWN_POSITION, OWN_POSITION,            \
                   RWF_NOWAIT_FLAG))
#else
#define READ_NOW(fd, vector, count) ((void)(fd), (void)(vector), (void)(count), -ENOSYS)
#define WRITE_NOW READ_NOW
#endif

#endif

#endif
