/* Files and folders, of disks and of the kernel. */
#define _GNU_SOURCE
#include "kernel.h"

#include <stdlib.h>
#include <sys/mman.h>

static void regular_file(void) {
    char name[] = "/tmp/kernel-file-XXXXXX";
    object = (int)MUST(mkostemp(name, O_CLOEXEC));
    unlink(name);
}

static void folder(void) {
    object = (int)MUST(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static void path_alone(void) {
    object = (int)MUST(open("/dev/ptmx", O_PATH | O_CLOEXEC));
}

static void memory_file(void) {
    object = (int)MUST(memfd_create("kernel", MFD_CLOEXEC));
}

static void open_to_read(const char *path) {
    object = (int)must(path, open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

static void cpuinfo(void) {
    open_to_read("/proc/cpuinfo");
}

static void status(void) {
    open_to_read("/proc/self/status");
}

static void hostname(void) {
    open_to_read("/proc/sys/kernel/hostname");
}

static void swappiness(void) {
    open_to_read("/proc/sys/vm/swappiness");
}

static void attribute(void) {
    open_to_read("/sys/class/net/lo/operstate");
}

const struct row file_rows[] = {
    {"regular file", "any", {regular_file}},
    {"folder", "any", {folder}},
    {"memfd", "any", {memory_file}},
    {"opened with `O_PATH`", "any", {path_alone}},
    {"`/proc/self/status`", "any", {status}},
    {"`/proc/cpuinfo`", "any", {cpuinfo}},
    {"`/proc/cpuinfo`", "read to its end", {cpuinfo, read_all}},
    {"`/proc/sys/vm/swappiness`", "any", {swappiness}},
    {"`/proc/sys/kernel/hostname`", "just opened", {hostname}},
    {"`/sys/class/net/lo/operstate`", "just opened", {attribute}},
    {"`/sys/class/net/lo/operstate`", "read to its end", {attribute, read_all}},
    {0},
};
