/*
 * System calls that are made by the instruction itself, where MADE_BY_INSTRUCTION is defined: on
 * x86-64 Linux. The functions of the C library let the thread be cancelled meanwhile, which nobody
 * does to a JVM's. That, and one return more after the system call, which the processor mispredicts
 * where the kernel guards against speculation, came to 18 ns.
 *
 * SELECTORS4J_CALLS_BY_NAME is for test builds with something between these calls and the system.
 */
#ifndef SELECTORS4J_SYSTEM_CALL_H
#define SELECTORS4J_SYSTEM_CALL_H

#include "shim.h"

#ifdef __linux__
#include <sys/syscall.h>
#endif

#if defined(__linux__) && defined(__x86_64__) && defined(__LP64__) &&                              \
    !defined(SELECTORS4J_CALLS_BY_NAME)
#define MADE_BY_INSTRUCTION

/* A count, or -errno. */
static inline jint system_call(long number, long first, const void *second, long third, long fourth,
                               long fifth, long sixth) {
    register long r10 __asm__("r10") = fourth;
    register long r8 __asm__("r8") = fifth;
    register long r9 __asm__("r9") = sixth;
    long returned;
    __asm__ volatile("syscall"
                     : "=a"(returned)
                     : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return (jint)returned;
}

#endif

#endif
