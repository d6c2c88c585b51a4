/* What Java lacks: one byte through a pipe, so that the contenders of the cascade differ in their
 * selector only, and whether a measurement was disturbed. */
#include "bench.h"

#include <sys/resource.h>
#include <unistd.h>

NATIVE(jlong, preemptions)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

NATIVE(jint, readByte)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    char byte;
    return (jint)read(fd, &byte, 1);
}

NATIVE(jint, writeByte)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    return (jint)write(fd, "e", 1);
}
