/* The knotes of EVFILT_USER and EVFILT_TIMER. */
#include "queue.h"

#include <errno.h>
#include <stdlib.h>

/* 7: of the clock that NetBSD counts a timer's time in; and what it makes of a negative time. */
#define TICK (10 * 1000000LL)
#define LONGEST_TIMER (1LL << 40)

/* A knote of EVFILT_USER or EVFILT_TIMER. */
struct signal {
    struct signal *next;
    struct knote knote;
    bool triggered;
    int64_t count;
    int64_t period;
    int64_t deadline; /* 0: stopped */
};

static void trigger_user(struct signal *signal, const struct kevent *change) {
    unsigned stored = signal->knote.event.fflags, given = change->fflags & NOTE_FFLAGSMASK;
    switch (change->fflags & NOTE_FFCTRLMASK) {
    case NOTE_FFAND:
        stored &= given;
        break;
    case NOTE_FFOR:
        stored |= given;
        break;
    case NOTE_FFCOPY:
        stored = given;
        break;
    }
    signal->knote.event.fflags = stored & NOTE_FFLAGSMASK & ~NOTE_TRIGGER;
    signal->knote.event.data = change->data;
    signal->triggered |= (change->fflags & NOTE_TRIGGER) != 0;
}

static int start_timer(struct queue *queue, struct signal *signal, const struct kevent *change) {
    int64_t unit = 1000000, early = 0, periods = change->data;
#ifdef KQUEUE_NETBSD_OF_OLD
    if (change->data == 0)
        return EINVAL;
    if (periods < 0)
        periods = LONGEST_TIMER;
    early = TICK;
#elif defined KQUEUE_NETBSD
    if (change->data <= 0)
        return EINVAL;
    early = TICK;
#else
    if (change->data < 0 || (change->fflags & NOTE_ABSTIME))
        return EINVAL;
#ifdef KQUEUE_OPENBSD
    static const int64_t units[] = {1000000, SECOND, 1000, 1};
    unit = units[change->fflags & NOTE_NSECONDS];
#else
    if (change->fflags & NOTE_SECONDS)
        unit = SECOND;
    else if (change->fflags & NOTE_USECONDS)
        unit = 1000;
    else if (change->fflags & NOTE_NSECONDS)
        unit = 1;
#endif
#endif
    signal->period = periods == 0 ? unit : periods * unit;
    signal->deadline = now() + (signal->period > early ? signal->period - early : 0);
    signal->count = 0;
    return need_timer_fd(queue);
}

int change_signal(struct queue *queue, const struct kevent *change) {
    struct signal **link = &queue->signals;
    while (*link != NULL && ((*link)->knote.event.ident != change->ident ||
                             (*link)->knote.event.filter != change->filter))
        link = &(*link)->next;
    struct signal *signal = *link;
    bool timer = change->filter == EVFILT_TIMER, added = signal == NULL;
    if (signal != NULL && (change->flags & EV_DELETE)) {
        *link = signal->next;
        free(signal);
        return 0;
    }
    if (signal == NULL) {
        if (!(change->flags & EV_ADD))
            return ENOENT;
        int error = need_ready_fd(queue);
        if (error != 0)
            return error;
        signal = calloc(1, sizeof *signal);
        if (signal == NULL)
            return ENOMEM;
        knote_create(&signal->knote, change);
        signal->knote.event.fflags = 0;
        if (timer)
            signal->knote.event.flags |= EV_CLEAR; /* 2: a timer is so by itself */
        *link = signal;
    }
    if (timer && (change->flags & EV_ADD)) {
        int error = start_timer(queue, signal, change);
        if (error != 0 && added) {
            *link = NULL;
            free(signal);
        }
        if (error != 0)
            return error;
    }
    if (!timer)
        trigger_user(signal, change);
    signal->knote.event.udata = change->udata;
    knote_enable(&signal->knote, change);
    return 0;
}

static bool signal_ready(const struct signal *signal) {
    return knote_active(&signal->knote) && (signal->triggered || signal->count > 0);
}

static void expire_timers(struct queue *queue) {
    int64_t time = now();
    for (struct signal *signal = queue->signals; signal != NULL; signal = signal->next) {
        if (signal->deadline == 0 || signal->deadline > time)
            continue;
        int64_t times = 1 + (time - signal->deadline) / signal->period;
        bool once = (signal->knote.event.flags & EV_ONESHOT) != 0;
        signal->count += once ? 1 : times;
        signal->deadline = once ? 0 : signal->deadline + times * signal->period;
    }
}

int collect_signals(struct queue *queue, struct kevent *out, int room) {
    int found = 0;
    struct signal **link = &queue->signals;
    expire_timers(queue);
    while (*link != NULL && found < room) {
        struct signal *signal = *link;
        if (signal_ready(signal)) {
            struct readiness readiness = {.fflags = signal->knote.event.fflags,
                                          .data = signal->knote.event.data};
            if (signal->knote.event.filter == EVFILT_TIMER)
                readiness.data = signal->count;
            out[found++] = knote_report(&signal->knote, &readiness);
            if (signal->knote.event.flags & EV_CLEAR)
                signal->triggered = false;
            signal->count = 0;
        }
        if (signal->knote.present) {
            link = &signal->next;
        } else {
            *link = signal->next;
            free(signal);
        }
    }
    return found;
}

bool signals_ready(struct queue *queue, int64_t *deadline) {
    bool ready = false;
    for (struct signal *signal = queue->signals; signal != NULL; signal = signal->next) {
        ready |= signal_ready(signal);
        if (signal->deadline != 0 && (*deadline == 0 || signal->deadline < *deadline))
            *deadline = signal->deadline;
    }
    return ready;
}

void free_signals(struct queue *queue) {
    while (queue->signals != NULL) {
        struct signal *next = queue->signals->next;
        free(queue->signals);
        queue->signals = next;
    }
}
