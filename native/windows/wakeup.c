/* The descriptor that ends a wait: Java makes a pair of sockets, as there is no eventfd. */
#include "io_github_selectors4j_internal_selecting_Wakeup.h"
#include "winsock.h"

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_selecting_Wakeup_eventfd(JNIEnv *env,
                                                                                    jclass type) {
    (void)env, (void)type;
    return -ENOSYS;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_selecting_Wakeup_write(JNIEnv *env,
                                                                                  jclass type,
                                                                                  jint fd) {
    (void)env, (void)type;
    const uint64_t one = 1;
    return winsock_result(send(socket_of(fd), (const char *)&one, sizeof one, 0));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_selecting_Wakeup_read(JNIEnv *env,
                                                                                 jclass type,
                                                                                 jint fd) {
    (void)env, (void)type;
    uint64_t count;
    return winsock_result(recv(socket_of(fd), (char *)&count, sizeof count, 0));
}
