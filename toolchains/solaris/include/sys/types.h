/* types.h(3head), for 64-bit programs. */
#pragma once

#include <stddef.h>

typedef long off_t;
typedef long ssize_t;
typedef long time_t;
typedef struct {
    unsigned int bits[4];
} sigset_t;
