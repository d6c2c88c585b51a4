/* What the shims share. A shim copies in, makes one system call, copies out, and returns a count
 * or -errno; everything else is Java's. */
#ifndef SELECTORS4J_SHIM_H
#define SELECTORS4J_SHIM_H

#include <errno.h>
#include <jni.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A direct buffer's memory, which Java owns and keeps alive during the call. */
#define MEMORY(address) ((void *)(intptr_t)(address))

/* errno is read before anything else may overwrite it. */
static inline jint result(intptr_t returned) {
    return returned < 0 ? -errno : (jint)returned;
}

/* A system constant by its name, so that neither side depends on the other's order. */
struct constant {
    const char *name;
    jlong value;
};

#define CONSTANT(name)                                                                             \
    { #name, (jlong)(name) }

/* A structure's layout, which Java asks for under the names "sizeof" and the fields'. */
#define LAYOUT_SIZE(type)                                                                          \
    { "sizeof", sizeof(type) }
#define LAYOUT_OFFSET(type, field)                                                                 \
    { #field, offsetof(type, field) }

/* The named constant; 0, no bit and no filter, when this system lacks it. */
jlong constant_value(JNIEnv *env, jstring name, const struct constant *constants, size_t count);

/* The name of the first constant that has this value; NULL when there is none. */
jstring constant_name(JNIEnv *env, jlong value, const struct constant *constants, size_t count);

#define CONSTANTS(table) (table), sizeof(table) / sizeof *(table)

#endif
