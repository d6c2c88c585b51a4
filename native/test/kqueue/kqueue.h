/* What the emulated kqueue offers to the rest of a test program. */
#ifndef SELECTORS4J_TEST_KQUEUE_H
#define SELECTORS4J_TEST_KQUEUE_H

#include <stdbool.h>

/* Closes fd if it is an emulated kqueue; false, and nothing done, if it is not. */
bool kqueue_close(int fd, int *result);

#endif
