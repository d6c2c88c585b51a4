/* Files of the kernel that tell of changes by PRI and ERR, some of them only once. */
#define _GNU_SOURCE
#include "kernel.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void open_file(const char *path) {
    object = (int)must(path, open(path, O_RDONLY | O_CLOEXEC));
}

static void rewind_and_read(void) {
    MUST(lseek(object, 0, SEEK_SET));
    read_all();
}

static void mounts(void) {
    leave_namespaces(CLONE_NEWNS);
    open_file("/proc/self/mountinfo");
}

static void mount_one(void) {
    MUST(mount("kernel", "/tmp", "tmpfs", 0, NULL));
}

static void host_name(void) {
    leave_namespaces(CLONE_NEWUTS);
    open_file("/proc/sys/kernel/hostname");
}

static void name_host(void) {
    MUST(sethostname("kernel", strlen("kernel")));
}

static char group[128];
static pid_t maker, member;

static void remove_group(void) {
    if (getpid() != maker)
        return;
    if (member > 0) {
        kill(member, SIGKILL);
        waitpid(member, NULL, 0);
    }
    rmdir(group);
}

static void events_of_group(void) {
    const char *all = "/sys/fs/cgroup";
    if (access("/sys/fs/cgroup/cgroup.controllers", F_OK) < 0)
        all = "/sys/fs/cgroup/unified";
    snprintf(group, sizeof group, "%s/selectors4j-kernel-%d", all, (int)getpid());
    must("mkdir in /sys/fs/cgroup", mkdir(group, 0700));
    maker = getpid();
    atexit(remove_group);
    char path[sizeof group + 16];
    snprintf(path, sizeof path, "%s/cgroup.events", group);
    open_file(path);
}

static void remove_it(void) {
    MUST(rmdir(group));
}

static void populate(void) {
    char path[sizeof group + 16];
    snprintf(path, sizeof path, "%s/cgroup.procs", group);
    set_number(path, member = start(wait_for_end));
}

#define MOUNTS "`/proc/self/mountinfo`, `mounts`"
#define HOST_NAME "`/proc/sys/kernel/hostname`"
#define GROUP "`cgroup.events`"

const struct row change_rows[] = {
    {MOUNTS, "just opened", {mounts}},
    {MOUNTS, "read to its end", {mounts, read_all}},
    {MOUNTS, "a mount before it is watched", {mounts, mount_one}},
    {MOUNTS, "a mount while it is watched", {mounts}, {mount_one}},
    {MOUNTS, "a mount while it is watched", {mounts}, {mount_one}, .asked = POLLPRI},
    {MOUNTS, "a mount while it is watched", {mounts}, {mount_one}, .asked = POLLOUT},
    {HOST_NAME, "a new name before it is watched", {host_name, name_host}},
    {HOST_NAME, "a new name while it is watched", {host_name}, {name_host}},
    {GROUP, "never read", {events_of_group}},
    {GROUP, "read", {events_of_group, read_all}},
    {GROUP, "changed before it is watched", {events_of_group, read_all, populate}},
    {GROUP, "changed while it is watched", {events_of_group, read_all}, {populate}},
    {GROUP, "its group is removed", {events_of_group, read_all}, {remove_it}, .asked = POLLPRI},
    {GROUP,
     "changed while it is watched",
     {events_of_group, read_all},
     {populate},
     .asked = POLLPRI},
    {GROUP, "changed, and read on at the end", {events_of_group, read_all, populate, read_all}},
    {GROUP, "changed, rewound and read", {events_of_group, read_all, populate, rewind_and_read}},
    {0},
};
