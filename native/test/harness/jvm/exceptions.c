/* The exception that is pending, and the calls that have one thrown. */
#include "functions.h"

/* Each thread's own. */
static _Thread_local jboolean thrown;
static _Thread_local int calls_until_failure;

void enter(void) {
    CHECK(!thrown);
}

jboolean throw_if(jboolean condition) {
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

static jboolean JNICALL exception_check(JNIEnv *e) {
    (void)e;
    return thrown;
}

static void JNICALL exception_clear(JNIEnv *e) {
    (void)e;
    thrown = JNI_FALSE;
}

void fill_exceptions(struct JNINativeInterface_ *functions) {
    functions->ExceptionCheck = exception_check;
    functions->ExceptionClear = exception_clear;
}
