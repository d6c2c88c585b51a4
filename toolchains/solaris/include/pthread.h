/* pthreads(7). */
#pragma once

typedef unsigned int pthread_t;

int pthread_kill(pthread_t thread, int signal);
pthread_t pthread_self(void);
