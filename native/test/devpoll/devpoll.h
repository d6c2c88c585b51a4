/* What the emulated /dev/poll offers to the rest of a test program. */
#ifndef SELECTORS4J_TEST_DEVPOLL_H
#define SELECTORS4J_TEST_DEVPOLL_H

#include <stdbool.h>

/* Closes fd if it is an emulated /dev/poll; false, and nothing done, if it is not. */
bool devpoll_close(int fd, int *result);

#endif
