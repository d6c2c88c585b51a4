/* A check that tells the rule it belongs to, and a main that runs the test of each rule. */
#ifndef SELECTORS4J_TEST_CHECK_H
#define SELECTORS4J_TEST_CHECK_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int rule;

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

static inline int open_descriptors(void) {
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* Runs the test of the rule that the command line names, else every one. Rules count from 1. */
static inline int run_rules(int argc, char **argv, void (*const tests[])(void), int count) {
    int only = argc > 1 ? atoi(argv[1]) : 0;
    for (rule = 1; rule <= count; rule++) {
        if (only != 0 && only != rule)
            continue;
        int before = open_descriptors();
        tests[rule - 1]();
        CHECK(open_descriptors() == before);
    }
    return 0;
}

#endif
