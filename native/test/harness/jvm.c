#include "jvm.h"

#include <string.h>

struct object {
    struct object *next;
    char *chars;
    jint *ints;
    jsize length;
};

static struct JNINativeInterface_ functions;
static JNIEnv environment = &functions;
JNIEnv *env = &environment;
static struct object throwable, stack_trace_element, loader_class;
static char member; /* the only one, of every object */

/* A stack trace, the innermost call first, as of a JVM that calls JNI_OnLoad. */
enum { LOADER = 2 };
static const char *frames[] = {"jdk.internal.loader.NativeLibraries", "java.lang.System",
                               LIBRARY_CLASS, "Main"};

/* As local references and exceptions, each thread's own. */
_Thread_local jint registered;
static _Thread_local struct object *objects;
static _Thread_local int borrowed;
static _Thread_local jboolean thrown;
static _Thread_local int calls_until_failure;

static void unexpected(void) {
    printf("a call of JNI that no shim should make\n");
    exit(1);
}

/* Most functions may not be called while an exception is pending. */
static void enter(void) {
    CHECK(!thrown);
}

static jboolean throw_if(jboolean condition) {
    enter();
    thrown = condition || (calls_until_failure > 0 && --calls_until_failure == 0);
    return thrown;
}

void fail_jni_call(int nth) {
    calls_until_failure = nth;
}

jboolean jni_call_failed(void) {
    jboolean failed = calls_until_failure == 0;
    calls_until_failure = 0;
    return failed;
}

jboolean take_exception(void) {
    jboolean taken = thrown;
    thrown = JNI_FALSE;
    return taken;
}

static struct object *new_object(void) {
    struct object *object = calloc(1, sizeof *object);
    CHECK(object != NULL);
    object->next = objects;
    objects = object;
    return object;
}

void free_objects(void) {
    while (objects != NULL) {
        struct object *next = objects->next;
        free(objects->chars);
        free(objects->ints);
        free(objects);
        objects = next;
    }
}

jstring string(const char *chars) {
    struct object *object = new_object();
    object->length = (jsize)strlen(chars);
    object->chars = malloc((size_t)object->length + 1);
    CHECK(object->chars != NULL);
    strcpy(object->chars, chars);
    return (jstring)object;
}

const char *chars_of(jstring string) {
    return ((struct object *)string)->chars;
}

jintArray int_array(jsize length) {
    struct object *object = new_object();
    object->length = length;
    object->ints = calloc((size_t)length, sizeof(jint));
    CHECK(object->ints != NULL);
    return (jintArray)object;
}

jint element(jintArray array, jsize index) {
    return ((struct object *)array)->ints[index];
}

static const char *JNICALL get_string_utf_chars(JNIEnv *e, jstring string, jboolean *is_copy) {
    (void)e;
    CHECK(string != NULL && is_copy == NULL);
    if (throw_if(JNI_FALSE)) {
        return NULL;
    }
    borrowed++;
    return chars_of(string);
}

/* All strings here are in ASCII. */
static jsize JNICALL get_string_length(JNIEnv *e, jstring string) {
    (void)e;
    CHECK(string != NULL);
    return (jsize)strlen(chars_of(string));
}

/* With a zero behind them, which some JVMs leave out. */
static void JNICALL get_string_utf_region(JNIEnv *e, jstring string, jsize start, jsize length,
                                          char *chars) {
    CHECK(start >= 0 && length >= 0 && start + length <= get_string_length(e, string));
    memcpy(chars, chars_of(string) + start, (size_t)length);
    chars[length] = 0;
}

static void JNICALL release_string_utf_chars(JNIEnv *e, jstring string, const char *chars) {
    (void)e;
    CHECK(chars == chars_of(string));
    borrowed--;
}

static jstring JNICALL new_string_utf(JNIEnv *e, const char *chars) {
    (void)e;
    return throw_if(JNI_FALSE) ? NULL : string(chars);
}

static jstring JNICALL new_string(JNIEnv *e, const jchar *chars, jsize length) {
    (void)e;
    char ascii[512] = "";
    CHECK(length < (jsize)sizeof ascii);
    for (jsize i = 0; i < length; i++) {
        ascii[i] = (char)chars[i];
    }
    return throw_if(JNI_FALSE) ? NULL : string(ascii);
}

static jsize JNICALL get_array_length(JNIEnv *e, jarray array) {
    (void)e;
    enter();
    return ((struct object *)array)->length;
}

static void JNICALL set_int_array_region(JNIEnv *e, jintArray array, jsize start, jsize length,
                                         const jint *from) {
    (void)e;
    enter();
    struct object *object = (struct object *)array;
    CHECK(start >= 0 && length >= 0 && start + length <= object->length);
    memcpy(object->ints + start, from, (size_t)length * sizeof(jint));
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

static jboolean JNICALL exception_check(JNIEnv *e) {
    (void)e;
    return thrown;
}

static void JNICALL exception_clear(JNIEnv *e) {
    (void)e;
    thrown = JNI_FALSE;
}

static void JNICALL delete_local_ref(JNIEnv *e, jobject object) {
    (void)e, (void)object;
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
    if (throw_if(JNI_FALSE) || chars_of((jstring)object) != NULL) {
        return thrown ? NULL : object;
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

static void *JNICALL get_direct_buffer_address(JNIEnv *e, jobject buffer) {
    (void)e;
    enter();
    CHECK(buffer != NULL);
    return ((struct object *)buffer)->ints;
}

static jint JNICALL get_env(JavaVM *vm, void **result, jint version) {
    (void)vm;
    CHECK_EQUAL(version, JNI_VERSION_1_8);
    *result = env;
    return JNI_OK;
}

void make_environment(void) {
    void (**slots)(void) = (void (**)(void)) & functions;
    for (size_t i = 0; i < sizeof functions / sizeof *slots; i++) {
        slots[i] = unexpected;
    }
    functions.GetStringUTFChars = get_string_utf_chars;
    functions.ReleaseStringUTFChars = release_string_utf_chars;
    functions.GetStringLength = get_string_length;
    functions.GetStringUTFLength = get_string_length;
    functions.GetStringUTFRegion = get_string_utf_region;
    functions.NewStringUTF = new_string_utf;
    functions.NewString = new_string;
    functions.GetArrayLength = get_array_length;
    functions.SetIntArrayRegion = set_int_array_region;
    functions.FindClass = find_class;
    functions.RegisterNatives = register_natives;
    functions.ExceptionCheck = exception_check;
    functions.ExceptionClear = exception_clear;
    functions.DeleteLocalRef = delete_local_ref;
    functions.NewObject = new_object_of;
    functions.CallObjectMethod = call_object_method;
    functions.GetObjectArrayElement = get_object_array_element;
    functions.GetFieldID = get_field_id;
    functions.GetMethodID = get_method_id;
    functions.GetObjectField = get_object_field;
    functions.GetIntField = get_int_field;
    functions.SetIntField = set_int_field;
    functions.SetBooleanField = set_boolean_field;
    functions.CallIntMethod = call_int_method;
    functions.GetDirectBufferAddress = get_direct_buffer_address;
}

jint load_from(const char *class_name) {
    static struct JNIInvokeInterface_ invoke;
    static JavaVM vm = &invoke;
    invoke.GetEnv = get_env;
    frames[LOADER] = class_name;
    jint(JNICALL * on_load)(JavaVM *, void *) =
        (jint(JNICALL *)(JavaVM *, void *))exported("JNI_OnLoad");
    return on_load(&vm, NULL);
}

void check_nothing_borrowed(void) {
    CHECK_EQUAL(borrowed, 0);
}
