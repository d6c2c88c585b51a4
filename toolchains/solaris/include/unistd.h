/* unistd.h(3head). */
#pragma once

#include <sys/types.h>

int close(int fd);
int pipe(int fds[2]);
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset);
ssize_t read(int fd, void *bytes, size_t count);
ssize_t readlink(const char *path, char *target, size_t size);
ssize_t write(int fd, const void *bytes, size_t count);
