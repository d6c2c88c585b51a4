/* A check that tells the rule it belongs to, and a main that runs the test of each rule. */
#ifndef SELECTORS4J_TEST_CHECK_H
#define SELECTORS4J_TEST_CHECK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The one that is tested. */
extern int rule;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: rule %d: %s (errno %s)\n", __FILE__, __LINE__, rule,           \
                    #condition, strerror(errno));                                                  \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* The call fails with the errno. */
#define CHECK_ERROR(call, error)                                                                   \
    do {                                                                                           \
        errno = 0;                                                                                 \
        CHECK((call) == -1);                                                                       \
        CHECK(errno == (error));                                                                   \
    } while (0)

static inline double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Waits until a thread of this process sleeps in the system call. */
void await_asleep(long call);

/* Runs the test of the rule that the command line names, else every one. Rules count from 1. */
int run_rules(int argc, char **argv, void (*const tests[])(void), int count);

#endif
