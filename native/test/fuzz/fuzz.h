/* What calls the entries of the library, in some way that the fuzzer's bytes choose. */
#ifndef SELECTORS4J_FUZZ_H
#define SELECTORS4J_FUZZ_H

#include "../harness/jvm.h"

#define ENTRY(class_name, method) Java_io_github_selectors4j_internal_##class_name##_##method

/* Returns what the entry has answered, or a number that is no -errno. */
typedef jint driver(void);

/* Each ends with NULL. What the first bytes of the inputs mean depends on the order. */
extern driver *const object_drivers[];
extern driver *const descriptor_drivers[];
extern driver *const mechanism_drivers[];
extern driver *const io_drivers[];

#endif
