/* socket.h(3head). Of the two forms of struct msghdr it is the older one, which libsocket takes. */
#pragma once

#include <sys/types.h>

#define SOL_SOCKET 0xffff
#define SO_ACCEPTCONN 0x0002
#define SO_TYPE 0x1008
#define SOCK_DGRAM 1
#define SOCK_STREAM 2
#define MSG_DONTWAIT 0x80

typedef unsigned int socklen_t;

struct sockaddr;
struct iovec;
struct msghdr {
    void *msg_name;
    socklen_t msg_namelen;
    struct iovec *msg_iov;
    int msg_iovlen;
    char *msg_accrights;
    int msg_accrightslen;
};

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length);
int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict length);
ssize_t recv(int fd, void *bytes, size_t count, int flags);
ssize_t recvmsg(int fd, struct msghdr *message, int flags);
ssize_t send(int fd, const void *bytes, size_t count, int flags);
ssize_t sendmsg(int fd, const struct msghdr *message, int flags);
