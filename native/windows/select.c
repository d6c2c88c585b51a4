/* Winsock's select. Its sets are arrays of sockets; Java's are of bits, as elsewhere, and a list
 * tells which socket a bit stands for. */
#include "io_github_selectors4j_internal_system_SelectShim.h"
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

static int in_order(const void *one, const void *other) {
    const SOCKET left = *(const SOCKET *)one, right = *(const SOCKET *)other;
    return (left > right) - (left < right);
}

/* Sets the bits of those sockets found that were asked for, and returns how many bits are new. */
static jint report(struct handles *found, const jint *sockets, const uint64_t *interest,
                   uint64_t *ready, jint words) {
    jint count = 0;
    qsort(found->sockets, found->count, sizeof(SOCKET), in_order);
    for (jint word = 0; word < words; word++) {
        for (uint64_t left = interest[word] & ~ready[word]; left != 0; left &= left - 1) {
            const SOCKET socket = socket_of(sockets[word * 64 + __builtin_ctzll(left)]);
            if (bsearch(&socket, found->sockets, found->count, sizeof socket, in_order) != NULL) {
                ready[word] |= left & -left;
                count++;
            }
        }
    }
    return count;
}

/* The sockets in either of two sets; NULL when memory is short. */
static struct handles *handles_of(const jint *sockets, const uint64_t *one, const uint64_t *other,
                                  jint words) {
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
            handles->sockets[handles->count++] =
                socket_of(sockets[word * 64 + __builtin_ctzll(left)]);
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

/* Leaves those that are not connected: of the others, the exception is urgent data. */
static void keep_refused(struct handles *except) {
    u_int kept = 0;
    for (u_int i = 0; i < except->count; i++) {
        struct sockaddr_storage peer;
        int size = sizeof peer;
        if (getpeername(except->sockets[i], (struct sockaddr *)&peer, &size) != 0) {
            except->sockets[kept++] = except->sockets[i];
        }
    }
    except->count = kept;
}

/* A refused connection is writable elsewhere; Winsock tells of it in the set of exceptions alone.
 */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_SelectShim_wait(
    JNIEnv *env, jclass type, jlong sets, jint bytes, jlong descriptors, jint limit, jlong nanos) {
    (void)env, (void)type;
    if (sets == 0 || descriptors == 0 || bytes < 0 || bytes % 8 != 0 || limit < 0 ||
        limit > bytes * INT64_C(8)) {
        return -WSAEINVAL;
    }
    const uint64_t *read_interest = set_at(sets, bytes, READ);
    const uint64_t *write_interest = set_at(sets, bytes, WRITE);
    const uint64_t *except_interest = set_at(sets, bytes, EXCEPT);
    const jint *sockets = MEMORY(descriptors);
    const jint words = (limit + 63) / 64;
    struct handles *read = handles_of(sockets, read_interest, read_interest, words);
    struct handles *write = handles_of(sockets, write_interest, write_interest, words);
    struct handles *except = handles_of(sockets, write_interest, except_interest, words);
    jint found = -WSAENOBUFS;
    if (read != NULL && write != NULL && except != NULL) {
        found = wait_for(read, write, except, nanos);
    }
    if (found >= 0) {
        uint64_t *write_ready = set_at(sets, bytes, WRITE_READY);
        memset(set_at(sets, bytes, READ_READY), 0, 3 * (size_t)bytes);
        if (found > 0) {
            found =
                report(read, sockets, read_interest, set_at(sets, bytes, READ_READY), words) +
                report(write, sockets, write_interest, write_ready, words) +
                report(except, sockets, except_interest, set_at(sets, bytes, EXCEPT_READY), words);
            keep_refused(except);
            found += report(except, sockets, write_interest, write_ready, words);
        }
    }
    free(read);
    free(write);
    free(except);
    return found;
}
