#include "failures.h"

#include "io_github_selectors4j_internal_fileobject_JdkMember.h"
#include "io_github_selectors4j_internal_loading_NativeLibrary.h"
#include "io_github_selectors4j_internal_system_Errno.h"
#include "io_github_selectors4j_internal_system_PollShim.h"
#include "jvm.h"

#define NO_ERROR_OF_THE_SYSTEM 4711

static jint known_error;

static jlong number_of_error(void) {
    return NATIVE(system_Errno, number)(env, NULL, string("EINTR"));
}

static jlong symbol_of_error(void) {
    return NATIVE(system_Errno, symbol)(env, NULL, known_error) != NULL;
}

static jlong message_of_error(void) {
    return NATIVE(system_Errno, message)(env, NULL, known_error) != NULL;
}

static jlong message_of_no_error(void) {
    return NATIVE(system_Errno, message)(env, NULL, NO_ERROR_OF_THE_SYSTEM) != NULL;
}

static jlong constant(void) {
    return NATIVE(system_PollShim, constant)(env, NULL, string("POLLIN"));
}

static jlong bind_class(void) {
    return NATIVE(loading_NativeLibrary, bind)(env, NULL, string("class"), string("Errno"));
}

static jlong has_class(void) {
    return NATIVE(loading_NativeLibrary, has)(env, NULL, string("Errno"));
}

static jlong look_up(const char *signature) {
    return NATIVE(fileobject_JdkMember, lookUp)(env, NULL, string("class"), string(MEMBER),
                                                string(signature));
}

static jlong field(void) {
    return look_up("I");
}

static jlong method(void) {
    return look_up("()I");
}

static jlong call_method(void) {
    jlong id = method();
    return id == 0 ? 0 : NATIVE(fileobject_JdkMember, callInt)(env, NULL, int_array(1), id);
}

/* An exception is pending if and only if there is no result. */
static void fail_every_call(jlong (*native)(void)) {
    int nth = 1;
    do {
        fail_jni_call(nth++);
        jlong result = native();
        CHECK_EQUAL(take_exception(), result == 0);
        check_nothing_borrowed();
        free_objects();
    } while (jni_call_failed());
    CHECK(nth > 2);
    CHECK(native() != 0);
}

void check_failures_of_natives(void) {
    known_error = (jint)number_of_error();
    fail_every_call(number_of_error);
    fail_every_call(symbol_of_error);
    fail_every_call(message_of_error);
    fail_every_call(message_of_no_error);
    fail_every_call(constant);
    fail_every_call(bind_class);
    fail_every_call(has_class);
    fail_every_call(field);
    fail_every_call(method);
    fail_every_call(call_method);
}

/* After how many failures the library was not bound to the class that loads it. */
static int failures_to_bind(const char *loader) {
    int unbound = 0;
    for (int nth = 1;; nth++) {
        registered = 0;
        fail_jni_call(nth);
        CHECK_EQUAL(load_from(loader), JNI_VERSION_1_8);
        CHECK(!take_exception());
        check_nothing_borrowed();
        free_objects();
        if (!jni_call_failed()) {
            CHECK_EQUAL(registered, 1);
            CHECK(nth > 10);
            return unbound;
        }
        unbound += registered == 0;
    }
}

/* Without the name from a stack trace the library still knows its own, but no relocated one. */
void check_failures_of_loading(void) {
    CHECK_EQUAL(failures_to_bind(LIBRARY_CLASS), 2);
    CHECK(failures_to_bind("relocated.NativeLibrary") > 10);
    CHECK_EQUAL(load_from(LIBRARY_CLASS), JNI_VERSION_1_8);
}
