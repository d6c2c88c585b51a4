/* Looks for what other processes have left in a directory, without listing it. */
#define _GNU_SOURCE
#include "io_github_selectors4j_internal_loading_NativeLibrary.h"
#include "shim.h"

#include <unistd.h>

#define LONGEST 1024
#define DIGITS 2

/* Whether there may be anything of that name, with the number of at most two digits behind it. A
 * name that is not in ASCII the JVM may call by other bytes than the system does. */
JNIEXPORT jboolean JNICALL Java_io_github_selectors4j_internal_loading_NativeLibrary_mayExist(
    JNIEnv *env, jclass type, jstring prefix, jint number) {
    (void)type;
    char path[LONGEST + DIGITS + 1], target;
    jsize length = (*env)->GetStringUTFLength(env, prefix);
    if (length > LONGEST || length != (*env)->GetStringLength(env, prefix)) {
        return JNI_TRUE;
    }
    (*env)->GetStringUTFRegion(env, prefix, 0, length, path);
    if (number >= 10) {
        path[length++] = (char)('0' + number / 10);
    }
    path[length++] = (char)('0' + number % 10);
    path[length] = 0;
    return readlink(path, &target, 1) >= 0 || errno != ENOENT;
}
