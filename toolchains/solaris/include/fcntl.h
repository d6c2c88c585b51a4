/* fcntl(2), open(2). F_DUPFD_CLOEXEC is left out: Solaris and illumos number it differently. */
#pragma once

#define O_RDONLY 0x0
#define O_WRONLY 0x1
#define O_RDWR 0x2
#define O_NONBLOCK 0x80
#define O_CLOEXEC 0x800000
#define O_ACCMODE 0x600003

#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define FD_CLOEXEC 1

int fcntl(int fd, int command, ...);
int open(const char *path, int flags, ...);
