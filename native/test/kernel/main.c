/*
 * kernel [OBJECT]: prints the rows of docs/kernel-objects.md, or those of one object, as this
 * kernel makes them, and on stderr those that can't be made here, with the reason.
 */
#define _GNU_SOURCE
#include "kernel.h"

#include <signal.h>
#include <string.h>

static ask *const mechanisms[] = {ask_epoll, ask_poll, ask_select};

static void print_name(FILE *output, const struct row *row) {
    fprintf(output, "| %s | %s", row->object, row->state);
    if (row->asked != 0) {
        fprintf(output, "; asked for ");
        print_events(output, row->asked, 0);
    }
}

static void print_row(const struct row *row) {
    char answers[3][512];
    for (int i = 0; i < 3; i++)
        if (!find_answer(row, mechanisms[i], answers[i], sizeof answers[i])) {
            print_name(stderr, row);
            fprintf(stderr, " | %s\n", answers[i]);
            return;
        }
    print_name(stdout, row);
    printf(" | %s | %s | %s |\n", answers[0], answers[1], answers[2]);
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
