/* socket.h(3head), and recvmsg and sendmsg as X/Open has them. */
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#define SOCK_DGRAM 1
#define SOCK_STREAM 2
#define SOL_SOCKET 0xffff
#define SO_TYPE 0x1008
#define MSG_DONTWAIT 0x80

typedef unsigned int socklen_t;
struct sockaddr;
struct msghdr {
    void *msg_name;
    socklen_t msg_namelen;
    struct iovec *msg_iov;
    int msg_iovlen;
    void *msg_control;
    socklen_t msg_controllen;
    int msg_flags;
};

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict size);
int getsockopt(int fd, int level, int option, void *restrict value, socklen_t *restrict size);
ssize_t recv(int fd, void *bytes, size_t count, int flags);
ssize_t recvmsg(int fd, struct msghdr *message, int flags) __asm__("__xnet_recvmsg");
ssize_t send(int fd, const void *bytes, size_t count, int flags);
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) __asm__("__xnet_sendmsg");
