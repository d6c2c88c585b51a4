/*
 * The calls that move bytes, each of which returns a count or -errno.
 *
 * On x86-64 Linux they are made by the instruction itself. The functions of the C library let the
 * thread be cancelled meanwhile, which nobody does to a JVM's. That, and one return more after the
 * system call, which the processor mispredicts where the kernel guards against speculation, came to
 * 18 ns of the 270 that 64 bytes took.
 *
 * SELECTORS4J_CALLS_BY_NAME is for test builds with something between these calls and the system.
 */
#ifndef SELECTORS4J_TRANSFER_H
#define SELECTORS4J_TRANSFER_H

#include "shim.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#define RWF_NOWAIT_FLAG 8
#define OWN_POSITION -1L

#if defined(__linux__) && defined(__x86_64__) && defined(__LP64__) && defined(SYS_preadv2) &&      \
    !defined(SELECTORS4J_CALLS_BY_NAME)

static inline jint system_call(long number, int fd, const void *memory, long size, long fourth,
                               long fifth, long sixth) {
    register long r10 __asm__("r10") = fourth;
    register long r8 __asm__("r8") = fifth;
    register long r9 __asm__("r9") = sixth;
    long returned;
    __asm__ volatile("syscall"
                     : "=a"(returned)
                     : "a"(number), "D"((long)fd), "S"(memory), "d"(size), "r"(r10), "r"(r8),
                       "r"(r9)
                     : "rcx", "r11", "memory");
    return (jint)returned;
}

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
