/* The native methods of the Java classes; cmake/bindings.cmake makes the table from their headers.
 */
#ifndef SELECTORS4J_BINDINGS_H
#define SELECTORS4J_BINDINGS_H

#include <jni.h>
#include <stddef.h>

struct bindings {
    const char *class_name; /* simple: relocation keeps that */
    const JNINativeMethod *methods;
    size_t count;
};

extern const struct bindings bindings[]; /* ends with a null class_name */

#endif
