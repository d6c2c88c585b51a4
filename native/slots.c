/* Looks for what other processes have left in a directory, without listing it. */
#define _GNU_SOURCE
#include "io_github_selectors4j_internal_loading_NativeLibrary.h"
#include "shim.h"

#include <unistd.h>

#define LONGEST 1024
#define DIGITS 2
#define SLOTS 64

/* A bit for each number: whether there may be anything of that name, with the number behind it. A
 * name that is not in ASCII the JVM may call by other bytes than the system does. */
JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_loading_NativeLibrary_mayExist(
    JNIEnv *env, jclass type, jstring prefix) {
    (void)type;
    char path[LONGEST + DIGITS + 1], target;
    jsize length = prefix == NULL ? LONGEST + 1 : (*env)->GetStringUTFLength(env, prefix);
    if (length > LONGEST || length != (*env)->GetStringLength(env, prefix)) {
        return -1;
    }
    (*env)->GetStringUTFRegion(env, prefix, 0, length, path);
    uint64_t found = 0;
    for (int number = 0; number < SLOTS; number++) {
        char *end = path + length;
        if (number >= 10) {
            *end++ = (char)('0' + number / 10);
        }
        *end++ = (char)('0' + number % 10);
        *end = 0;
        if (readlink(path, &target, 1) >= 0 || errno != ENOENT) {
            found |= (uint64_t)1 << number;
        }
    }
    return (jlong)found;
}
