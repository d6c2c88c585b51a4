/* eventfd, timerfd, signalfd, inotify, fanotify, and epoll in epoll. */
#define _GNU_SOURCE
#include "kernel.h"

#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

static void event(void) {
    object = (int)MUST(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

static void add(uint64_t count) {
    MUST(write(object, &count, sizeof count));
}

static void add_one(void) {
    add(1);
}

static void add_most(void) {
    add(UINT64_MAX - 1);
}

static void timer(void) {
    object = (int)MUST(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}

static void set_timer(void) {
    MUST(timerfd_settime(object, 0, &(struct itimerspec){.it_value = {.tv_nsec = 1}}, NULL));
}

static void disarm(void) {
    poll(&(struct pollfd){.fd = object, .events = POLLIN}, 1, 1000);
    MUST(timerfd_settime(object, 0, &(struct itimerspec){0}, NULL));
}

static void signals(void) {
    sigset_t usr1;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, NULL);
    object = (int)MUST(signalfd(-1, &usr1, SFD_CLOEXEC | SFD_NONBLOCK));
}

static void signal_itself(void) {
    raise(SIGUSR1);
}

/* The child goes on with the row, and its set. */
static void fork_and_signal_itself(void) {
    int status;
    pid_t child = (pid_t)MUST(fork());
    if (child > 0) {
        waitpid(child, &status, 0);
        _exit(WEXITSTATUS(status));
    }
    raise(SIGUSR1);
}

static void watch_folder(void) {
    object = (int)MUST(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    MUST(inotify_add_watch(object, "/", IN_OPEN));
}

static void watch_with_fanotify(void) {
    object = (int)MUST(fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID | FAN_CLOEXEC, O_RDONLY));
    MUST(fanotify_mark(object, FAN_MARK_ADD, FAN_OPEN | FAN_ONDIR, AT_FDCWD, "/"));
}

static void open_folder(void) {
    close((int)MUST(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
}

static void set(void) {
    object = (int)MUST(epoll_create1(EPOLL_CLOEXEC));
}

static void ready_in_set(void) {
    struct epoll_event readable = {.events = EPOLLIN};
    MUST(epoll_ctl(object, EPOLL_CTL_ADD, (int)MUST(eventfd(1, EFD_CLOEXEC)), &readable));
}

const struct row event_rows[] = {
    {"eventfd", "0", {event}},
    {"eventfd", "1", {event, add_one}},
    {"eventfd", "as high as it goes", {event, add_most}},
    {"timerfd", "not set", {timer}},
    {"timerfd", "expired", {timer, set_timer}},
    {"timerfd", "expired, then disarmed", {timer, set_timer, disarm}},
    {"signalfd", "no signal", {signals}},
    {"signalfd", "a signal waits", {signals, signal_itself}},
    {"signalfd",
     "watched, then a child of `fork` gets a signal",
     {signals},
     {fork_and_signal_itself}},
    {"inotify", "no event", {watch_folder}},
    {"inotify", "an event", {watch_folder, open_folder}},
    {"fanotify", "no event", {watch_with_fanotify}},
    {"fanotify", "an event", {watch_with_fanotify, open_folder}},
    {"epoll's own descriptor", "nothing ready in it", {set}},
    {"epoll's own descriptor", "something ready in it", {set, ready_in_set}},
    {0},
};
