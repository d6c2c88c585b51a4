/* /proc/pressure, with a trigger and without. */
#define _GNU_SOURCE
#include "kernel.h"

#include <sched.h>
#include <string.h>

/* The shortest that who is not root may have, in microseconds as the trigger has it. */
#define WINDOW "2000000"
enum { TWO_WINDOWS = 4500 };

static void pressure(void) {
    object = (int)MUST(open("/proc/pressure/cpu", O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

static void set_trigger(const char *trigger) {
    MUST(write(object, trigger, strlen(trigger) + 1));
}

/* That all of the window has to be lost. */
static void unlikely_trigger(void) {
    set_trigger("some " WINDOW " " WINDOW);
}

static void trigger(void) {
    set_trigger("some 1000 " WINDOW);
}

static void spin(void) {
    for (;;)
        ;
}

/* Two processes on one processor. */
static void stall(void) {
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    for (int i = 0; i < 2; i++)
        MUST(sched_setaffinity(start(spin), sizeof first, &first));
}

#define PRESSURE "`/proc/pressure/…`"
#define FOR_PRI .asked = POLLPRI, .patience = TWO_WINDOWS

const struct row pressure_rows[] = {
    {PRESSURE, "no trigger", {pressure}},
    {PRESSURE, "a trigger, nothing happened", {pressure, unlikely_trigger}},
    {PRESSURE, "a trigger that fires", {pressure, trigger}, {stall}, FOR_PRI},
    {PRESSURE, "watched, then a trigger that fires", {pressure}, {trigger, stall}, FOR_PRI},
    {0},
};
