/* Classes with their members, and the stack trace that tells which of them loads the library. */
#include "functions.h"

#include <string.h>

_Thread_local jint registered;
static struct object throwable, stack_trace_element, loader_class;
static char member; /* the only one, of every object */

/* A stack trace, the innermost call first, as of a JVM that calls JNI_OnLoad. */
enum { LOADER = 2 };
static const char *frames[] = {"jdk.internal.loader.NativeLibraries", "java.lang.System",
                               LIBRARY_CLASS, "Main"};

void call_from(const char *class_name) {
    frames[LOADER] = class_name;
}

/* Whether the name that FindClass was given is the one of a stack trace. */
static jboolean is_class(const char *name, const char *dotted) {
    for (; *name == *dotted || (*name == '/' && *dotted == '.'); name++, dotted++) {
        if (*name == '\0') {
            return JNI_TRUE;
        }
    }
    return JNI_FALSE;
}

static jclass JNICALL find_class(JNIEnv *e, const char *name) {
    (void)e;
    struct object *found = is_class(name, "java.lang.Throwable")           ? &throwable
                           : is_class(name, "java.lang.StackTraceElement") ? &stack_trace_element
                           : is_class(name, frames[LOADER])                ? &loader_class
                                                                           : NULL;
    return throw_if(found == NULL) ? NULL : (jclass)found;
}

static jint JNICALL register_natives(JNIEnv *e, jclass type, const JNINativeMethod *methods,
                                     jint count) {
    (void)e;
    CHECK(type != NULL);
    if (throw_if(JNI_FALSE)) {
        return JNI_ERR;
    }
    for (jint i = 0; i < count; i++) {
        CHECK(methods[i].name != NULL && methods[i].signature[0] == '(' && methods[i].fnPtr);
    }
    registered = count;
    return 0;
}

static void *found_member(const void *type, const char *name, const char *signature) {
    CHECK(type != NULL && signature != NULL);
    const jboolean known = type == &throwable || type == &stack_trace_element;
    return throw_if(!known && strcmp(name, MEMBER) != 0) ? NULL : &member;
}

static jfieldID JNICALL get_field_id(JNIEnv *e, jclass type, const char *name,
                                     const char *signature) {
    (void)e;
    return found_member(type, name, signature);
}

static jmethodID JNICALL get_method_id(JNIEnv *e, jclass type, const char *name,
                                       const char *signature) {
    (void)e;
    return found_member(type, name, signature);
}

static jobject JNICALL get_object_field(JNIEnv *e, jobject object, jfieldID field) {
    (void)e;
    enter();
    CHECK(object != NULL && (void *)field == &member);
    return object;
}

static jint JNICALL get_int_field(JNIEnv *e, jobject object, jfieldID field) {
    CHECK(get_object_field(e, object, field) == object);
    return ((struct object *)object)->length;
}

static void JNICALL set_int_field(JNIEnv *e, jobject object, jfieldID field, jint value) {
    CHECK(get_object_field(e, object, field) == object);
    ((struct object *)object)->length = value;
}

static void JNICALL set_boolean_field(JNIEnv *e, jobject object, jfieldID field, jboolean value) {
    set_int_field(e, object, field, value);
}

static jint JNICALL call_int_method(JNIEnv *e, jobject object, jmethodID method, ...) {
    const jint value = get_int_field(e, object, (jfieldID)(void *)method);
    return throw_if(JNI_FALSE) ? 0 : value;
}

static jobject JNICALL new_object_of(JNIEnv *e, jclass type, jmethodID constructor, ...) {
    (void)e;
    CHECK((void *)type == &throwable && (void *)constructor == &member);
    return throw_if(JNI_FALSE) ? NULL : (jobject)new_object();
}

/* Throwable.getStackTrace() has an object that is as long as it is deep, whose elements are
 * strings; StackTraceElement.getClassName() has the same string. */
static jobject JNICALL call_object_method(JNIEnv *e, jobject object, jmethodID method, ...) {
    (void)e;
    CHECK(object != NULL && (void *)method == &member);
    if (throw_if(JNI_FALSE)) {
        return NULL;
    }
    if (chars_of((jstring)object) != NULL) {
        return object;
    }
    ((struct object *)object)->length = sizeof frames / sizeof *frames;
    return object;
}

static jobject JNICALL get_object_array_element(JNIEnv *e, jobjectArray array, jsize index) {
    (void)e;
    enter();
    CHECK(index >= 0 && index < ((struct object *)array)->length);
    return (jobject)string(frames[index]);
}

void fill_classes(struct JNINativeInterface_ *functions) {
    functions->FindClass = find_class;
    functions->RegisterNatives = register_natives;
    functions->GetFieldID = get_field_id;
    functions->GetMethodID = get_method_id;
    functions->GetObjectField = get_object_field;
    functions->GetIntField = get_int_field;
    functions->SetIntField = set_int_field;
    functions->SetBooleanField = set_boolean_field;
    functions->CallIntMethod = call_int_method;
    functions->NewObject = new_object_of;
    functions->CallObjectMethod = call_object_method;
    functions->GetObjectArrayElement = get_object_array_element;
}
