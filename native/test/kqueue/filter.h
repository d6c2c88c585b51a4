/* Readiness of a descriptor as a BSD kernel's filters see it. */
#ifndef SELECTORS4J_TEST_FILTER_H
#define SELECTORS4J_TEST_FILTER_H

#include <stdbool.h>
#include <stdint.h>

enum side { READ_SIDE, WRITE_SIDE, EXCEPT_SIDE, SIDES };

/* What has to be remembered of a descriptor, since Linux does not tell it later. */
struct past {
    bool connected; /* it once had a peer */
    bool failed;    /* its socket once had an error */
};

struct readiness {
    bool ready;
    bool eof;
    unsigned fflags;
    int64_t data;
};

/*
 * The errno with which the kernel refuses a knote on this side of fd, 0 if it takes it. low_water
 * is what it is to override the least count with, if positive.
 */
int filter_attach(int fd, enum side side, int64_t low_water);

/*
 * The readiness of fd. low_water overrides the least count that counts as ready of a socket or a
 * pipe, if positive.
 */
struct readiness filter_event(int fd, enum side side, struct past *past, int64_t low_water);

#endif
