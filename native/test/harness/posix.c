/* The library for Linux, without a JVM. */
#include "failures.h"
#include "shims.h"

#include "io_github_selectors4j_internal_system_EpollShim.h"

static void binds_the_classes_of_linux(void) {
    check_bind("SelectShim", 1);
    check_bind("PollShim", 3);
    check_bind("EpollShim", 6);
    check_bind("KqueueShim", 0);
    check_bind("DevpollShim", 0);
}

static void names_errors(void) {
    check_errors();
    CHECK(strcmp(chars_of(NATIVE(system_Errno, symbol)(env, NULL, -error("EBADF"))), "EBADF") == 0);
}

static void wakes_up_by_eventfd(void) {
    jint eventfd = NATIVE(selecting_Wakeup, eventfd)(env, NULL);
    check_wakeup(eventfd, eventfd);
    close_descriptor(eventfd);
}

static void polls_to_the_nanosecond(void) {
    char none[16] = "";
    CHECK_TAKES(
        NATIVE(system_PollShim, waitNanos)(env, NULL, (jlong)(intptr_t)none, 0, 20 * MILLIS + 1), 0,
        20);
}

static jint epoll_value(const char *name) {
    return (jint)NATIVE(system_EpollShim, constant)(env, NULL, string(name));
}

static void watches_with_epoll(void) {
    jint ends[2];
    open_pipe(ends);
    const jint size = epoll_value("sizeof"), in = epoll_value("EPOLLIN");
    CHECK(size == 12 || size == 16);
    char events[2 * 16] = "";
    const jlong memory = (jlong)(intptr_t)events;
    jint epfd = NATIVE(system_EpollShim, create)(env, NULL);
    CHECK(epfd > 0);
    const jlong data = 0x123456789abcdef0;
    CHECK_EQUAL(NATIVE(system_EpollShim, control)(env, NULL, epfd, epoll_value("EPOLL_CTL_ADD"),
                                                  ends[0], in, data),
                0);
    CHECK_EQUAL(NATIVE(system_EpollShim, control)(env, NULL, epfd, epoll_value("EPOLL_CTL_ADD"),
                                                  ends[0], in, data),
                error("EEXIST"));
    CHECK_TAKES(NATIVE(system_EpollShim, waitMillis)(env, NULL, epfd, memory, 2, 50), 0, 50);
    CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, ends[1]), 8);
    CHECK_EQUAL(NATIVE(system_EpollShim, waitMillis)(env, NULL, epfd, memory, 2, -1), 1);
    jlong found_data;
    memcpy(&found_data, events + epoll_value("data"), sizeof found_data);
    CHECK_EQUAL(found_data, data);
    jint found = NATIVE(system_EpollShim, waitNanos)(env, NULL, epfd, memory, 2, 1);
    CHECK(found == 1 || found == error("ENOSYS") || found == error("EPERM"));
    jint empty = NATIVE(system_EpollShim, create)(env, NULL);
    CHECK_EQUAL(NATIVE(system_EpollShim, replace)(env, NULL, empty, epfd), epfd);
    CHECK_EQUAL(NATIVE(system_EpollShim, waitMillis)(env, NULL, epfd, memory, 2, 0), 0);
    close_descriptor(empty);
    close_descriptor(epfd);
    close_descriptor(ends[0]);
    close_descriptor(ends[1]);
}

int main(int argc, char **argv) {
    static test_function *const tests[] = {
        binds_the_classes_of_linux,
        names_errors,
        check_pipes,
        check_io,
        wakes_up_by_eventfd,
        check_select,
        check_poll,
        polls_to_the_nanosecond,
        watches_with_epoll,
        check_failures_of_natives,
        check_failures_of_loading,
    };
    static const char *const names[] = {
        "bind",
        "errors",
        "pipe",
        "io",
        "eventfd",
        "select",
        "poll",
        "ppoll",
        "epoll",
        "failing JNI",
        "failing JNI_OnLoad",
    };
    return run_tests(argc, argv, tests, names, TEST_COUNT(tests));
}
