/* errno(3): numbers, names and messages. */
#include "io_github_selectors4j_internal_system_Errno.h"
#include "shim.h"

static const struct constant errors[] = {
    CONSTANT(E2BIG),           CONSTANT(EACCES),       CONSTANT(EADDRINUSE),
    CONSTANT(EADDRNOTAVAIL),   CONSTANT(EAFNOSUPPORT), CONSTANT(EAGAIN),
    CONSTANT(EALREADY),        CONSTANT(EBADF),        CONSTANT(EBUSY),
    CONSTANT(ECANCELED),       CONSTANT(ECHILD),       CONSTANT(ECONNABORTED),
    CONSTANT(ECONNREFUSED),    CONSTANT(ECONNRESET),   CONSTANT(EDEADLK),
    CONSTANT(EDESTADDRREQ),    CONSTANT(EDOM),         CONSTANT(EDQUOT),
    CONSTANT(EEXIST),          CONSTANT(EFAULT),       CONSTANT(EFBIG),
    CONSTANT(EHOSTUNREACH),    CONSTANT(EINPROGRESS),  CONSTANT(EINTR),
    CONSTANT(EINVAL),          CONSTANT(EIO),          CONSTANT(EISCONN),
    CONSTANT(EISDIR),          CONSTANT(ELOOP),        CONSTANT(EMFILE),
    CONSTANT(EMLINK),          CONSTANT(EMSGSIZE),     CONSTANT(ENAMETOOLONG),
    CONSTANT(ENETDOWN),        CONSTANT(ENETRESET),    CONSTANT(ENETUNREACH),
    CONSTANT(ENFILE),          CONSTANT(ENOBUFS),      CONSTANT(ENODEV),
    CONSTANT(ENOENT),          CONSTANT(ENOEXEC),      CONSTANT(ENOLCK),
    CONSTANT(ENOMEM),          CONSTANT(ENOPROTOOPT),  CONSTANT(ENOSPC),
    CONSTANT(ENOSYS),          CONSTANT(ENOTCONN),     CONSTANT(ENOTDIR),
    CONSTANT(ENOTEMPTY),       CONSTANT(ENOTSOCK),     CONSTANT(ENOTSUP),
    CONSTANT(ENOTTY),          CONSTANT(ENXIO),        CONSTANT(EOPNOTSUPP),
    CONSTANT(EOVERFLOW),       CONSTANT(EPERM),        CONSTANT(EPIPE),
    CONSTANT(EPROTONOSUPPORT), CONSTANT(EPROTOTYPE),   CONSTANT(ERANGE),
    CONSTANT(EROFS),           CONSTANT(ESPIPE),       CONSTANT(ESRCH),
    CONSTANT(ETIMEDOUT),       CONSTANT(ETXTBSY),      CONSTANT(EXDEV),
};

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_Errno_number(JNIEnv *env,
                                                                               jclass type,
                                                                               jstring symbol) {
    (void)type;
    return (jint)constant_value(env, symbol, CONSTANTS(errors));
}

JNIEXPORT jstring JNICALL Java_io_github_selectors4j_internal_system_Errno_symbol(JNIEnv *env,
                                                                                  jclass type,
                                                                                  jint error) {
    (void)type;
    return constant_name(env, error, CONSTANTS(errors));
}

JNIEXPORT jstring JNICALL Java_io_github_selectors4j_internal_system_Errno_message(JNIEnv *env,
                                                                                   jclass type,
                                                                                   jint error) {
    (void)type;
    return (*env)->NewStringUTF(env, strerror(error));
}
