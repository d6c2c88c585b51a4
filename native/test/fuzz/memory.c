#include "memory.h"

#include "../harness/jvm.h"

#include <string.h>
#include <sys/mman.h>

#define UNTOUCHED 0xa5
#define PAGE 4096 /* or a multiple of the system's */

static unsigned char *begin;
static size_t used;

static void make_memory(void) {
    begin =
        mmap(NULL, MOST_MEMORY + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(begin != MAP_FAILED);
    CHECK_EQUAL(mprotect(begin + MOST_MEMORY, PAGE, PROT_NONE), 0);
}

void *guarded_memory(size_t bytes, const void *content, size_t length) {
    CHECK(bytes <= MOST_MEMORY);
    if (begin == NULL) {
        make_memory();
    }
    used = bytes;
    unsigned char *memory = begin + MOST_MEMORY - bytes;
    memset(begin, UNTOUCHED, MOST_MEMORY - bytes);
    memset(memory, 0, bytes);
    memcpy(memory, content, length < bytes ? length : bytes);
    return memory;
}

void check_memory(void) {
    for (size_t i = 0; begin != NULL && i < MOST_MEMORY - used; i++) {
        if (begin[i] != UNTOUCHED) {
            printf("byte %zu before the memory has changed\n", MOST_MEMORY - used - i);
            abort();
        }
    }
}
