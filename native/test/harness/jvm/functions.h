/* The functions of JNI: each file here has those of one kind, and what they share is this. */
#ifndef SELECTORS4J_TEST_FUNCTIONS_H
#define SELECTORS4J_TEST_FUNCTIONS_H

#include "../jvm.h"

struct object {
    struct object *next;
    char *chars;
    jint *ints;
    jsize length;
};

/* One that lives until the thread frees all of its own. */
struct object *new_object(void);

/* Most functions may not be called while an exception is pending. */
void enter(void);

/* The same for one that may fail: whether it does, now with an exception pending. */
jboolean throw_if(jboolean condition);

/* Has a stack trace say that a class of that name has called JNI_OnLoad. */
void call_from(const char *class_name);

/* Each puts the functions of its kind into JNI's table. */
void fill_classes(struct JNINativeInterface_ *functions);
void fill_exceptions(struct JNINativeInterface_ *functions);
void fill_objects(struct JNINativeInterface_ *functions);
void fill_strings(struct JNINativeInterface_ *functions);

#endif
