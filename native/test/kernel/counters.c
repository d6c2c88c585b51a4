/* perf_event, and maps of BPF. */
#define _GNU_SOURCE
#include "kernel.h"

#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static pid_t child;

/* Samples each page that a process touches first, while it is turned on. */
static void open_counter(pid_t process) {
    struct perf_event_attr faults = {
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof faults,
        .config = PERF_COUNT_SW_PAGE_FAULTS,
        .sample_period = 1,
        .wakeup_events = 1,
        .disabled = 1,
        .exclude_kernel = 1,
    };
    object =
        (int)MUST(syscall(SYS_perf_event_open, &faults, process, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

static void bare_counter(void) {
    open_counter(0);
}

static void map_samples(void) {
    map(2 * (size_t)sysconf(_SC_PAGESIZE), MAP_SHARED, object, 0);
}

static void sample(void) {
    char *page = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(ioctl(object, PERF_EVENT_IOC_ENABLE, 0));
    *(volatile char *)page = 1;
    MUST(ioctl(object, PERF_EVENT_IOC_DISABLE, 0));
}

static void counter_of_child(void) {
    open_counter(child = start(wait_for_end));
    map_samples();
}

static void end_child(void) {
    MUST(kill(child, SIGKILL));
    MUST(waitpid(child, NULL, 0));
}

static void open_map(union bpf_attr attributes) {
    object = (int)MUST(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

static void table(void) {
    open_map((union bpf_attr){
        .map_type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 4, .max_entries = 1});
}

static void ring(void) {
    open_map((union bpf_attr){.map_type = BPF_MAP_TYPE_RINGBUF,
                              .max_entries = (unsigned)sysconf(_SC_PAGESIZE)});
}

const struct row counter_rows[] = {
    {"perf_event", "without `mmap`", {bare_counter}},
    {"perf_event", "with `mmap`, no sample", {bare_counter, map_samples}},
    {"perf_event",
     "with `mmap`, a sample before it is watched",
     {bare_counter, map_samples, sample}},
    {"perf_event",
     "with `mmap`, a sample while it is watched",
     {bare_counter, map_samples},
     {sample}},
    {"perf_event", "with `mmap`, its process has ended", {counter_of_child, end_child}},
    {"BPF hash map", "any", {table}},
    {"BPF ring buffer", "empty", {ring}},
    {0},
};
