/*
 * An agent of the JVM's tool interface: writes to the file of its option which classes and members
 * the library looks up through JNI, a line each. The JDK's own libraries call the same functions;
 * where a call returns to tells whose it is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <jvmti.h>
#include <stdio.h>
#include <string.h>

static jvmtiEnv *jvmti;
static jniNativeInterface *original;
static FILE *trace;

static int is_library(const void *code) {
    Dl_info info;
    return dladdr(code, &info) != 0 && strstr(info.dli_fname, "libselectors4j.so") != NULL;
}

/* `owner` as JNI writes it, Ljava/lang/Object; or java/lang/Object. */
static void write_lookup(const char *owner, const char *member, const char *signature) {
    const int is_signature = *owner == 'L' && owner[strlen(owner) - 1] == ';';
    fprintf(trace, "%.*s %s%s\n", (int)strlen(owner) - 2 * is_signature, owner + is_signature,
            member, signature);
    fflush(trace);
}

static void write_member(jclass type, const char *name, const char *signature) {
    char *owner;
    if ((*jvmti)->GetClassSignature(jvmti, type, &owner, NULL) == JVMTI_ERROR_NONE) {
        write_lookup(owner, name, *signature == '(' ? signature : "");
        (*jvmti)->Deallocate(jvmti, (unsigned char *)owner);
    }
}

static jclass JNICALL find_class(JNIEnv *env, const char *name) {
    if (is_library(__builtin_return_address(0))) {
        write_lookup(name, "", "");
    }
    return original->FindClass(env, name);
}

static jfieldID JNICALL get_field(JNIEnv *env, jclass type, const char *name,
                                  const char *signature) {
    if (is_library(__builtin_return_address(0))) {
        write_member(type, name, signature);
    }
    return original->GetFieldID(env, type, name, signature);
}

static jmethodID JNICALL get_method(JNIEnv *env, jclass type, const char *name,
                                    const char *signature) {
    if (is_library(__builtin_return_address(0))) {
        write_member(type, name, signature);
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
    trace = fopen(options, "w");
    return trace != NULL && (*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_1_2) == JNI_OK &&
                   (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks) ==
                       JVMTI_ERROR_NONE &&
                   (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_VM_INIT,
                                                      NULL) == JVMTI_ERROR_NONE
               ? JNI_OK
               : JNI_ERR;
}
