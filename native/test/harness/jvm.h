/*
 * Runs a shipped library without a JVM, for platforms that have none here: loads it, and stands in
 * for the JVM's side of JNI. A call of JNI that the shims have no business to make ends the
 * program.
 */
#ifndef SELECTORS4J_TEST_JVM_H
#define SELECTORS4J_TEST_JVM_H

#include <jni.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* Fails unless two numbers are the same, and says what they are. */
#define CHECK_EQUAL(actual, expected)                                                              \
    do {                                                                                           \
        long long a = (long long)(actual), e = (long long)(expected);                              \
        if (a != e) {                                                                              \
            printf("%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #actual, a, e);            \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* Loads the library, or takes the program itself for NULL, and has JNI_OnLoad register
 * NativeLibrary.bind. */
void load_library(const char *path);

void *exported(const char *name);

/* What calls System.load in the jar. */
#define LIBRARY_CLASS "io.github.selectors4j.internal.loading.NativeLibrary"

/* Fills the table of JNI's functions. */
void make_environment(void);

/* Has JNI_OnLoad called by a class of that name, and returns what it returns. */
jint load_from(const char *class_name);

/* Has the nth call from now of those functions fail that JNI lets fail when memory is short or
 * Java's side throws: they return nothing, and an exception is pending. Others can't. */
void fail_jni_call(int nth);

/* Whether it came to that call; in either case none will fail any more. */
jboolean jni_call_failed(void);

/* Whether an exception was pending; then it is cleared. */
jboolean take_exception(void);

/* A native method, by its room and class: NATIVE(system_Errno, number)(env, NULL, string("EINTR")).
 */
#define NATIVE(class_name, method)                                                                 \
    ((__typeof__(&Java_io_github_selectors4j_internal_##class_name##_##method))exported(           \
        "Java_io_github_selectors4j_internal_" #class_name "_" #method))

extern JNIEnv *env;

/* Objects that live until the thread frees all of its own. */
jstring string(const char *chars);
const char *chars_of(jstring string);
jintArray int_array(jsize length);
jint element(jintArray array, jsize index);
void free_objects(void);

/* The name of the one field and one method that every class has. Their value is the object's
 * length. */
#define MEMBER "fd"

/* How many methods the last RegisterNatives was given. */
extern _Thread_local jint registered;

/* Every string that JNI lent has been given back. */
void check_nothing_borrowed(void);

/* A clock that never goes back. */
double seconds(void);

typedef void test_function(void);

/* Runs the tests on the library that the command line names. */
int run_tests(int argc, char **argv, test_function *const tests[], const char *const names[],
              int count);

#define TEST_COUNT(tests) (int)(sizeof(tests) / sizeof *(tests))

#endif
