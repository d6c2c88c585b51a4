/* Descriptors as such, whatever they name. */
#define _GNU_SOURCE
#include "close_on_exec.h"
#include "io_github_selectors4j_internal_system_Descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#endif

static const struct constant descriptor_constants[] = {
    CONSTANT(S_IFMT),   CONSTANT(S_IFREG),  CONSTANT(S_IFDIR),    CONSTANT(S_IFCHR),
    CONSTANT(S_IFBLK),  CONSTANT(S_IFIFO),  CONSTANT(S_IFSOCK),   CONSTANT(O_ACCMODE),
    CONSTANT(O_RDONLY), CONSTANT(O_WRONLY), CONSTANT(O_NONBLOCK),
#ifdef O_PATH
    CONSTANT(O_PATH),
#endif
};

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_Descriptors_constant(
    JNIEnv *env, jclass type, jstring name) {
    (void)type;
    return constant_value(env, name, CONSTANTS(descriptor_constants));
}

/* The open file's flags, if the descriptor is open. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_flags(JNIEnv *env,
                                                                                    jclass type,
                                                                                    jint fd) {
    (void)env, (void)type;
    return result(fcntl(fd, F_GETFL));
}

#ifdef SYS_statx
/* struct statx, which older headers lack. Not every C library has fstat itself as a function. */
struct status {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, user, group;
    uint16_t mode, spare;
    uint64_t inode;
    char rest[216];
};
#define EMPTY_PATH 0x1000
#define STATUS_TYPE 1
#define STATUS_INODE 0x100
#endif

/* The mode, for the kind of file that it is. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_mode(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jint fd) {
    (void)env, (void)type;
#if defined(SYS_statx)
    struct status status;
    return syscall(SYS_statx, fd, "", EMPTY_PATH, STATUS_TYPE, &status) < 0 ? -errno : status.mode;
#elif defined(__linux__)
    (void)fd;
    return -ENOSYS;
#else
    struct stat status;
    return fstat(fd, &status) < 0 ? -errno : (jint)status.st_mode;
#endif
}

/* The inode of a socket; 0 for all else, and where that is not known. */
JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_Descriptors_socketInode(
    JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
#ifdef SYS_statx
    struct status status;
    const unsigned wanted = STATUS_TYPE | STATUS_INODE;
    if (syscall(SYS_statx, fd, "", EMPTY_PATH, wanted, &status) == 0 && S_ISSOCK(status.mode)) {
        return (jlong)status.inode;
    }
#else
    (void)fd;
#endif
    return 0;
}

/* How many descriptors this process may have open. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_limit(JNIEnv *env,
                                                                                    jclass type) {
    (void)env, (void)type;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) {
        return -errno;
    }
    return limit.rlim_cur > INT32_MAX ? INT32_MAX : (jint)limit.rlim_cur;
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_duplicate(JNIEnv *env,
                                                                                        jclass type,
                                                                                        jint fd) {
    (void)env, (void)type;
#ifdef HAVE_DUPFD_CLOEXEC
    return result(fcntl(fd, F_DUPFD_CLOEXEC, 0));
#else
    return close_on_exec(fcntl(fd, F_DUPFD, 0));
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

/* By number, since older C libraries lack the function; it is the same on every architecture. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Descriptors_pidfd(JNIEnv *env,
                                                                                    jclass type,
                                                                                    jint pid) {
    (void)env, (void)type;
#ifdef __linux__
    return result(syscall(SYS_pidfd_open, pid, 0));
#else
    (void)pid;
    return -ENOSYS;
#endif
}
