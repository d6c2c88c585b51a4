/* A process' descriptor: pidfd. */
#define _GNU_SOURCE
#include "kernel.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

static pid_t child;
static int ends[2];

static void open_child(unsigned flags) {
    object = (int)MUST(syscall(SYS_pidfd_open, child, flags));
}

static void running(void) {
    child = start(wait_for_end);
    open_child(0);
}

static void end(void) {
    siginfo_t info;
    MUST(kill(child, SIGKILL));
    MUST(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
}

static void reap(void) {
    MUST(waitpid(child, NULL, 0));
}

static void *wait_in_thread(void *unused) {
    pause();
    return unused;
}

/* Its other thread goes on. */
static void end_first_thread(void) {
    pthread_t other;
    char byte;
    pthread_create(&other, NULL, wait_in_thread, NULL);
    MUST(read(ends[0], &byte, 1));
    syscall(SYS_exit, 0);
}

static void open_with_threads(unsigned flags) {
    MUST(pipe2(ends, O_CLOEXEC));
    child = start(end_first_thread);
    open_child(flags);
}

static void process_with_threads(void) {
    open_with_threads(0);
}

static void first_thread(void) {
    open_with_threads(PIDFD_THREAD);
}

/* Waits until the thread is a zombie, as its "stat" tells. */
static void let_first_thread_end(void) {
    char path[64], state = 0;
    MUST(write(ends[1], "x", 1));
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    while (state != 'Z') {
        FILE *stat = fopen(path, "re");
        if (stat == NULL || fscanf(stat, "%*d %*s %c", &state) != 1)
            leave_out("/proc can't be read");
        fclose(stat);
    }
}

static pthread_t thread;
static int told[2];

static void *end_when_told(void *unused) {
    char byte;
    object = (int)syscall(SYS_pidfd_open, (pid_t)syscall(SYS_gettid), PIDFD_THREAD);
    MUST(write(ends[1], "x", 1));
    MUST(read(told[0], &byte, 1));
    return unused;
}

static void thread_of_its_own(void) {
    char byte;
    MUST(pipe2(ends, O_CLOEXEC));
    MUST(pipe2(told, O_CLOEXEC));
    pthread_create(&thread, NULL, end_when_told, NULL);
    MUST(read(ends[0], &byte, 1));
    MUST(object);
}

static void end_thread(void) {
    MUST(write(told[1], "x", 1));
    pthread_join(thread, NULL);
}

#define THREAD "pidfd of a thread (`PIDFD_THREAD`)"

const struct row process_rows[] = {
    {"pidfd", "running", {running}},
    {"pidfd", "ended", {running, end}},
    {"pidfd", "ended and reaped", {running, end, reap}},
    {"pidfd", "ended and reaped", {running, end, reap}, .asked = POLLOUT},
    {"pidfd", "its first thread has ended", {process_with_threads, let_first_thread_end}},
    {THREAD, "running", {thread_of_its_own}},
    {THREAD, "ended", {thread_of_its_own, end_thread}},
    {THREAD, "the first thread, ended before others", {first_thread, let_first_thread_end}},
    {0},
};
