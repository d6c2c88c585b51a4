/* ioctl(2). */
#pragma once

int ioctl(int fd, int request, ...);
