/* stat.h(3head), for 64-bit programs: the mode, and as much room as the system fills. */
#pragma once

#include <stdint.h>

#define S_IFMT 0xF000
#define S_IFIFO 0x1000
#define S_IFCHR 0x2000
#define S_IFDIR 0x4000
#define S_IFBLK 0x6000
#define S_IFREG 0x8000
#define S_IFSOCK 0xc000

struct stat {
    uint64_t st_dev;
    uint64_t st_ino;
    uint32_t st_mode;
    char rest[108];
};

int fstat(int fd, struct stat *status);
