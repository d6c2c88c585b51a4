/* Memory that shows every write outside of it: it ends at a page that nobody may touch, and before
 * it there are bytes that have to stay as they are. */
#ifndef SELECTORS4J_FUZZ_MEMORY_H
#define SELECTORS4J_FUZZ_MEMORY_H

#include <stddef.h>

#define MOST_MEMORY 16384

/* That many bytes, as many as there are of `content` and zeroes, until the next call. */
void *guarded_memory(size_t bytes, const void *content, size_t length);

/* Fails when something before the memory has changed. */
void check_memory(void);

#endif
