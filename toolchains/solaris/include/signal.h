/* signal.h(3head), for 64-bit programs. SIGRTMAX, which is a call there, is left out. */
#pragma once

#include <sys/types.h>

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
