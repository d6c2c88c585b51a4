#include "jvm.h"

#include <string.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#include <time.h>
#endif

struct object {
    struct object *next;
    char *chars;
    jint *ints;
    jsize length;
};

static struct JNINativeInterface_ functions;
static JNIEnv environment = &functions;
JNIEnv *env = &environment;
static struct object loader_class;
static char member; /* the only one, of every object */

/* As local references and exceptions, each thread's own. */
_Thread_local jint registered;
static _Thread_local struct object *objects;
static _Thread_local int borrowed;
static _Thread_local jboolean thrown;

static void unexpected(void) {
    printf("a call of JNI that no shim should make\n");
    exit(1);
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
    CHECK(is_copy == NULL);
    borrowed++;
    return chars_of(string);
}

static void JNICALL release_string_utf_chars(JNIEnv *e, jstring string, const char *chars) {
    (void)e;
    CHECK(chars == chars_of(string));
    borrowed--;
}

static jstring JNICALL new_string_utf(JNIEnv *e, const char *chars) {
    (void)e;
    return string(chars);
}

static jstring JNICALL new_string(JNIEnv *e, const jchar *chars, jsize length) {
    (void)e;
    char ascii[512] = "";
    CHECK(length < (jsize)sizeof ascii);
    for (jsize i = 0; i < length; i++) {
        ascii[i] = (char)chars[i];
    }
    return string(ascii);
}

static jsize JNICALL get_array_length(JNIEnv *e, jarray array) {
    (void)e;
    return ((struct object *)array)->length;
}

static void JNICALL set_int_array_region(JNIEnv *e, jintArray array, jsize start, jsize length,
                                         const jint *from) {
    (void)e;
    struct object *object = (struct object *)array;
    CHECK(start >= 0 && length >= 0 && start + length <= object->length);
    memcpy(object->ints + start, from, (size_t)length * sizeof(jint));
}

static jclass JNICALL find_class(JNIEnv *e, const char *name) {
    (void)e;
    return strcmp(name, "io/github/selectors4j/internal/NativeLibrary") == 0
               ? (jclass)&loader_class
               : NULL; /* as a JVM without stack traces */
}

static jint JNICALL register_natives(JNIEnv *e, jclass type, const JNINativeMethod *methods,
                                     jint count) {
    (void)e, (void)type;
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

static void *found_member(const void *type, const char *name, const char *signature) {
    CHECK(type != NULL && signature != NULL);
    thrown = strcmp(name, MEMBER) != 0;
    return thrown ? NULL : &member;
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
    CHECK(object != NULL && (void *)field == &member);
    return object;
}

static jint JNICALL get_int_field(JNIEnv *e, jobject object, jfieldID field) {
    CHECK(get_object_field(e, object, field) == object);
    return ((struct object *)object)->length;
}

static jint JNICALL call_int_method(JNIEnv *e, jobject object, jmethodID method, ...) {
    return get_int_field(e, object, (jfieldID)(void *)method);
}

static void *JNICALL get_direct_buffer_address(JNIEnv *e, jobject buffer) {
    (void)e;
    CHECK(buffer != NULL);
    return ((struct object *)buffer)->ints;
}

static jint JNICALL get_env(JavaVM *vm, void **result, jint version) {
    (void)vm;
    CHECK_EQUAL(version, JNI_VERSION_1_8);
    *result = env;
    return JNI_OK;
}

static void make_environment(void) {
    void (**slots)(void) = (void (**)(void)) & functions;
    for (size_t i = 0; i < sizeof functions / sizeof *slots; i++) {
        slots[i] = unexpected;
    }
    functions.GetStringUTFChars = get_string_utf_chars;
    functions.ReleaseStringUTFChars = release_string_utf_chars;
    functions.NewStringUTF = new_string_utf;
    functions.NewString = new_string;
    functions.GetArrayLength = get_array_length;
    functions.SetIntArrayRegion = set_int_array_region;
    functions.FindClass = find_class;
    functions.RegisterNatives = register_natives;
    functions.ExceptionCheck = exception_check;
    functions.ExceptionClear = exception_clear;
    functions.GetFieldID = get_field_id;
    functions.GetMethodID = get_method_id;
    functions.GetObjectField = get_object_field;
    functions.GetIntField = get_int_field;
    functions.CallIntMethod = call_int_method;
    functions.GetDirectBufferAddress = get_direct_buffer_address;
}

#ifdef _WIN32
static HMODULE library;

static void open_library(const char *path) {
    library = LoadLibraryA(path);
    if (library == NULL) {
        printf("LoadLibrary(%s): error %lu\n", path, GetLastError());
        exit(1);
    }
}

void *exported(const char *name) {
    void *function = (void *)GetProcAddress(library, name);
    CHECK(function != NULL);
    return function;
}

double seconds(void) {
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (double)now.QuadPart / (double)frequency.QuadPart;
}
#else
static void *library;

static void open_library(const char *path) {
    library = dlopen(path, RTLD_NOW);
    if (library == NULL) {
        printf("%s\n", dlerror());
        exit(1);
    }
}

void *exported(const char *name) {
    void *function = dlsym(library, name);
    CHECK(function != NULL);
    return function;
}

double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
#endif

void load_library(const char *path) {
    open_library(path);
    make_environment();
    static struct JNIInvokeInterface_ invoke;
    static JavaVM vm = &invoke;
    invoke.GetEnv = get_env;
    registered = 0;
    jint(JNICALL * on_load)(JavaVM *, void *) =
        (jint(JNICALL *)(JavaVM *, void *))exported("JNI_OnLoad");
    CHECK_EQUAL(on_load(&vm, NULL), JNI_VERSION_1_8);
    CHECK_EQUAL(registered, 1);
}

void check_nothing_borrowed(void) {
    CHECK_EQUAL(borrowed, 0);
}

int run_tests(int argc, char **argv, test_function *const tests[], const char *const names[],
              int count) {
    CHECK(argc == 2);
    setvbuf(stdout, NULL, _IONBF, 0);
    load_library(argv[1]);
    for (int i = 0; i < count; i++) {
        printf("%s\n", names[i]);
        tests[i]();
        check_nothing_borrowed();
        free_objects();
    }
    printf("%d passed, 0 failed\n", count);
    return 0;
}
