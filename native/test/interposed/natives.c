/* The natives of the test class Interposed. */
#include "interposed.h"

#include <jni.h>

#include "io_github_selectors4j_internal_system_Errno.h"

#define NATIVE(result, name, ...)                                                                  \
    JNIEXPORT result JNICALL Java_io_github_selectors4j_Interposed_##name(__VA_ARGS__);            \
    JNIEXPORT result JNICALL Java_io_github_selectors4j_Interposed_##name(__VA_ARGS__)

#define SELF __attribute__((unused)) JNIEnv *env, __attribute__((unused)) jclass self

NATIVE(jint, callCount, SELF) {
    return CALL_COUNT;
}

NATIVE(jstring, callName, SELF, jint call) {
    return (*env)->NewStringUTF(env, call_names[call]);
}

/* False when the library has no number for the error's name. */
NATIVE(jboolean, arm, SELF, jint call, jstring error, jlong after, jlong times) {
    jint number = Java_io_github_selectors4j_internal_system_Errno_number(env, NULL, error);
    fault_arm((enum call)call, number, (long)after, (long)times);
    return number != 0;
}

NATIVE(void, reset, SELF) {
    fault_reset();
}

NATIVE(jlong, calls, SELF, jint call) {
    return fault_calls((enum call)call);
}

NATIVE(jlong, failed, SELF) {
    return fault_failed();
}

NATIVE(jintArray, openDescriptors, SELF) {
    int fds[1024];
    size_t room = sizeof fds / sizeof *fds;
    size_t count = ledger_list(fds, room);
    jsize length = (jsize)(count < room ? count : room);
    jintArray array = (*env)->NewIntArray(env, length);
    if (array != NULL) {
        (*env)->SetIntArrayRegion(env, array, 0, length, fds);
    }
    return array;
}

/* The oldest violation, or null. */
NATIVE(jstring, takeViolation, SELF) {
    char text[128];
    return ledger_take_violation(text, sizeof text) ? (*env)->NewStringUTF(env, text) : NULL;
}

/* What a test has opened, for the library to use, and to close if it is given. */
NATIVE(void, lend, SELF, jint fd, jboolean is_given) {
    ledger_opened(fd, is_given ? KIND_ADOPTED : KIND_LENT);
}

/* What the library must not use any more: the test closes it. */
NATIVE(void, takeBack, SELF, jint fd) {
    ledger_taken_back(fd);
}
