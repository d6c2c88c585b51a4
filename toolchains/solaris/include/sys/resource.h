/* getrlimit(2), for 64-bit programs. */
#pragma once

#define RLIMIT_NOFILE 5

struct rlimit {
    unsigned long rlim_cur;
    unsigned long rlim_max;
};

int getrlimit(int resource, struct rlimit *limit);
