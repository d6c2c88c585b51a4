/* A message written to a pipe and read from it, as a plain loop of two system calls per turn. */
#include "bench.h"

#include <sys/uio.h>
#include <unistd.h>

#define MESSAGE 64

NATIVE(jlong, channelTurns)(JNIEnv *env, jclass type, jint in, jint out, jint turns) {
    (void)env, (void)type;
    char buffer[MESSAGE] = {0};
    int64_t moved = 0, start = now();
    for (int turn = 0; turn < turns; turn++) {
        moved += write(out, buffer, sizeof buffer);
        moved += read(in, buffer, sizeof buffer);
    }
    int64_t taken = now() - start;
    return moved == 2 * (int64_t)sizeof buffer * turns ? taken : -1;
}

/* The same by the calls that can't block, whatever O_NONBLOCK is. */
NATIVE(jlong, channelTurnsNowait)(JNIEnv *env, jclass type, jint in, jint out, jint turns) {
    (void)env, (void)type;
    char buffer[MESSAGE] = {0};
    const struct iovec vector = {buffer, sizeof buffer};
    int64_t moved = 0, start = now();
    for (int turn = 0; turn < turns; turn++) {
        moved += pwritev2(out, &vector, 1, -1, RWF_NOWAIT);
        moved += preadv2(in, &vector, 1, -1, RWF_NOWAIT);
    }
    int64_t taken = now() - start;
    return moved == 2 * (int64_t)sizeof buffer * turns ? taken : -1;
}
