#include "io_github_selectors4j_internal_system_DirectMemory.h"
#include "shim.h"

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_DirectMemory_address(
    JNIEnv *env, jclass type, jobject buffer) {
    (void)type;
    return buffer == NULL ? 0 : (jlong)(intptr_t)(*env)->GetDirectBufferAddress(env, buffer);
}
