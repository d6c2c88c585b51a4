/* The library for Windows, without a JVM, on Windows or wine. */
#include "failures.h"
#include "imports.h"
#include "pair.h"
#include "refusals.h"
#include "shims.h"
#include "sockets.h"

static void binds_the_classes_of_windows(void) {
    check_bind("SelectShim", 1);
    check_bind("PollShim", 3);
    check_bind("EpollShim", 0);
    check_bind("KqueueShim", 0);
    check_bind("DevpollShim", 0);
}

static void names_errors_as_winsock(void) {
    check_errors();
    CHECK_EQUAL(error("EBADF"), -WSAENOTSOCK);
    CHECK_EQUAL(error("EINTR"), -WSAEINTR);
    CHECK(strcmp(chars_of(NATIVE(system_Errno, symbol)(env, NULL, WSAENOTSOCK)), "WSAENOTSOCK") ==
          0);
    CHECK(NATIVE(system_Errno, message)(env, NULL, WSABASEERR + 999) !=
          NULL); /* the system has none */
}

static void has_no_eventfd(void) {
    CHECK_EQUAL(NATIVE(selecting_Wakeup, eventfd)(env, NULL), error("ENOSYS"));
    CHECK_EQUAL(NATIVE(system_PollShim, waitNanos)(env, NULL, 0, 0, 1), error("ENOSYS"));
}

static void selects_from_more_than_64(void) {
    enum { PAIRS = 100 };
    jint ends[PAIRS][2];
    watch_nothing();
    for (int i = 0; i < PAIRS; i++) {
        open_pipe(ends[i]);
        watch(READ, ends[i][0]);
    }
    CHECK_EQUAL(select_for(0), 0);
    for (int i = 0; i < PAIRS; i++) {
        CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, ends[i][1]), 8);
    }
    double deadline = seconds() + 20;
    while (select_for(-1) < PAIRS && seconds() < deadline) {
    }
    for (int i = 0; i < PAIRS; i++) {
        CHECK(is_ready(READ, ends[i][0]) && !is_ready(WRITE, ends[i][0]));
        close_descriptor(ends[i][0]);
        close_descriptor(ends[i][1]);
    }
}

static __typeof__(&malloc) allocate;
static __typeof__(&free) release;
static int allocations_until_failure, allocated;

static void *allocate_or_fail(size_t size) {
    void *memory = --allocations_until_failure == 0 ? NULL : allocate(size);
    allocated += memory != NULL;
    return memory;
}

static void count_release(void *memory) {
    allocated -= memory != NULL;
    release(memory);
}

static void select_runs_short_of_memory(void) {
    jint ends[2];
    open_pipe(ends);
    watch_nothing();
    watch(WRITE, ends[0]);
    allocate = replace_import("malloc", allocate_or_fail);
    release = replace_import("free", count_release);
    int nth = 1;
    do {
        allocations_until_failure = nth++;
        CHECK_EQUAL(select_for(0), allocations_until_failure <= 0 ? -WSAENOBUFS : 1);
        CHECK_EQUAL(allocated, 0);
    } while (allocations_until_failure <= 0);
    CHECK(nth > 2);
    replace_import("malloc", allocate);
    replace_import("free", release);
    close_descriptor(ends[0]);
    close_descriptor(ends[1]);
}

/* Java's list has the highest socket first, and one that is no small number. */
static void selects_from_any_number(void) {
    jint ends[2];
    open_pipe(ends);
    CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, ends[1]), 8);
    watch_nothing();
    watch(WRITE, ends[0] < ends[1] ? ends[1] : ends[0]);
    watch(READ, ends[0]);
    CHECK_EQUAL(select_for(20000 * MILLIS), 2);
    CHECK(is_ready(READ, ends[0]));
    watch(READ, 0x7ffffff0);
    CHECK_EQUAL(select_for(0), error("EBADF"));
    CHECK_EQUAL(NATIVE(system_Descriptors, flags)(env, NULL, 0x7ffffff0), error("EBADF"));
    close_descriptor(ends[0]);
    close_descriptor(ends[1]);
}

int main(int argc, char **argv) {
    static test_function *const tests[] = {
        binds_the_classes_of_windows,
        names_errors_as_winsock,
        check_pipes,
        check_io,
        has_no_eventfd,
        check_select,
        selects_from_more_than_64,
        selects_from_any_number,
        check_poll,
        select_reports_urgent_data,
        select_waits_on_despite_urgent_data,
        poll_reports_urgent_data,
        urgent_data_in_line_is_normal,
        both_report_the_peers_end,
        both_report_a_reset,
        both_report_a_connection_to_accept,
        both_report_datagrams,
        select_reports_a_refused_connection_as_writable,
        poll_reports_a_refused_connection,
        poll_reports_sockets_of_which_none_is_open,
        select_runs_short_of_memory,
        check_refusals,
        check_refusal_to_start,
        check_failures_of_natives,
        check_failures_of_loading,
        pairs_with_no_stranger,
        pairs_though_strangers_hang_up,
        pairs_while_strangers_keep_trying,
    };
    static const char *const names[] = {
        "bind",
        "errors",
        "pipe",
        "io",
        "no eventfd",
        "select",
        "large select",
        "select, large numbers",
        "poll",
        "select, urgent data",
        "select, urgent data unasked for",
        "poll, urgent data",
        "urgent data in line",
        "the peer's end",
        "reset",
        "listener",
        "datagrams",
        "select, refused",
        "poll, refused",
        "poll, none open",
        "select, no memory",
        "refusals",
        "no Winsock",
        "failing JNI",
        "failing JNI_OnLoad",
        "pair, strangers first",
        "pair, strangers gone",
        "pair, strangers at any time",
    };
    return run_tests(argc, argv, tests, names, TEST_COUNT(tests));
}
