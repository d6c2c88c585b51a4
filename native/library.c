/*
 * Binds native methods to their classes, under whatever package name these have: a user's build may
 * have relocated them, which renames classes but not the symbols of this library.
 *
 * JNI_OnLoad registers the one method `NativeLibrary.bind`; each class with natives then calls that
 * from its static initialiser. FindClass initialises the class that it finds, so JNI_OnLoad finds
 * only the one that is being initialised anyway, by the call of System.load.
 */
#include "bindings.h"

#include <string.h>

#include "io_github_selectors4j_internal_loading_NativeLibrary.h"
#ifdef _WIN32
#include <winsock2.h>
#endif

#define LOADER "io/github/selectors4j/internal/loading/NativeLibrary"

static const JNINativeMethod bind_method = {
    (char *)"bind", (char *)"(Ljava/lang/Class;Ljava/lang/String;)Z",
    (void *)Java_io_github_selectors4j_internal_loading_NativeLibrary_bind};

/* The natives of the class of that simple name, or null. */
static const struct bindings *bindings_of(JNIEnv *env, jstring simple_name) {
    const char *name =
        simple_name == NULL ? NULL : (*env)->GetStringUTFChars(env, simple_name, NULL);
    if (name == NULL) {
        return NULL;
    }
    const struct bindings *found = bindings;
    while (found->class_name != NULL && strcmp(found->class_name, name) != 0) {
        found++;
    }
    (*env)->ReleaseStringUTFChars(env, simple_name, name);
    return found->class_name != NULL ? found : NULL;
}

JNIEXPORT jboolean JNICALL Java_io_github_selectors4j_internal_loading_NativeLibrary_has(
    JNIEnv *env, jclass self, jstring simple_name) {
    (void)self;
    return bindings_of(env, simple_name) != NULL;
}

/* False when the library has no natives for the class; an Error is pending when theirs differ. */
JNIEXPORT jboolean JNICALL Java_io_github_selectors4j_internal_loading_NativeLibrary_bind(
    JNIEnv *env, jclass self, jclass type, jstring simple_name) {
    (void)self;
    const struct bindings *found = type == NULL ? NULL : bindings_of(env, simple_name);
    return found != NULL &&
           (*env)->RegisterNatives(env, type, found->methods, (jint)found->count) == 0;
}

/* The name of a frame's class with slashes, or null when it is one of the JDK's. */
static const char *loader_of_frame(JNIEnv *env, jobject frame, jmethodID get_class_name,
                                   char *buffer, size_t size) {
    jstring class_name = (*env)->CallObjectMethod(env, frame, get_class_name);
    if ((*env)->ExceptionCheck(env) || class_name == NULL) {
        return NULL;
    }
    const char *result = NULL;
    const char *dotted = (*env)->GetStringUTFChars(env, class_name, NULL);
    if (dotted != NULL) {
        if (strncmp(dotted, "java.", 5) != 0 && strncmp(dotted, "jdk.", 4) != 0 &&
            strlen(dotted) < size) {
            strcpy(buffer, dotted);
            for (char *dot = buffer; (dot = strchr(dot, '.')) != NULL;) {
                *dot = '/';
            }
            result = buffer;
        }
        (*env)->ReleaseStringUTFChars(env, class_name, dotted);
    }
    (*env)->DeleteLocalRef(env, class_name);
    return result;
}

/* The class that called System.load: the first frame that is not the JDK's. */
static const char *caller_of_load(JNIEnv *env, char *buffer, size_t size) {
    jclass throwable = (*env)->FindClass(env, "java/lang/Throwable");
    jclass element = throwable ? (*env)->FindClass(env, "java/lang/StackTraceElement") : NULL;
    if (element == NULL) {
        return NULL;
    }
    jmethodID create = (*env)->GetMethodID(env, throwable, "<init>", "()V");
    jmethodID get_stack_trace = create ? (*env)->GetMethodID(env, throwable, "getStackTrace",
                                                             "()[Ljava/lang/StackTraceElement;")
                                       : NULL;
    jmethodID get_class_name =
        get_stack_trace ? (*env)->GetMethodID(env, element, "getClassName", "()Ljava/lang/String;")
                        : NULL;
    jobject here = get_class_name ? (*env)->NewObject(env, throwable, create) : NULL;
    if (here == NULL) {
        return NULL;
    }
    jobjectArray frames = (*env)->CallObjectMethod(env, here, get_stack_trace);
    if ((*env)->ExceptionCheck(env) || frames == NULL) {
        return NULL;
    }
    jsize depth = (*env)->GetArrayLength(env, frames);
    const char *found = NULL;
    for (jsize i = 0; i < depth && found == NULL && !(*env)->ExceptionCheck(env); i++) {
        jobject frame = (*env)->GetObjectArrayElement(env, frames, i);
        found = loader_of_frame(env, frame, get_class_name, buffer, size);
        (*env)->DeleteLocalRef(env, frame);
    }
    return found;
}

/*
 * Without a stack trace (-XX:-StackTraceInThrowable) only the loader's own name is left to try. If
 * that fails too, the library loads all the same, and NativeLibrary says what is wrong on seeing
 * that `bind` is not there.
 */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
    (void)reserved;
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK) {
        return JNI_ERR;
    }
#ifdef _WIN32
    WSADATA winsock;
    if (WSAStartup(MAKEWORD(2, 2), &winsock) != 0) {
        return JNI_ERR;
    }
#endif
    char buffer[1024];
    const char *name = caller_of_load(env, buffer, sizeof buffer);
    (*env)->ExceptionClear(env);
    jclass loader = (*env)->FindClass(env, name != NULL ? name : LOADER);
    if (loader == NULL || (*env)->RegisterNatives(env, loader, &bind_method, 1) != 0) {
        (*env)->ExceptionClear(env);
    }
    return JNI_VERSION_1_8;
}

/* The name under which a JVM looks when the library is linked into its executable. */
JNIEXPORT jint JNICALL JNI_OnLoad_selectors4j(JavaVM *vm, void *reserved) {
    return JNI_OnLoad(vm, reserved);
}
