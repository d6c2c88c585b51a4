/* Winsock's error numbers, and those of the C library that Java or a shim makes up itself. */
#include "io_github_selectors4j_internal_system_Errno.h"
#include "winsock.h"

static const struct constant errors[] = {
    CONSTANT(WSAEACCES),
    CONSTANT(WSAEADDRINUSE),
    CONSTANT(WSAEADDRNOTAVAIL),
    CONSTANT(WSAEAFNOSUPPORT),
    CONSTANT(WSAEALREADY),
    CONSTANT(WSAECONNABORTED),
    CONSTANT(WSAECONNREFUSED),
    CONSTANT(WSAECONNRESET),
    CONSTANT(WSAEDESTADDRREQ),
    CONSTANT(WSAEFAULT),
    CONSTANT(WSAEHOSTUNREACH),
    CONSTANT(WSAEINPROGRESS),
    CONSTANT(WSAEINTR),
    CONSTANT(WSAEINVAL),
    CONSTANT(WSAEISCONN),
    CONSTANT(WSAEMFILE),
    CONSTANT(WSAEMSGSIZE),
    CONSTANT(WSAENETDOWN),
    CONSTANT(WSAENETRESET),
    CONSTANT(WSAENETUNREACH),
    CONSTANT(WSAENOBUFS),
    CONSTANT(WSAENOPROTOOPT),
    CONSTANT(WSAENOTCONN),
    CONSTANT(WSAENOTSOCK),
    CONSTANT(WSAEOPNOTSUPP),
    CONSTANT(WSAEPROTONOSUPPORT),
    CONSTANT(WSAESHUTDOWN),
    CONSTANT(WSAETIMEDOUT),
    CONSTANT(WSAEWOULDBLOCK),
    CONSTANT(WSANOTINITIALISED),
    CONSTANT(WSASYSNOTREADY),
    CONSTANT(EEXIST),
    CONSTANT(ENODEV),
    CONSTANT(ENOENT),
    CONSTANT(ENOSYS),
    CONSTANT(ENXIO),
    CONSTANT(EPERM),
    {"EAGAIN", WSAEWOULDBLOCK},
    {"EBADF", WSAENOTSOCK}, /* what Winsock says of a closed socket */
    {"EINTR", WSAEINTR},
    {"EINVAL", WSAEINVAL},
    {"EWOULDBLOCK", WSAEWOULDBLOCK},
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
    WCHAR message[512];
    DWORD length = 0;
    if (error >= WSABASEERR) { /* Winsock's are the system's, the others the C library's */
        length =
            FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                               FORMAT_MESSAGE_MAX_WIDTH_MASK,
                           NULL, (DWORD)error, 0, message, sizeof message / sizeof *message, NULL);
    }
    if (length == 0) {
        return (*env)->NewStringUTF(env, strerror(error));
    }
    while (message[length - 1] == L' ') {
        length--;
    }
    return (*env)->NewString(env, (const jchar *)message, (jsize)length);
}
