/* echo-load PORT CONNECTIONS MILLISECONDS PID: each connection sends 64 bytes, awaits their echo,
 * and sends again. Prints how many requests were answered, the seconds that this program and the
 * server, of that PID, had of the processor that they share, and the 99th percentile of the
 * requests' microseconds. That is of the windows of 5 ms in which nobody else had more than a
 * twentieth of the processor: it goes on until there are enough, or six times as many milliseconds
 * have passed. Without any, it is 0. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE 64
#define BUCKETS 1000000 /* of 100 ns */
#define WINDOW 5000000
#define LONGEST 6 /* times the milliseconds asked for */
#define OTHERS 0.05
#define MOST_IN_WINDOW 100000

struct connection {
    int fd;
    int received;
    int64_t sent;
};

static int64_t read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int64_t now(void) {
    return read_clock(CLOCK_MONOTONIC);
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void send_message(struct connection *connection) {
    static const char message[MESSAGE];
    connection->received = 0;
    connection->sent = now();
    if (write(connection->fd, message, MESSAGE) != MESSAGE) {
        fail("write");
    }
}

static double percentile(const uint32_t *histogram, int64_t requests, double share) {
    int64_t seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        seen += histogram[bucket];
        if (seen >= requests * share) {
            return (bucket + 0.5) / 10;
        }
    }
    return BUCKETS / 10.0;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: echo-load PORT CONNECTIONS MILLISECONDS PID\n");
        return 2;
    }
    int count = atoi(argv[2]);
    clockid_t servers;
    if (clock_getcpuclockid(atoi(argv[4]), &servers) != 0) {
        fprintf(stderr, "no process %s\n", argv[4]);
        return 1;
    }
    int64_t duration = atoll(argv[3]) * 1000000;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct connection *connections = calloc((size_t)count, sizeof *connections);
    struct epoll_event *events = calloc((size_t)count, sizeof *events);
    uint32_t *histogram = calloc(BUCKETS, sizeof *histogram);
    int epfd = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < count; i++) {
        int fd = connections[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
            fail("connect");
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event);
    }
    static int64_t pending[MOST_IN_WINDOW];
    int64_t requests = 0, all = 0, taken = 0, counted = 0, in_window = 0, answered = 0;
    int64_t first = now() + duration / 10, last = first + LONGEST * duration, alone_since = 0;
    for (int i = 0; i < count; i++) {
        send_message(&connections[i]);
    }
    int64_t window = now(), before = 0, turn;
    while ((turn = now()) < last && counted < duration) {
        if (turn - window >= WINDOW) {
            int64_t after = read_clock(servers) + read_clock(CLOCK_PROCESS_CPUTIME_ID);
            if (window >= first) {
                all += answered;
                taken += after - before;
            }
            if (after - before < (turn - window) * (1 - OTHERS) || window < first) {
                alone_since = turn;
            } else {
                for (int i = 0; i < in_window; i++) {
                    histogram[pending[i]]++;
                }
                requests += in_window;
                counted += turn - window;
            }
            window = turn;
            before = after;
            in_window = 0;
            answered = 0;
        }
        int found = epoll_wait(epfd, events, count, 10000);
        if (found == 0) {
            fprintf(stderr, "no echo for ten seconds\n");
            return 1;
        }
        for (int i = 0; i < found; i++) {
            struct connection *connection = events[i].data.ptr;
            char buffer[MESSAGE];
            ssize_t length = read(connection->fd, buffer, sizeof buffer);
            if (length <= 0) {
                fail("read");
            }
            connection->received += (int)length;
            if (connection->received < MESSAGE) {
                continue;
            }
            /* One that was sent while others ran would count them. */
            if (connection->sent >= alone_since && in_window < MOST_IN_WINDOW) {
                int64_t bucket = (now() - connection->sent) / 100;
                pending[in_window++] = bucket < BUCKETS ? bucket : BUCKETS - 1;
            }
            answered++;
            send_message(connection);
        }
    }
    printf("%lld %.9f %.2f\n", (long long)all, taken / 1e9,
           requests == 0 ? 0 : percentile(histogram, requests, 0.99));
    return 0;
}
