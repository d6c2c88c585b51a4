/* What one of the mechanisms says of a row. */
#define _GNU_SOURCE
#include "kernel.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { EVERYTHING = POLLIN | POLLPRI | POLLOUT | POLLRDHUP, LONGEST_SECONDS = 30 };

static const struct {
    int event;
    const char *name, *set;
} events[] = {
    {POLLIN, "IN", "read"},     {POLLOUT, "OUT", "write"}, {POLLPRI, "PRI", "except"},
    {POLLRDHUP, "RDHUP", NULL}, {POLLERR, "ERR", NULL},    {POLLHUP, "HUP", NULL},
    {POLLNVAL, "NVAL", NULL},
};

static const char *name(int i, int as_sets) {
    return as_sets ? events[i].set : events[i].name;
}

void print_events(FILE *output, int answer, int as_sets) {
    const char *space = "";
    if (answer <= 0)
        fprintf(output, "%s", answer == 0 ? "–" : error_name(-answer));
    for (int i = 0; answer > 0 && i < (int)(sizeof events / sizeof *events); i++)
        if ((answer & events[i].event) != 0 && name(i, as_sets) != NULL) {
            fprintf(output, "%s%s", space, name(i, as_sets));
            space = " ";
        }
}

/* Loopback delivers in a soft interrupt, and an ended thread leaves its process, a little later. */
static void settle(void) {
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/* What it says once more shows whether the first look has taken it away. */
static void print_answer(const struct row *row, ask *ask) {
    short asked = row->asked ? row->asked : EVERYTHING;
    for (size_t i = 0; i < 4 && row->before[i] != NULL; i++)
        row->before[i]();
    settle();
    for (size_t i = 0; i < 2 && row->watched[i] != NULL; i++) {
        ask(asked, 0);
        row->watched[i]();
        settle();
    }
    int first = ask(asked, row->patience);
    int second = first < 0 ? first : ask(asked, 0);
    print_events(stdout, first, ask == ask_select);
    if (second != first) {
        printf(", then ");
        print_events(stdout, second, ask == ask_select);
    }
    fflush(stdout);
}

int find_answer(const struct row *row, ask *ask, char *answer, size_t size) {
    int ends[2], status;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return 0;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        alarm(LONGEST_SECONDS);
        print_answer(row, ask);
        exit(0);
    }
    close(ends[1]);
    waitpid(child, &status, 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK); /* a child of the child may hold the other end */
    ssize_t length = read(ends[0], answer, size - 1);
    answer[length < 0 ? 0 : length] = 0;
    close(ends[0]);
    if (WIFSIGNALED(status))
        snprintf(answer, size, "ended by SIG%s", sigabbrev_np(WTERMSIG(status)));
    return !WIFEXITED(status) || WEXITSTATUS(status) != LEFT_OUT;
}
