/* poll(2), poll(7d). */
#pragma once

#define POLLIN 0x0001
#define POLLPRI 0x0002
#define POLLOUT 0x0004
#define POLLERR 0x0008
#define POLLHUP 0x0010
#define POLLNVAL 0x0020
#define POLLRDNORM 0x0040
#define POLLRDBAND 0x0080
#define POLLWRNORM POLLOUT
#define POLLWRBAND 0x0100
#define POLLREMOVE 0x0800

struct pollfd {
    int fd;
    short events;
    short revents;
};
typedef unsigned long nfds_t;

int poll(struct pollfd *fds, nfds_t count, int timeout);
