/* select(2), with sets as large as the descriptors need: FD_SET and fd_set are not used, since
 * they end at FD_SETSIZE. */
#define _GNU_SOURCE
#define _DARWIN_UNLIMITED_SELECT
#include "io_github_selectors4j_internal_system_SelectShim.h"
#include "system_call.h"

#include <sys/select.h>
#include <time.h>

#ifdef MADE_BY_INSTRUCTION
#define PSELECT(limit, read, write, except, timeout)                                               \
    system_call(SYS_pselect6, limit, read, (long)(write), (long)(except), (long)(timeout), 0)
#else
#define PSELECT(limit, read, write, except, timeout)                                               \
    result(pselect(limit, read, write, except, timeout, NULL))
#endif

/* NULL for an empty set: the kernel would copy it in and out. */
static void *unless_empty(char *set, size_t bytes) {
    const uint64_t *words = MEMORY(set);
    uint64_t bits = 0;
    for (size_t i = 0; i < bytes / sizeof *words; i++) {
        bits |= words[i];
    }
    return bits == 0 ? NULL : set;
}

/* `sets` holds three sets of `bytes` each, for reading, writing and exceptions; behind them the
 * call's results take the place of their copies. A bit is a descriptor's number, so there is no
 * list of descriptors. Negative nanos wait for ever. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_SelectShim_wait(
    JNIEnv *env, jclass type, jlong sets, jint bytes, jlong descriptors, jint limit, jlong nanos) {
    (void)env, (void)type, (void)descriptors;
    if (sets == 0 || bytes < 0 || bytes % 8 != 0 || limit > bytes * INT64_C(8)) {
        return -EINVAL;
    }
    char *interest = MEMORY(sets);
    char *ready = interest + 3 * (size_t)bytes;
    struct timespec timeout = {.tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000};
    /* Not memcpy: a library for every libc imports no function that glibc has in two versions. */
    memmove(ready, interest, 3 * (size_t)bytes);
    return PSELECT(
        limit, unless_empty(ready, (size_t)bytes), unless_empty(ready + bytes, (size_t)bytes),
        unless_empty(ready + 2 * (size_t)bytes, (size_t)bytes), nanos < 0 ? NULL : &timeout);
}
