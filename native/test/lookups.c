/*
 * An agent of the JVM's tool interface: writes to the file of its option which classes and members
 * the library looks up through JNI, a line each. Members that the option names after the file, as
 * in FILE,java/net/Socket.impl, are hidden from it, as if the JDK lacked them. The JDK's own
 * libraries call the same functions; where a call returns to tells whose it is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <jvmti.h>
#include <stdio.h>
#include <string.h>

static jvmtiEnv *jvmti;
static jniNativeInterface *original;
static FILE *trace;
static const char *hidden = ""; /* with a comma before each member */

static int is_library(const void *code) {
    Dl_info info;
    return dladdr(code, &info) != 0 && strstr(info.dli_fname, "libselectors4j.so") != NULL;
}

static void write_lookup(const char *owner, const char *member, const char *signature) {
    fprintf(trace, "%s %s%s\n", owner, member, signature);
    fflush(trace);
}

static int is_hidden(const char *owner, const char *name) {
    char member[256];
    const int length = snprintf(member, sizeof member, ",%s.%s", owner, name);
    for (const char *at = hidden; (at = strstr(at, member)) != NULL; at += length) {
        if (at[length] == ',' || at[length] == '\0') {
            return 1;
        }
    }
    return 0;
}

/* Writes down the look-up of a member, and throws `error` when that is hidden. */
static int is_refused(JNIEnv *env, jclass type, const char *name, const char *signature,
                      const char *error) {
    char *owner;
    if ((*jvmti)->GetClassSignature(jvmti, type, &owner, NULL) != JVMTI_ERROR_NONE) {
        return 0;
    }
    owner[strlen(owner) - 1] = '\0'; /* Ljava/lang/Object; */
    write_lookup(owner + 1, name, *signature == '(' ? signature : "");
    const int refused = is_hidden(owner + 1, name);
    (*jvmti)->Deallocate(jvmti, (unsigned char *)owner);
    return refused && (*env)->ThrowNew(env, original->FindClass(env, error), name) == 0;
}

static jclass JNICALL find_class(JNIEnv *env, const char *name) {
    if (is_library(__builtin_return_address(0))) {
        write_lookup(name, "", "");
    }
    return original->FindClass(env, name);
}

static jfieldID JNICALL get_field(JNIEnv *env, jclass type, const char *name,
                                  const char *signature) {
    if (is_library(__builtin_return_address(0)) &&
        is_refused(env, type, name, signature, "java/lang/NoSuchFieldError")) {
        return NULL;
    }
    return original->GetFieldID(env, type, name, signature);
}

static jmethodID JNICALL get_method(JNIEnv *env, jclass type, const char *name,
                                    const char *signature) {
    if (is_library(__builtin_return_address(0)) &&
        is_refused(env, type, name, signature, "java/lang/NoSuchMethodError")) {
        return NULL;
    }
    return original->GetMethodID(env, type, name, signature);
}

/* The table can't be had before, and the library is loaded later. */
static void JNICALL start_tracing(jvmtiEnv *e, JNIEnv *env, jthread thread) {
    (void)e, (void)env, (void)thread;
    jniNativeInterface *traced;
    if ((*jvmti)->GetJNIFunctionTable(jvmti, &original) == JVMTI_ERROR_NONE &&
        (*jvmti)->GetJNIFunctionTable(jvmti, &traced) == JVMTI_ERROR_NONE) {
        traced->FindClass = find_class;
        traced->GetFieldID = get_field;
        traced->GetMethodID = get_method;
        (*jvmti)->SetJNIFunctionTable(jvmti, traced);
    }
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved);
JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
    (void)reserved;
    const jvmtiEventCallbacks callbacks = {.VMInit = start_tracing};
    char *members = strchr(options, ',');
    if (members != NULL) {
        hidden = strdup(members);
        *members = '\0';
    }
    trace = fopen(options, "w");
    return trace != NULL && (*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_1_2) == JNI_OK &&
                   (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks) ==
                       JVMTI_ERROR_NONE &&
                   (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_VM_INIT,
                                                      NULL) == JVMTI_ERROR_NONE
               ? JNI_OK
               : JNI_ERR;
}
