/* A kqueue, and what its parts offer each other. All of it is called under one lock. */
#ifndef SELECTORS4J_TEST_QUEUE_H
#define SELECTORS4J_TEST_QUEUE_H

#include "knote.h"

#include <sys/types.h>

#define SECOND 1000000000LL

struct watch;  /* a descriptor with its knotes */
struct signal; /* a knote of EVFILT_USER or EVFILT_TIMER */

struct queue {
    struct queue *next;
    int fd;       /* an epoll set */
    int ready_fd; /* in the set, readable while a signal or a file is ready; -1 until there is one
                   */
    int timer_fd; /* in the set; -1 until a timer is needed */
    struct watch **watches;
    int size;
    int files; /* watches that epoll refuses */
    unsigned generation;
    struct signal *signals;
    bool signals_last; /* signals and descriptors take turns */
    bool requeued;     /* NetBSD: what was handed out is back in line until the next look */
    bool watches_itself;
    int users; /* threads inside kevent */
    bool closing;
};

int64_t now(void);
bool model(const char *word);

/* Each opens the descriptor unless it is open; 0 or an errno. */
int need_ready_fd(struct queue *queue);
int need_timer_fd(struct queue *queue);

/* Applies a change; 0 or an errno. */
int change_watch(struct queue *queue, const struct kevent *change);
int change_signal(struct queue *queue, const struct kevent *change);

/* Each hands out the events that are ready, at most as many as there is room for. */
int collect_watches(struct queue *queue, struct kevent *out, int room);
int collect_files(struct queue *queue, struct kevent *out, int room);
int collect_signals(struct queue *queue, struct kevent *out, int room);

/* Whether an event is ready that epoll does not see; both lower the deadline of the next one. */
bool files_ready(struct queue *queue, int64_t *deadline);
bool signals_ready(struct queue *queue, int64_t *deadline);

void free_watches(struct queue *queue);
void free_signals(struct queue *queue);

#endif
