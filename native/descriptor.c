/* Descriptors as such, whatever they name. */
#define _GNU_SOURCE
#include "io_github_selectors4j_internal_system_Descriptors.h"
#include "shim.h"

#include <fcntl.h>
#include <unistd.h>

/* The descriptor's flags, FD_CLOEXEC or none, if it is open. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_flags(JNIEnv *env,
                                                                                    jclass type,
                                                                                    jint fd) {
    (void)env, (void)type;
    return result(fcntl(fd, F_GETFD));
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_duplicate(JNIEnv *env,
                                                                                        jclass type,
                                                                                        jint fd) {
    (void)env, (void)type;
#ifdef HAVE_DUPFD_CLOEXEC
    return result(fcntl(fd, F_DUPFD_CLOEXEC, 0));
#else
    int duplicate = fcntl(fd, F_DUPFD, 0);
    if (duplicate >= 0 && fcntl(duplicate, F_SETFD, FD_CLOEXEC) < 0) {
        int error = errno;
        close(duplicate);
        return -error;
    }
    return result(duplicate);
#endif
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_close(JNIEnv *env,
                                                                                    jclass type,
                                                                                    jint fd) {
    (void)env, (void)type;
    return result(close(fd));
}

/* A pipe's read end and write end, both non-blocking. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_pipe(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jintArray ends) {
    (void)type;
    if (ends == NULL || (*env)->GetArrayLength(env, ends) < 2) {
        return -EINVAL;
    }
    int fds[2];
#ifdef HAVE_PIPE2
    if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0) {
        return -errno;
    }
#else
    if (pipe(fds) < 0) {
        return -errno;
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(fds[i], F_SETFD, FD_CLOEXEC) < 0 || fcntl(fds[i], F_SETFL, O_NONBLOCK) < 0) {
            int error = errno;
            close(fds[0]);
            close(fds[1]);
            return -error;
        }
    }
#endif
    (*env)->SetIntArrayRegion(env, ends, 0, 2, (const jint[]){fds[0], fds[1]});
    return 0;
}
