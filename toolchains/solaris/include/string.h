/* string(3c). */
#pragma once

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
char *strchr(const char *string, int character);
int strcmp(const char *left, const char *right);
char *strcpy(char *restrict to, const char *restrict from);
char *strerror(int error);
size_t strlen(const char *string);
int strncmp(const char *left, const char *right, size_t bytes);
