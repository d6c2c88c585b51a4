/*
 * kernel [OBJECT]: prints the rows of docs/kernel-objects.md, or those of one object, as this
 * kernel makes them, and on stderr those that can't be made here, with the reason.
 */
#define _GNU_SOURCE
#include "kernel.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { EVERYTHING = POLLIN | POLLPRI | POLLOUT | POLLRDHUP, LEFT_OUT = 77, LONGEST_SECONDS = 30 };

static const struct {
    int event;
    const char *name, *set;
} events[] = {
    {POLLIN, "IN", "read"},     {POLLOUT, "OUT", "write"}, {POLLPRI, "PRI", "except"},
    {POLLRDHUP, "RDHUP", NULL}, {POLLERR, "ERR", NULL},    {POLLHUP, "HUP", NULL},
    {POLLNVAL, "NVAL", NULL},
};

static const struct {
    const char *name;
    ask *ask;
} mechanisms[] = {{"epoll", ask_epoll}, {"poll", ask_poll}, {"select", ask_select}};

void leave_out(const char *why) {
    printf("%s", why);
    fflush(stdout);
    exit(LEFT_OUT);
}

long must(const char *call, long result) {
    if (result < 0) {
        char why[512];
        snprintf(why, sizeof why, "%s: %s", call, error_name(errno));
        leave_out(why);
    }
    return result;
}

const char *error_name(int error) {
    return strerrorname_np(error);
}

static void print_events(int answer, int as_sets) {
    const char *space = "";
    if (answer <= 0) {
        printf("%s", answer == 0 ? "–" : error_name(-answer));
        return;
    }
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        const char *name = as_sets ? events[i].set : events[i].name;
        if (name != NULL && (answer & events[i].event) != 0) {
            printf("%s%s", space, name);
            space = " ";
        }
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
    print_events(first, ask == ask_select);
    if (second != first) {
        printf(", then ");
        print_events(second, ask == ask_select);
    }
    fflush(stdout);
}

/* The answer of a process of its own; false: the row is left out, and the answer is why. */
static int find_answer(const struct row *row, ask *ask, char *answer, size_t size) {
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

static void print_row(const struct row *row) {
    char name[256], answers[3][512];
    int length = snprintf(name, sizeof name, "%s | %s", row->object, row->state);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (row->asked & events[i].event)
            length += snprintf(name + length, sizeof name - (size_t)length, "; asked for %s",
                               events[i].name);
    for (int i = 0; i < 3; i++)
        if (!find_answer(row, mechanisms[i].ask, answers[i], sizeof answers[i])) {
            fprintf(stderr, "| %s | %s\n", name, answers[i]);
            return;
        }
    printf("| %s | %s | %s | %s |\n", name, answers[0], answers[1], answers[2]);
    fflush(stdout);
}

int main(int argc, char **argv) {
    const struct row *tables[] = {
        pipe_rows,   unix_rows,    tcp_rows,      udp_rows,    terminal_rows, file_rows,
        device_rows, change_rows,  pressure_rows, event_rows,  process_rows,  queue_rows,
        fault_rows,  counter_rows, ring_rows,     tunnel_rows, fuse_rows,     network_rows,
    };
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct row *row = tables[i]; row->object != NULL; row++)
            if (argc < 2 || strstr(row->object, argv[1]) != NULL)
                print_row(row);
    return 0;
}
