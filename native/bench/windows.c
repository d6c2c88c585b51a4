/* windows.exe ROUNDS: what a select and a WSAPoll of 1, 64 and 1000 idle sockets take that find one
 * of them ready, in microseconds, at least. On Windows, or in wine. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define FD_SETSIZE 1024
#include <winsock2.h>

#include <windows.h>

enum { MOST = 1000 };

static SOCKET sockets[MOST];

static void check(int succeeded) {
    if (!succeeded) {
        fprintf(stderr, "error %d\n", WSAGetLastError());
        exit(1);
    }
}

/* Bound to the loopback, where it hears of nothing but what is sent here. */
static SOCKET open_socket(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SOCKET made = socket(AF_INET, SOCK_DGRAM, 0);
    check(made != INVALID_SOCKET && bind(made, (struct sockaddr *)&address, sizeof address) == 0);
    return made;
}

static void make_ready(SOCKET receiver) {
    struct sockaddr_in address;
    int size = sizeof address;
    check(getsockname(receiver, (struct sockaddr *)&address, &size) == 0 &&
          sendto(receiver, "!", 1, 0, (struct sockaddr *)&address, size) == 1);
}

static void select_once(int count) {
    struct timeval now = {0};
    fd_set set;
    set.fd_count = (u_int)count;
    memcpy(set.fd_array, sockets, (size_t)count * sizeof *sockets);
    check(select(0, &set, NULL, NULL, &now) == 1);
}

static void poll_once(int count) {
    static WSAPOLLFD pollfds[MOST];
    for (int i = 0; i < count; i++) {
        pollfds[i] = (WSAPOLLFD){.fd = sockets[i], .events = POLLRDNORM};
    }
    check(WSAPoll(pollfds, (ULONG)count, 0) == 1);
}

/* Whatever else the machine does, it only adds. */
static double least(void (*wait)(int), int count, int rounds) {
    LARGE_INTEGER before, after, frequency;
    double micros = HUGE_VAL;
    QueryPerformanceFrequency(&frequency);
    for (int i = 0; i < rounds; i++) {
        QueryPerformanceCounter(&before);
        wait(count);
        QueryPerformanceCounter(&after);
        micros = fmin(micros, (double)(after.QuadPart - before.QuadPart) * 1e6 /
                                  (double)frequency.QuadPart);
    }
    return micros;
}

int main(int argc, char **argv) {
    static const int counts[] = {1, 64, MOST};
    WSADATA data;
    const int rounds = argc > 1 ? atoi(argv[1]) : 0;
    if (argc != 2 || rounds <= 0) {
        fprintf(stderr, "windows.exe ROUNDS\n");
        return 2;
    }
    check(WSAStartup(MAKEWORD(2, 2), &data) == 0);
    for (int i = 0; i < MOST; i++) {
        sockets[i] = open_socket();
    }
    make_ready(sockets[0]);
    Sleep(100); /* the system hands it over meanwhile; a select that finds none is an error */
    printf("%8s %10s %10s\n", "sockets", "select", "WSAPoll");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const double selected = least(select_once, counts[i], rounds);
        printf("%8d %10.1f %10.1f\n", counts[i], selected, least(poll_once, counts[i], rounds));
    }
    return 0;
}
