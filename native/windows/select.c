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

enum { READ, WRITE, EXCEPT, READY, SETS = 2 * READY };

/* Java's sets, those of what was found behind those of what is asked for. */
struct sets {
    uint64_t *bits[SETS];
    size_t bytes; /* of each */
    jint words;   /* of each that are in use */
    const jint *sockets;
};

static int in_order(const void *one, const void *other) {
    const SOCKET left = *(const SOCKET *)one, right = *(const SOCKET *)other;
    return (left > right) - (left < right);
}

/* Sets the bits of those sockets found that were asked for, and returns how many bits are new. */
static jint report(struct handles *found, const struct sets *sets, int set) {
    jint count = 0;
    qsort(found->sockets, found->count, sizeof(SOCKET), in_order);
    for (jint word = 0; word < sets->words; word++) {
        uint64_t left = sets->bits[set][word] & ~sets->bits[READY + set][word];
        for (; left != 0; left &= left - 1) {
            const SOCKET socket = socket_of(sets->sockets[word * 64 + __builtin_ctzll(left)]);
            if (bsearch(&socket, found->sockets, found->count, sizeof socket, in_order) != NULL) {
                sets->bits[READY + set][word] |= left & -left;
                count++;
            }
        }
    }
    return count;
}

static int is_connected(SOCKET socket) {
    struct sockaddr_storage peer;
    int size = sizeof peer;
    return getpeername(socket, (struct sockaddr *)&peer, &size) == 0;
}

/* The sockets in either of two sets, in the other one perhaps only those that are not connected;
 * NULL when memory is short. */
static struct handles *handles_of(const struct sets *sets, int one, int other, int unconnected) {
    size_t count = 0;
    for (jint word = 0; word < sets->words; word++) {
        count += (size_t)__builtin_popcountll(sets->bits[one][word] | sets->bits[other][word]);
    }
    struct handles *handles = malloc(sizeof *handles + (count + 1) * sizeof(SOCKET));
    if (handles == NULL) {
        return NULL;
    }
    handles->count = 0;
    for (jint word = 0; word < sets->words; word++) {
        uint64_t left = sets->bits[one][word] | sets->bits[other][word];
        for (; left != 0; left &= left - 1) {
            const SOCKET socket = socket_of(sets->sockets[word * 64 + __builtin_ctzll(left)]);
            const int is_one = (sets->bits[one][word] & left & -left) != 0;
            if (is_one || !unconnected || !is_connected(socket)) {
                handles->sockets[handles->count++] = socket;
            }
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

/* Reports what was found, and returns how many bits that are. Winsock tells of a refused
 * connection, which is writable elsewhere, in the set of exceptions alone. Of a socket that is
 * connected, the exception is urgent data. */
static jint report_all(const struct sets *sets, struct handles *read, struct handles *write,
                       struct handles *except) {
    jint count = report(read, sets, READ) + report(write, sets, WRITE);
    count += report(except, sets, EXCEPT);
    u_int refused = 0;
    for (u_int i = 0; i < except->count; i++) {
        if (!is_connected(except->sockets[i])) {
            except->sockets[refused++] = except->sockets[i];
        }
    }
    except->count = refused;
    return count + report(except, sets, WRITE);
}

/* Waits once, and tells how many sockets the call has found, whether they are reported or not. */
static jint wait_once(const struct sets *sets, int unconnected, jlong nanos, jint *found) {
    struct handles *read = handles_of(sets, READ, READ, 0);
    struct handles *write = handles_of(sets, WRITE, WRITE, 0);
    struct handles *except = handles_of(sets, EXCEPT, WRITE, unconnected);
    *found = -WSAENOBUFS;
    if (read != NULL && write != NULL && except != NULL) {
        *found = wait_for(read, write, except, nanos);
    }
    jint count = *found;
    if (*found >= 0) {
        memset(sets->bits[READY], 0, READY * sets->bytes);
    }
    if (*found > 0) {
        count = report_all(sets, read, write, except);
    }
    free(read);
    free(write);
    free(except);
    return count;
}

/* What is left of the time since then; for ever is left of that. */
static jlong left_of(jlong nanos, ULONGLONG since) {
    const jlong left = nanos - (jlong)(GetTickCount64() - since) * 1000000;
    return nanos < 0 ? nanos : left < 0 ? 0 : left;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_SelectShim_wait(
    JNIEnv *env, jclass type, jlong sets, jint bytes, jlong descriptors, jint limit, jlong nanos) {
    (void)env, (void)type;
    if (sets == 0 || descriptors == 0 || bytes < 0 || bytes % 8 != 0 || limit < 0 ||
        limit > bytes * INT64_C(8)) {
        return -WSAEINVAL;
    }
    struct sets all = {
        .bytes = (size_t)bytes, .words = (limit + 63) / 64, .sockets = MEMORY(descriptors)};
    for (int i = 0; i < SETS; i++) {
        all.bits[i] = (uint64_t *)((char *)MEMORY(sets) + (size_t)i * all.bytes);
    }
    const ULONGLONG start = GetTickCount64();
    jint found;
    jint count = wait_once(&all, 0, nanos, &found);
    if (count == 0 && found > 0) {
        /* Urgent data, which no writer has asked for, would end every wait. */
        count = wait_once(&all, 1, left_of(nanos, start), &found);
    }
    return count;
}
