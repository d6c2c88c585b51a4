/* JNI's table, and the JVM that loads a library. */
#include "functions.h"

static struct JNINativeInterface_ functions;
static JNIEnv environment = &functions;
JNIEnv *env = &environment;

static void unexpected(void) {
    printf("a call of JNI that no shim should make\n");
    exit(1);
}

void make_environment(void) {
    void (**slots)(void) = (void (**)(void)) & functions;
    for (size_t i = 0; i < sizeof functions / sizeof *slots; i++) {
        slots[i] = unexpected;
    }
    fill_classes(&functions);
    fill_exceptions(&functions);
    fill_objects(&functions);
    fill_strings(&functions);
}

static jint JNICALL get_env(JavaVM *vm, void **result, jint version) {
    (void)vm;
    CHECK_EQUAL(version, JNI_VERSION_1_8);
    *result = env;
    return JNI_OK;
}

jint load_from(const char *class_name) {
    static struct JNIInvokeInterface_ invoke;
    static JavaVM vm = &invoke;
    invoke.GetEnv = get_env;
    call_from(class_name);
    jint(JNICALL * on_load)(JavaVM *, void *) =
        (jint(JNICALL *)(JavaVM *, void *))exported("JNI_OnLoad");
    return on_load(&vm, NULL);
}
