/* Echoes over epoll; prints its port, and ends with its standard input. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_EVENTS 1024

static void watch(int epfd, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event);
}

static void accept_one(int epfd, int server) {
    int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        watch(epfd, fd);
    }
}

static void echo(int fd) {
    char buffer[4096];
    ssize_t length = read(fd, buffer, sizeof buffer);
    if (length <= 0 || write(fd, buffer, (size_t)length) != length) {
        close(fd);
    }
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(server, (struct sockaddr *)&address, length) != 0 || listen(server, 1024) != 0 ||
        getsockname(server, (struct sockaddr *)&address, &length) != 0) {
        perror("echo-server");
        return 1;
    }
    int epfd = epoll_create1(EPOLL_CLOEXEC);
    watch(epfd, server);
    watch(epfd, STDIN_FILENO);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    static struct epoll_event events[MAX_EVENTS];
    for (;;) {
        int found = epoll_wait(epfd, events, MAX_EVENTS, -1);
        for (int i = 0; i < found; i++) {
            int fd = events[i].data.fd;
            if (fd == STDIN_FILENO) {
                return 0;
            }
            if (fd == server) {
                accept_one(epfd, server);
            } else {
                echo(fd);
            }
        }
    }
}
