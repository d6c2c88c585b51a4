/* A knote: one filter on one descriptor or identifier. */
#ifndef SELECTORS4J_TEST_KNOTE_H
#define SELECTORS4J_TEST_KNOTE_H

#include "filter.h"

#include <sys/event.h>

struct knote {
    struct kevent event; /* as registered */
    bool present;
    bool disabled;
    bool reported;           /* EV_CLEAR: since then it has to change */
    struct readiness latest; /* EV_CLEAR: what was reported */
};

bool knote_active(const struct knote *knote);
void knote_create(struct knote *knote, const struct kevent *change);
void knote_update(struct knote *knote, const struct kevent *change);
void knote_enable(struct knote *knote, const struct kevent *change);

/* The event of a knote that is ready. EV_ONESHOT leaves it absent, EV_DISPATCH disabled. */
struct kevent knote_report(struct knote *knote, const struct readiness *readiness);

#endif
