/* The library for Windows, without a JVM, on Windows or wine. */
#include "failures.h"
#include "imports.h"
#include "pair.h"
#include "refusals.h"
#include "shims.h"

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

/* A socket that has begun to connect to a port that nobody listens on. */
static jint connect_to_nobody(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    SOCKET reserved = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(bind(reserved, (struct sockaddr *)&address, size), 0);
    CHECK_EQUAL(getsockname(reserved, (struct sockaddr *)&address, &size), 0);
    CHECK_EQUAL(closesocket(reserved), 0);
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    u_long non_blocking = 1;
    CHECK_EQUAL(ioctlsocket(client, FIONBIO, &non_blocking), 0);
    CHECK_EQUAL(connect(client, (struct sockaddr *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
    return (jint)client;
}

static void select_reports_a_refused_connection_as_writable(void) {
    jint client = connect_to_nobody();
    watch_nothing();
    watch(WRITE, client);
    CHECK_EQUAL(select_for(20000 * MILLIS), 1);
    CHECK(is_ready(WRITE, client) && !is_ready(EXCEPT, client));
    watch(EXCEPT, client);
    CHECK_EQUAL(select_for(20000 * MILLIS), 2);
    CHECK(is_ready(WRITE, client) && is_ready(EXCEPT, client));
    close_descriptor(client);
}

static void select_keeps_urgent_data_from_writers(void) {
    static const char much[4096];
    jint ends[2];
    open_pipe(ends);
    while (send((SOCKET)ends[0], much, sizeof much, 0) > 0) {
    }
    CHECK_EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
    CHECK_EQUAL(send((SOCKET)ends[1], "!", 1, MSG_OOB), 1);
    watch_nothing();
    watch(EXCEPT, ends[0]);
    CHECK_EQUAL(select_for(20000 * MILLIS), 1);
    watch(WRITE, ends[0]);
    CHECK_EQUAL(select_for(20000 * MILLIS), 1);
    CHECK(is_ready(EXCEPT, ends[0]) && !is_ready(WRITE, ends[0]));
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

static void poll_reports_a_refused_connection(void) {
    jint client = connect_to_nobody();
    char pollfds[16] = "";
    put_pollfd(pollfds, 0, client, poll_value("POLLOUT"));
    CHECK_EQUAL(poll_for(pollfds, 1, 20000), 1);
    CHECK(revents(pollfds, 0) & (poll_value("POLLERR") | poll_value("POLLHUP")));
    close_descriptor(client);
}

static void polls_for_no_priority_data(void) {
    CHECK_EQUAL(poll_value("POLLPRI"), 0);
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
        select_reports_a_refused_connection_as_writable,
        select_keeps_urgent_data_from_writers,
        selects_from_any_number,
        check_poll,
        poll_reports_a_refused_connection,
        polls_for_no_priority_data,
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
        "select, refused",
        "select, urgent data",
        "select, large numbers",
        "poll",
        "poll, refused",
        "no POLLPRI",
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
