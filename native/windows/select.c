/* Winsock's select. Its sets are arrays of handles; Java's, of a bit for each number, as elsewhere.
 */
#include "io_github_selectors4j_internal_SelectShim.h"
#include "winsock.h"

#include <stdlib.h>

/* An fd_set that does not end at FD_SETSIZE. */
struct handles {
    u_int count;
    SOCKET sockets[];
};

static uint64_t *set_at(jlong sets, jint bytes, int index) {
    return (uint64_t *)((char *)MEMORY(sets) + (size_t)index * (size_t)bytes);
}

enum { READ, WRITE, EXCEPT, READ_READY, WRITE_READY, EXCEPT_READY };

static int has(const uint64_t *set, SOCKET socket) {
    return (set[socket / 64] >> socket % 64 & 1) != 0;
}

/* Sets the bits of the sockets that were asked for, and returns how many bits are new. */
static jint report(const struct handles *found, const uint64_t *interest, uint64_t *ready) {
    jint count = 0;
    for (u_int i = 0; i < found->count; i++) {
        const SOCKET socket = found->sockets[i];
        if (has(interest, socket) && !has(ready, socket)) {
            ready[socket / 64] |= UINT64_C(1) << socket % 64;
            count++;
        }
    }
    return count;
}

/* The sockets in either of two sets; NULL when memory is short. */
static struct handles *handles_of(const uint64_t *one, const uint64_t *other, jint words) {
    size_t count = 0;
    for (jint word = 0; word < words; word++) {
        count += (size_t)__builtin_popcountll(one[word] | other[word]);
    }
    struct handles *handles = malloc(sizeof *handles + (count + 1) * sizeof(SOCKET));
    if (handles == NULL) {
        return NULL;
    }
    handles->count = 0;
    for (jint word = 0; word < words; word++) {
        for (uint64_t left = one[word] | other[word]; left != 0; left &= left - 1) {
            handles->sockets[handles->count++] = (SOCKET)word * 64 + (SOCKET)__builtin_ctzll(left);
        }
    }
    return handles;
}

static jint wait_for(struct handles *read, struct handles *write, struct handles *except,
                     jlong nanos) {
    if (read->count + write->count + except->count == 0) {
        return wait_for_nothing(nanos < 0 ? INFINITE : (DWORD)((nanos + 999999) / 1000000));
    }
    const jlong micros = (nanos + 999) / 1000;
    struct timeval timeout = {.tv_sec = (long)(micros / 1000000),
                              .tv_usec = (long)(micros % 1000000)};
    return winsock_result(
        select(0, (fd_set *)read, (fd_set *)write, (fd_set *)except, nanos < 0 ? NULL : &timeout));
}

/* A refused connection is writable elsewhere; Winsock tells of it in the set of exceptions alone.
 */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_SelectShim_wait(JNIEnv *env, jclass type,
                                                                           jlong sets, jint bytes,
                                                                           jint descriptors,
                                                                           jlong nanos) {
    (void)env, (void)type;
    if (sets == 0 || bytes < 0 || bytes % 8 != 0 || descriptors < 0 ||
        descriptors > bytes * INT64_C(8)) {
        return -WSAEINVAL;
    }
    const uint64_t *read_interest = set_at(sets, bytes, READ);
    const uint64_t *write_interest = set_at(sets, bytes, WRITE);
    const uint64_t *except_interest = set_at(sets, bytes, EXCEPT);
    const jint words = (descriptors + 63) / 64;
    struct handles *read = handles_of(read_interest, read_interest, words);
    struct handles *write = handles_of(write_interest, write_interest, words);
    struct handles *except = handles_of(write_interest, except_interest, words);
    jint found = -WSAENOBUFS;
    if (read != NULL && write != NULL && except != NULL) {
        found = wait_for(read, write, except, nanos);
    }
    if (found >= 0) {
        uint64_t *write_ready = set_at(sets, bytes, WRITE_READY);
        memset(set_at(sets, bytes, READ_READY), 0, 3 * (size_t)bytes);
        if (found > 0) {
            found = report(read, read_interest, set_at(sets, bytes, READ_READY)) +
                    report(write, write_interest, write_ready) +
                    report(except, write_interest, write_ready) +
                    report(except, except_interest, set_at(sets, bytes, EXCEPT_READY));
        }
    }
    free(read);
    free(write);
    free(except);
    return found;
}
