/* signal.h(3head). SIGRTMAX is left out: it is asked of the system. */
#pragma once

#include <sys/select.h>

#define SIG_DFL ((void (*)(int))0)
#define SIGWINCH 20
#define SIGURG 21

struct sigaction {
    int sa_flags;
    void (*sa_handler)(int);
    sigset_t sa_mask;
};

int sigaction(int signal, const struct sigaction *restrict wanted,
              struct sigaction *restrict present);
