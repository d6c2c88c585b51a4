/* What is done to all kinds of sockets. */
#define _GNU_SOURCE
#include "kernel.h"

#include <arpa/inet.h>
#include <sys/socket.h>

static struct sockaddr_in address;

void bind_to_loopback(int socket) {
    socklen_t size = sizeof address;
    address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    MUST(bind(socket, (struct sockaddr *)&address, size));
    MUST(getsockname(socket, (struct sockaddr *)&address, &size));
}

int connect_to_loopback(int socket) {
    return connect(socket, (struct sockaddr *)&address, sizeof address);
}

void five_is_low_water(void) {
    MUST(setsockopt(object, SOL_SOCKET, SO_RCVLOWAT, &(int){5}, sizeof(int)));
}

void put_urgent(void) {
    MUST(send(peer, "!", 1, MSG_OOB));
}

void put_empty(void) {
    MUST(send(peer, "", 0, 0));
}

void receive_nothing(void) {
    char byte;
    recv(object, &byte, 1, MSG_DONTWAIT);
}

void take_error(void) {
    int error;
    MUST(getsockopt(object, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error}));
}

void shut_reading(void) {
    MUST(shutdown(object, SHUT_RD));
}

void shut_writing(void) {
    MUST(shutdown(object, SHUT_WR));
}

void shut_both(void) {
    MUST(shutdown(object, SHUT_RDWR));
}

void peer_shuts_writing(void) {
    MUST(shutdown(peer, SHUT_WR));
}
