/* What the contenders share. They return the nanoseconds taken, or -1 when they did not find what
 * they should have. */
#ifndef SELECTORS4J_BENCH_H
#define SELECTORS4J_BENCH_H

#include <jni.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_io_github_selectors4j_bench_Natives_##name

static inline int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* A copy of a Java array, to be freed. */
static inline int *copy_of(JNIEnv *env, jintArray array) {
    jsize length = (*env)->GetArrayLength(env, array);
    int *copy = malloc((size_t)length * sizeof *copy);
    (*env)->GetIntArrayRegion(env, array, 0, length, copy);
    return copy;
}

/* Keeps the calling thread on one of the processors that the process began with; 0 where there is
 * but one. */
int stay_on_processor(int index);

#endif
