/* What an EV_ADD, the changes after it and a report do to a knote. */
#include "knote.h"

bool knote_active(const struct knote *knote) {
    return knote->present && !knote->disabled;
}

void knote_create(struct knote *knote, const struct kevent *change) {
    *knote = (struct knote){.event = *change, .present = true};
#ifndef KQUEUE_NETBSD
    /* NetBSD hands the actions back with every event. */
    knote->event.flags &= (unsigned short)~(EV_ADD | EV_DELETE | EV_ENABLE | EV_DISABLE);
#endif
}

/* 2: an EV_ADD of what is there changes its parameters; neither EV_CLEAR nor whether it is enabled.
 */
void knote_update(struct knote *knote, const struct kevent *change) {
#ifdef KQUEUE_NETBSD_OF_OLD
    if (!(change->flags & EV_ADD))
        return;
#endif
    knote->event.udata = change->udata;
    knote->event.fflags = change->fflags;
    knote->event.data = change->data;
    knote->reported = false;
}

void knote_enable(struct knote *knote, const struct kevent *change) {
    if (change->flags & EV_DISABLE)
        knote->disabled = true;
    if (change->flags & EV_ENABLE)
        knote->disabled = false;
}

struct kevent knote_report(struct knote *knote, const struct readiness *readiness) {
    struct kevent event = knote->event;
    event.fflags = readiness->fflags;
    event.data = readiness->data;
    if (readiness->eof)
        event.flags |= EV_EOF;
    knote->reported = true;
    knote->latest = *readiness;
    if (knote->event.flags & EV_ONESHOT)
        knote->present = false;
    else if (knote->event.flags & EV_DISPATCH)
        knote->disabled = true;
    return event;
}
