/* What Java lacks: reading and writing by a system call and no more, so that contenders differ in
 * their selector only; whether a measurement was disturbed; and which processor a thread is on. */
#include "bench.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

NATIVE(jlong, preemptions)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

int stay_on_processor(int index) {
    static cpu_set_t all;
    if (CPU_COUNT(&all) == 0) {
        sched_getaffinity(0, sizeof all, &all);
    }
    if (CPU_COUNT(&all) < 2) {
        return 0;
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0, left = index; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &all) && left-- == 0) {
            CPU_SET(cpu, &one);
        }
    }
    return sched_setaffinity(0, sizeof one, &one) == 0;
}

NATIVE(jboolean, stayOnProcessor)(JNIEnv *env, jclass type, jint index) {
    (void)env, (void)type;
    return (jboolean)stay_on_processor(index);
}

NATIVE(jint, close)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    return close(fd);
}

NATIVE(jboolean, noDelay)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)) == 0;
}

NATIVE(jint, descriptor)(JNIEnv *env, jclass type, jobject channel) {
    (void)type;
    jclass owner = (*env)->GetObjectClass(env, channel);
    jmethodID method = (*env)->GetMethodID(env, owner, "getFDVal", "()I");
    return method == NULL ? -1 : (*env)->CallIntMethod(env, channel, method);
}

NATIVE(jboolean, echo)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    char buffer[4096];
    ssize_t length = read(fd, buffer, sizeof buffer);
    return length > 0 && write(fd, buffer, (size_t)length) == length;
}

NATIVE(jint, pollOne)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    struct pollfd one = {fd, POLLIN, 0};
    return poll(&one, 1, -1);
}

NATIVE(jint, readByte)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    char byte;
    return (jint)read(fd, &byte, 1);
}

NATIVE(jboolean, readByteOfEach)(JNIEnv *env, jclass type, jintArray descriptors) {
    (void)type;
    int *fds = copy_of(env, descriptors);
    jboolean all = JNI_TRUE;
    char byte;
    for (jsize i = 0; i < (*env)->GetArrayLength(env, descriptors); i++) {
        all &= read(fds[i], &byte, 1) == 1;
    }
    free(fds);
    return all;
}

NATIVE(jint, writeByte)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    return (jint)write(fd, "e", 1);
}
