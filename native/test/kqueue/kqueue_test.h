/* What the tests of kqueue's rules share. */
#ifndef SELECTORS4J_KQUEUE_TEST_H
#define SELECTORS4J_KQUEUE_TEST_H

#include "../check.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/event.h>

#define ROOM 16
#define READ_END 0
#define WRITE_END 1

/* What the latest wait has reported. */
extern struct kevent events[ROOM];

extern const struct timespec zero;

int open_queue(void);
struct kevent make_change(int fd, int filter, int flags);

/* One change without room for an answer: 0 or -1. */
int change(int kq, int fd, int filter, int flags);
int poll_events(int kq, int room);

/* The only event that is ready. */
const struct kevent *only(int kq);
void open_pipe(int ends[2], bool readable);
void open_pair(int ends[2]);
void close_both(const int ends[2]);

/* A listening TCP socket of the loopback interface, and its address. */
int listen_on_loopback(struct sockaddr_in *address);
void open_connection(int ends[2]);

/* A thread that waits for one event. */
struct waiter {
    int kq;
    int result;
    int error;
    struct kevent event;
    pthread_t thread;
};

/* Starts one, and returns once it waits. */
void start_wait(struct waiter *waiter);

void rule_1_layout(void);
void rule_2_level_and_clear(void);
void rule_3_knotes_and_close(void);
void rule_4_errors_of_changes(void);
void rule_5_room_and_timeout(void);
void rule_6_sockets(void);
void rule_7_user_and_timer(void);
void rule_8_devices(void);
void rule_9_inheritance(void);
void rule_10_close_and_nesting(void);

#endif
