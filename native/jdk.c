/* Private members of the JDK's own classes: JNI reads them whatever the module system says, and
 * `--add-opens` is never needed. Which members, and what they mean, is Java's to know. */
#include "io_github_selectors4j_internal_JdkMember.h"
#include "shim.h"

/* No object, and no member of it, has -1 for its descriptor, as an invalid FileDescriptor has. */

/* The lookups answer 0, with no exception pending, for a member that this JDK lacks. */
static jlong found(JNIEnv *env, const void *id) {
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionClear(env);
        return 0;
    }
    return (jlong)(intptr_t)id;
}

static jlong look_up(JNIEnv *env, jclass owner, jstring name, jstring signature, jboolean method) {
    if (owner == NULL || name == NULL || signature == NULL) {
        return 0;
    }
    const char *chars = (*env)->GetStringUTFChars(env, name, NULL);
    const char *type = (*env)->GetStringUTFChars(env, signature, NULL);
    jlong id = 0;
    if (chars != NULL && type != NULL) {
        id = found(env, method ? (const void *)(*env)->GetMethodID(env, owner, chars, type)
                               : (const void *)(*env)->GetFieldID(env, owner, chars, type));
    }
    if (chars != NULL) {
        (*env)->ReleaseStringUTFChars(env, name, chars);
    }
    if (type != NULL) {
        (*env)->ReleaseStringUTFChars(env, signature, type);
    }
    return id;
}

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_JdkMember_field(
    JNIEnv *env, jclass type, jclass owner, jstring name, jstring signature) {
    (void)type;
    return look_up(env, owner, name, signature, JNI_FALSE);
}

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_JdkMember_method(
    JNIEnv *env, jclass type, jclass owner, jstring name, jstring signature) {
    (void)type;
    return look_up(env, owner, name, signature, JNI_TRUE);
}

JNIEXPORT jobject JNICALL Java_io_github_selectors4j_internal_JdkMember_getObject(JNIEnv *env,
                                                                                  jclass type,
                                                                                  jobject object,
                                                                                  jlong field) {
    (void)type;
    return object == NULL || field == 0
               ? NULL
               : (*env)->GetObjectField(env, object, (jfieldID)(intptr_t)field);
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_JdkMember_getInt(JNIEnv *env,
                                                                            jclass type,
                                                                            jobject object,
                                                                            jlong field) {
    (void)type;
    return object == NULL || field == 0
               ? -1
               : (*env)->GetIntField(env, object, (jfieldID)(intptr_t)field);
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_JdkMember_callInt(JNIEnv *env,
                                                                             jclass type,
                                                                             jobject object,
                                                                             jlong method) {
    (void)type;
    return object == NULL || method == 0
               ? -1
               : (*env)->CallIntMethod(env, object, (jmethodID)(intptr_t)method);
}
