/* The arguments of an entry, made of the fuzzer's bytes. */
#ifndef SELECTORS4J_FUZZ_ARGUMENTS_H
#define SELECTORS4J_FUZZ_ARGUMENTS_H

#include <jni.h>
#include <stddef.h>
#include <stdint.h>

#define MOST_DESCRIPTORS 1024

/* Has the arguments be made of these bytes from now on and, when they have run out, of zeroes. */
void take_from(const uint8_t *bytes, size_t size);

void take(void *to, size_t bytes);
uint8_t take_byte(void);
jint take_int(void);
jlong take_long(void);
jstring take_string(void);
jintArray take_array(void);

/* One count in 16 comes with null. */
int comes_with_null(jint count);

/* Guarded memory that begins with what is left of the bytes, which stay to be taken. */
void *memory_of_input(size_t bytes);

enum kernel { REAL, EMULATED };

/* Memory for that many structures, or null; a count that is not negative is made small enough. */
jlong take_memory(jint *count, size_t size, enum kernel kernel);

/* Opens the descriptors that the functions below give; once, and first. */
void open_descriptors(void);

jint take_descriptor(void);

/* A number that is no descriptor. */
jint take_no_descriptor(void);

/* Any but the emulated kqueue, an epoll set that nobody but the emulation changes. */
jint take_epoll_set(void);

/* One that may be closed or be put in another's place. */
jint take_spare_descriptor(void);

/* The one /dev/poll that is open. */
jint devpoll_set(void);

void close_if_open(jint fd);

#endif
