/* Private members of the JDK's own classes: JNI uses them whatever the module system says, and
 * `--add-opens` is never needed. Which members, and what they mean, is Java's to know. */
#include "io_github_selectors4j_internal_fileobject_JdkMember.h"
#include "shim.h"

/* No object, and no member of it, has -1 for its descriptor, as an invalid FileDescriptor has. */

/* A field, or, with a method's signature, a method. An Error is pending when this JDK lacks it. */
JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_fileobject_JdkMember_lookUp(
    JNIEnv *env, jclass type, jclass owner, jstring name, jstring signature) {
    (void)type;
    if (owner == NULL || name == NULL || signature == NULL) {
        return 0;
    }
    const char *chars = (*env)->GetStringUTFChars(env, name, NULL);
    const char *kind = chars ? (*env)->GetStringUTFChars(env, signature, NULL) : NULL;
    const void *id = NULL;
    if (kind != NULL) {
        id = *kind == '(' ? (const void *)(*env)->GetMethodID(env, owner, chars, kind)
                          : (const void *)(*env)->GetFieldID(env, owner, chars, kind);
        (*env)->ReleaseStringUTFChars(env, signature, kind);
    }
    if (chars != NULL) {
        (*env)->ReleaseStringUTFChars(env, name, chars);
    }
    return (jlong)(intptr_t)id;
}

JNIEXPORT jobject JNICALL Java_io_github_selectors4j_internal_fileobject_JdkMember_getObject(
    JNIEnv *env, jclass type, jobject object, jlong field) {
    (void)type;
    return object == NULL || field == 0
               ? NULL
               : (*env)->GetObjectField(env, object, (jfieldID)(intptr_t)field);
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_fileobject_JdkMember_getInt(
    JNIEnv *env, jclass type, jobject object, jlong field) {
    (void)type;
    return object == NULL || field == 0
               ? -1
               : (*env)->GetIntField(env, object, (jfieldID)(intptr_t)field);
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_fileobject_JdkMember_callInt(
    JNIEnv *env, jclass type, jobject object, jlong method) {
    (void)type;
    return object == NULL || method == 0
               ? -1
               : (*env)->CallIntMethod(env, object, (jmethodID)(intptr_t)method);
}

JNIEXPORT void JNICALL Java_io_github_selectors4j_internal_fileobject_JdkMember_setInt(
    JNIEnv *env, jclass type, jobject object, jlong field, jint value) {
    (void)type;
    if (object != NULL && field != 0) {
        (*env)->SetIntField(env, object, (jfieldID)(intptr_t)field, value);
    }
}

JNIEXPORT void JNICALL Java_io_github_selectors4j_internal_fileobject_JdkMember_setTrue(
    JNIEnv *env, jclass type, jobject object, jlong field) {
    (void)type;
    if (object != NULL && field != 0) {
        (*env)->SetBooleanField(env, object, (jfieldID)(intptr_t)field, JNI_TRUE);
    }
}
