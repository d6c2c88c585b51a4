#include "shim.h"

jlong constant_value(JNIEnv *env, jstring name, const struct constant *constants, size_t count) {
    const char *wanted = name == NULL ? NULL : (*env)->GetStringUTFChars(env, name, NULL);
    if (wanted == NULL) {
        return 0;
    }
    jlong value = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(constants[i].name, wanted) == 0) {
            value = constants[i].value;
            break;
        }
    }
    (*env)->ReleaseStringUTFChars(env, name, wanted);
    return value;
}

jstring constant_name(JNIEnv *env, jlong value, const struct constant *constants, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (constants[i].value == value) {
            return (*env)->NewStringUTF(env, constants[i].name);
        }
    }
    return NULL;
}
