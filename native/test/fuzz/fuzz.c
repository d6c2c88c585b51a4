/*
 * Every entry of the library with whatever arguments a caller in Java could make up: numbers of any
 * size, null, arrays that are too short, descriptors that are none. An entry answers with a result
 * or -errno, and writes nowhere but where its arguments say. Addresses are Java's own: they are
 * valid here, or null, and the counts that go with them are right or negative. The emulated kernels
 * have no EFAULT, so what these would read or write is never null.
 */
#include "fuzz.h"

#include "arguments.h"
#include "memory.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MOST_DRIVERS 32
#define MOST_ERRNO 4095

static driver *drivers[MOST_DRIVERS];
static size_t driver_count;

static void list_drivers(void) {
    driver *const *const kinds[] = {object_drivers, descriptor_drivers, mechanism_drivers,
                                    io_drivers};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        for (driver *const *next = kinds[kind]; *next != NULL; next++) {
            CHECK(driver_count < MOST_DRIVERS);
            drivers[driver_count++] = *next;
        }
    }
}

/* Ends every wait, as any signal may. */
static void interrupt(int number) {
    (void)number;
}

static void start_interrupts(void) {
    struct sigaction action = {.sa_handler = interrupt};
    CHECK_EQUAL(sigaction(SIGRTMIN + 3, &action, NULL), 0);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 3};
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    timer_t timer;
    CHECK_EQUAL(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    const struct itimerspec interval = {{0, 500000}, {0, 500000}};
    CHECK_EQUAL(timer_settime(timer, 0, &interval, NULL), 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    list_drivers();
    load_library(NULL);
    const struct rlimit few = {MOST_DESCRIPTORS, MOST_DESCRIPTORS};
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &few), 0);
    open_descriptors();
    start_interrupts();
    free_objects();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    take_from(data, size);
    jint answer = drivers[take_byte() % driver_count]();
    CHECK(answer >= -MOST_ERRNO);
    check_memory();
    check_nothing_borrowed();
    free_objects();
    return 0;
}
