/* libevent's benchmark: a byte is written to some of many pipes, and whoever reads a byte writes
 * one to the next pipe, until all writes are made. */
#ifndef SELECTORS4J_CASCADE_H
#define SELECTORS4J_CASCADE_H

#include <unistd.h>

struct cascade {
    int count;
    int *read_ends;
    int *write_ends;
    int writes; /* left to make */
    int fired;  /* bytes written */
    int caught; /* bytes read */
};

/* What a contender has: a loop that watches all read ends, one pass without waiting, the end. */
void *cascade_open(struct cascade *cascade);
void cascade_pass(void *loop);
void cascade_close(void *loop);

static inline void cascade_fire(struct cascade *cascade, int index) {
    cascade->fired += (int)write(cascade->write_ends[index], "e", 1);
}

/* What each calls when the pipe of that index is readable. */
static inline void cascade_catch(struct cascade *cascade, int index) {
    char byte;
    cascade->caught += (int)read(cascade->read_ends[index], &byte, 1);
    if (cascade->writes > 0) {
        cascade->writes--;
        cascade_fire(cascade, index + 1 < cascade->count ? index + 1 : 0);
    }
}

#endif
