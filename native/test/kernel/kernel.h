/*
 * What this kernel answers about a descriptor: the rows of docs/kernel-objects.md. Each row is made
 * anew, in a process of its own, for each of epoll, poll and select, and is never cleaned up: the
 * process ends.
 */
#ifndef SELECTORS4J_TEST_KERNEL_H
#define SELECTORS4J_TEST_KERNEL_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

typedef void step(void);

struct row {
    const char *object;
    const char *state;
    step *before[4];  /* makes the object and brings it into its state */
    step *watched[2]; /* what happens then; it is looked at before each */
    short asked;      /* POLLIN and so on; 0 is everything */
    int patience;     /* milliseconds that an answer may take */
};

/* Each ends with a row of zeroes. */
extern const struct row pipe_rows[], unix_rows[], tcp_rows[], udp_rows[], terminal_rows[],
    file_rows[], device_rows[], change_rows[], pressure_rows[], event_rows[], process_rows[],
    queue_rows[], fault_rows[], counter_rows[], ring_rows[], tunnel_rows[], fuse_rows[],
    network_rows[];

/* What the row asks about, and what is at its other end. */
extern int object, peer;

/* Ends a row that can't be made here. */
_Noreturn void leave_out(const char *why);

/* The result of a system call; the row is left out when it has failed. */
#define MUST(call) must(#call, (call))
long must(const char *call, long result);

/* The errno's name. */
const char *error_name(int error);

/* Asks for the events, and waits for as long as `patience` says: what there is, or -errno. */
typedef int ask(short events, int patience);
ask ask_epoll, ask_poll, ask_select;

/* Finds what the mechanism says of the row; false: the row is left out, and the answer is why. */
int find_answer(const struct row *row, ask *ask, char *answer, size_t size);
enum { LEFT_OUT = 77 };

/* The names of the events, or of the errno of a negative answer; of select's sets, if they are
 * wanted. */
void print_events(FILE *output, int answer, int as_sets);

/* Leaves the namespaces (CLONE_NEWNS and so on), in which it has root's rights from then on. */
void leave_namespaces(int namespaces);

/* A child that runs the function, and does not outlive this process. */
pid_t start(step *run);
void wait_for_end(void);

void set_number(const char *path, int number);

/* mmap, to read and to write. */
char *map(size_t size, int flags, int file, off_t offset);

/* To a port of 127.0.0.1 that the kernel chooses; what connects does so to the last of them. */
void bind_to_loopback(int socket);
int connect_to_loopback(int socket);

/* Steps that many kinds of object have in common. */
step put_byte, put_five, close_peer, read_all, write_byte, fill_while_writable, fill,
    peer_reads_byte, peer_reads_page, peer_reads_half, peer_reads_all;

/* Those of sockets. */
step five_is_low_water, put_urgent, put_empty, receive_nothing, take_error, shut_reading,
    shut_writing, shut_both, peer_shuts_writing;

#endif
