/* Looks for what other processes have left in a directory, without listing it. */
#define _GNU_SOURCE
#include "io_github_selectors4j_internal_loading_NativeLibrary.h"
#include "shim.h"

#include <unistd.h>

#define LONGEST 1024
#define DIGITS 2

/* The length of a name in ASCII; -1 of another one, which the JVM may call by other bytes than the
 * system does, or of one that is too long. */
static int ascii_length(const char *name) {
    int length = 0;
    while (name[length] != 0 && (name[length] & 0x80) == 0 && length < LONGEST) {
        length++;
    }
    return name[length] == 0 ? length : -1;
}

/* Whether there may be anything of that name, with the number of at most two digits behind it. */
JNIEXPORT jboolean JNICALL Java_io_github_selectors4j_internal_loading_NativeLibrary_mayExist(
    JNIEnv *env, jclass type, jstring prefix, jint number) {
    (void)type;
    const char *name = (*env)->GetStringUTFChars(env, prefix, NULL);
    if (name == NULL) {
        return JNI_TRUE;
    }
    char path[LONGEST + DIGITS + 1], target;
    int length = ascii_length(name);
    if (length >= 0) {
        memcpy(path, name, (size_t)length);
        if (number >= 10) {
            path[length++] = (char)('0' + number / 10);
        }
        path[length++] = (char)('0' + number % 10);
        path[length] = 0;
    }
    (*env)->ReleaseStringUTFChars(env, prefix, name);
    return length < 0 || readlink(path, &target, 1) >= 0 || errno != ENOENT;
}
