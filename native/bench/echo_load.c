/* echo-load PORT CONNECTIONS MILLISECONDS: each connection sends 64 bytes, awaits their echo, and
 * sends again. Prints requests a second, and the median and 99th percentile of their microseconds.
 * The first tenth of the time is not counted. */
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

struct connection {
    int fd;
    int received;
    int64_t sent;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
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
    if (argc != 4) {
        fprintf(stderr, "usage: echo-load PORT CONNECTIONS MILLISECONDS\n");
        return 2;
    }
    int count = atoi(argv[2]);
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
    int64_t counted = now() + duration / 10, end = counted + duration, requests = 0;
    for (int i = 0; i < count; i++) {
        send_message(&connections[i]);
    }
    while (now() < end) {
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
            if (connection->sent >= counted) {
                int64_t bucket = (now() - connection->sent) / 100;
                histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
                requests++;
            }
            send_message(connection);
        }
    }
    printf("%.1f %.2f %.2f\n", requests * 1e9 / duration, percentile(histogram, requests, 0.5),
           percentile(histogram, requests, 0.99));
    return 0;
}
