/* What the tests for POSIX and for Windows do alike. */
#ifndef SELECTORS4J_TEST_SHIMS_H
#define SELECTORS4J_TEST_SHIMS_H

#include "io_github_selectors4j_internal_loading_NativeLibrary.h"
#include "io_github_selectors4j_internal_selecting_Wakeup.h"
#include "io_github_selectors4j_internal_system_Descriptors.h"
#include "io_github_selectors4j_internal_system_Errno.h"
#include "io_github_selectors4j_internal_system_IoShim.h"
#include "io_github_selectors4j_internal_system_PollShim.h"
#include "io_github_selectors4j_internal_system_SelectShim.h"
#include "jvm.h"

#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#include <winsock2.h>
#define WOULD_BLOCK "EWOULDBLOCK"
#define CLOCK_TICK_MILLIS 16 /* how much too early a wait may end */
#define LISTS_DESCRIPTORS 1  /* whether a list tells what the bits of select's sets stand for */
#else
#define WOULD_BLOCK "EAGAIN"
#define CLOCK_TICK_MILLIS 0
#define LISTS_DESCRIPTORS 0
#endif

#define MILLIS 1000000LL
#define ROOM 4096 /* descriptors in a set */

enum { READ, WRITE, EXCEPT, READ_READY, WRITE_READY, EXCEPT_READY };

static _Thread_local uint64_t sets[6][ROOM / 64];
static _Thread_local jint descriptors[ROOM]; /* what the bits stand for */
static _Thread_local jint limit;             /* one more than the highest bit */

static inline void watch_nothing(void) {
    memset(sets, 0, sizeof sets);
    limit = 0;
}

/* The descriptor's bit; the limit if it has none. */
static inline jint bit_of(jint fd) {
    jint bit = LISTS_DESCRIPTORS ? 0 : fd;
    while (LISTS_DESCRIPTORS && bit < limit && descriptors[bit] != fd) {
        bit++;
    }
    return bit;
}

static inline void watch(int set, jint fd) {
    const jint bit = bit_of(fd);
    CHECK(bit >= 0 && bit < ROOM);
    descriptors[bit] = fd;
    sets[set][bit / 64] |= UINT64_C(1) << bit % 64;
    limit = bit < limit ? limit : bit + 1;
}

static inline int is_ready(int set, jint fd) {
    const jint bit = bit_of(fd);
    return (sets[set + READ_READY][bit / 64] >> bit % 64 & 1) != 0;
}

static inline jint select_for(jlong nanos) {
    return NATIVE(system_SelectShim, wait)(env, NULL, (jlong)(intptr_t)sets, sizeof *sets,
                                           LISTS_DESCRIPTORS ? (jlong)(intptr_t)descriptors : 0,
                                           limit, nanos);
}

static inline jint error(const char *name) {
    return -NATIVE(system_Errno, number)(env, NULL, string(name));
}

static inline jint poll_value(const char *name) {
    return (jint)NATIVE(system_PollShim, constant)(env, NULL, string(name));
}

/* Writes an entry of an array of pollfds as Java does, by the layout that the library tells. */
static inline void put_pollfd(char *pollfds, int index, jint fd, jint events) {
    char *pollfd = pollfds + index * poll_value("sizeof");
    const int32_t number = fd;
    const int16_t wanted = (int16_t)events;
    memcpy(pollfd + poll_value("fd"), &number, sizeof number);
    memcpy(pollfd + poll_value("events"), &wanted, sizeof wanted);
}

static inline jint revents(const char *pollfds, int index) {
    int16_t found;
    memcpy(&found, pollfds + index * poll_value("sizeof") + poll_value("revents"), sizeof found);
    return found;
}

static inline jint poll_for(char *pollfds, int count, jint millis) {
    return NATIVE(system_PollShim, waitMillis)(env, NULL, (jlong)(intptr_t)pollfds, count, millis);
}

/* bind registers that many methods of a class, and knows no class without any. */
static inline void check_bind(const char *class_name, jint methods) {
    registered = 0;
    CHECK_EQUAL(NATIVE(loading_NativeLibrary, bind)(env, NULL, string("class"), string(class_name)),
                methods > 0);
    CHECK_EQUAL(registered, methods);
    CHECK_EQUAL(NATIVE(loading_NativeLibrary, has)(env, NULL, string(class_name)), methods > 0);
}

/* A wake-up's ends: readable once it was written to, until it has been read. */
static inline void check_wakeup(jint read_end, jint write_end) {
    watch_nothing();
    watch(READ, read_end);
    CHECK_EQUAL(select_for(0), 0);
    CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, write_end), 8);
    CHECK_EQUAL(select_for(-1), 1);
    CHECK(is_ready(READ, read_end));
    CHECK_EQUAL(NATIVE(selecting_Wakeup, read)(env, NULL, read_end), 8);
    CHECK_EQUAL(select_for(0), 0);
    CHECK(!is_ready(READ, read_end));
    CHECK_EQUAL(NATIVE(selecting_Wakeup, read)(env, NULL, read_end), error(WOULD_BLOCK));
}

static inline void close_descriptor(jint fd) {
    CHECK_EQUAL(NATIVE(system_Descriptors, close)(env, NULL, fd), 0);
}

/* Both ends of a new pipe. */
static inline void open_pipe(jint ends[2]) {
    jintArray array = int_array(2);
    CHECK_EQUAL(NATIVE(system_Descriptors, pipe)(env, NULL, array), 0);
    ends[0] = element(array, 0);
    ends[1] = element(array, 1);
    CHECK(ends[0] > 0 && ends[1] > 0 && ends[0] != ends[1]);
}

/* A wait for nothing takes its time. */
#define CHECK_TAKES(call, expected, least_millis)                                                  \
    do {                                                                                           \
        double before = seconds();                                                                 \
        CHECK_EQUAL(call, expected);                                                               \
        double millis = (seconds() - before) * 1000;                                               \
        CHECK(millis >= (least_millis)-CLOCK_TICK_MILLIS && millis < 20000);                       \
    } while (0)

static inline jint descriptor_value(const char *name) {
    return (jint)NATIVE(system_Descriptors, constant)(env, NULL, string(name));
}

/* Of a pipe's read end, where the system tells what a descriptor is. */
static inline void check_kind(jint end) {
    jint mode = NATIVE(system_Descriptors, mode)(env, NULL, end);
    if (mode == error("ENOSYS")) {
        return;
    }
    CHECK_EQUAL(mode & descriptor_value("S_IFMT"), descriptor_value("S_IFIFO"));
    jint access = NATIVE(system_Descriptors, flags)(env, NULL, end) & descriptor_value("O_ACCMODE");
    CHECK_EQUAL(access, descriptor_value("O_RDONLY"));
    CHECK(NATIVE(system_Descriptors, limit)(env, NULL) > end);
}

static inline void check_pipes(void) {
    jint ends[2];
    open_pipe(ends);
    check_wakeup(ends[0], ends[1]);
    CHECK(NATIVE(system_Descriptors, flags)(env, NULL, ends[0]) >= 0);
    check_kind(ends[0]);
    jint duplicate = NATIVE(system_Descriptors, duplicate)(env, NULL, ends[0]);
    CHECK(duplicate > 0 && duplicate != ends[0]);
    close_descriptor(ends[0]);
    check_wakeup(duplicate, ends[1]);
    close_descriptor(duplicate);
    close_descriptor(ends[1]);
    CHECK_EQUAL(NATIVE(system_Descriptors, flags)(env, NULL, ends[0]), error("EBADF"));
    CHECK(NATIVE(system_Descriptors, mode)(env, NULL, ends[0]) < 0);
    CHECK_EQUAL(NATIVE(system_Descriptors, duplicate)(env, NULL, ends[0]), error("EBADF"));
    CHECK_EQUAL(NATIVE(system_Descriptors, close)(env, NULL, ends[0]), error("EBADF"));
}

static inline jint io_value(const char *name) {
    return (jint)NATIVE(system_IoShim, constant)(env, NULL, string(name));
}

/* Names four of the eight bytes at an address, as Java does. */
static inline void put_piece(char *vector, int index, const char *bytes) {
    const intptr_t base = (intptr_t)bytes;
    const uint32_t four = 4;
    const uint16_t probe = 1;
    const int low = *(const char *)&probe == 1 ? 0 : (int)sizeof(size_t) - 4;
    char *piece = vector + index * io_value("sizeof");
    memcpy(piece + io_value("iov_base"), &base, sizeof base);
    memcpy(piece + io_value("iov_len") + (LISTS_DESCRIPTORS ? 0 : low), &four, sizeof four);
}

/* What was written eight bytes at a time, and can be read in each of the ways. */
static inline void check_io(void) {
    jint ends[2];
    open_pipe(ends);
    const jint how =
        NATIVE(system_IoShim, socketOption)(env, NULL, ends[0], (jint)io_value("SO_TYPE")) < 0
            ? io_value("PLAIN")
            : io_value("SOCKET");
    const jint in = poll_value("POLLIN");
    jintArray buffer = int_array(4);
    CHECK_EQUAL(NATIVE(system_IoShim, read)(env, NULL, how, ends[0], buffer, 0, 16),
                error(WOULD_BLOCK));
    CHECK_EQUAL(NATIVE(system_IoShim, poll)(env, NULL, ends[0], in, -1, 0), 0);
    CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, ends[1]), 8);
    CHECK_EQUAL(NATIVE(system_IoShim, poll)(env, NULL, ends[0], in, -1, -1), 1);
    CHECK_EQUAL(NATIVE(system_IoShim, poll)(env, NULL, ends[1], 0, ends[0], -1), 1);
    CHECK_EQUAL(NATIVE(system_IoShim, read)(env, NULL, how, ends[0], buffer, 4, 12), 8);
    CHECK_EQUAL(element(buffer, 0) + element(buffer, 3), 0);
    CHECK_EQUAL(element(buffer, 1) + element(buffer, 2), 1);
    CHECK_EQUAL(NATIVE(system_IoShim, write)(env, NULL, how, ends[1], buffer, 4, 8), 8);
    char bytes[8] = "", vector[2 * 16] = "";
    CHECK(io_value("sizeof") <= 16);
    put_piece(vector, 0, bytes + 4);
    put_piece(vector, 1, bytes);
    const jlong pieces = (jlong)(intptr_t)vector;
    CHECK_EQUAL(NATIVE(system_IoShim, readVector)(env, NULL, how, ends[0], pieces, 2), 8);
    CHECK_EQUAL(bytes[0] + bytes[3] + bytes[4] + bytes[7], 1);
    CHECK_EQUAL(NATIVE(system_IoShim, writeVector)(env, NULL, how, ends[1], pieces, 2), 8);
    CHECK_EQUAL(NATIVE(system_IoShim, read)(env, NULL, how, ends[0], buffer, 0, 16), 8);
    CHECK_EQUAL(element(buffer, 0) + element(buffer, 1), 1);
    CHECK(NATIVE(system_IoShim, accept)(env, NULL, ends[0]) < 0);
    jint interrupted = NATIVE(system_IoShim, interrupt)(
        env, NULL, NATIVE(system_IoShim, thread)(env, NULL)); /* and this goes on */
    CHECK(interrupted == 0 || interrupted == error("ENOSYS"));
    CHECK_EQUAL(NATIVE(system_IoShim, read)(env, NULL, how, ends[0], NULL, 0, 1), error("EINVAL"));
    CHECK_EQUAL(NATIVE(system_IoShim, write)(env, NULL, how, ends[1], buffer, 0, -1),
                error("EINVAL"));
    CHECK_EQUAL(NATIVE(system_IoShim, readVector)(env, NULL, how, ends[0], 0, 1), error("EINVAL"));
    CHECK_EQUAL(NATIVE(system_IoShim, writeVector)(env, NULL, how, ends[1], pieces, -1),
                error("EINVAL"));
    close_descriptor(ends[0]);
    close_descriptor(ends[1]);
}

static inline void check_select(void) {
    jint ends[2];
    open_pipe(ends);
    watch_nothing();
    CHECK_TAKES(select_for(50 * MILLIS), 0, 50); /* empty sets */
    watch(READ, ends[0]);
    CHECK_TAKES(select_for(50 * MILLIS), 0, 50);
    watch(WRITE, ends[1]);
    CHECK_EQUAL(select_for(-1), 1);
    CHECK(is_ready(WRITE, ends[1]) && !is_ready(READ, ends[0]));
    close_descriptor(ends[0]);
    CHECK_EQUAL(select_for(0), error("EBADF"));
    close_descriptor(ends[1]);
}

static inline void check_poll(void) {
    jint ends[2];
    open_pipe(ends);
    CHECK(poll_value("sizeof") > 0 && poll_value("sizeof") <= 16);
    char pollfds[3 * 16] = "";
    const jint in = poll_value("POLLIN"), out = poll_value("POLLOUT");
    CHECK_TAKES(poll_for(pollfds, 0, 50), 0, 50);
    put_pollfd(pollfds, 0, ends[0], in);
    CHECK_TAKES(poll_for(pollfds, 1, 50), 0, 50);
    put_pollfd(pollfds, 1, ends[1], out);
    CHECK_EQUAL(poll_for(pollfds, 2, -1), 1);
    CHECK_EQUAL(revents(pollfds, 0), 0);
    CHECK(revents(pollfds, 1) & out);
    CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, ends[1]), 8);
    CHECK_EQUAL(poll_for(pollfds, 2, -1), 2);
    CHECK(revents(pollfds, 0) & in);
    jint closed = ends[0];
    close_descriptor(closed);
    CHECK(poll_for(pollfds, 2, 0) >= 1);
    CHECK(revents(pollfds, 0) & poll_value("POLLNVAL"));
    close_descriptor(ends[1]);
    CHECK_EQUAL(poll_value("no such constant"), 0);
}

static inline void check_errors(void) {
    CHECK(error("EINTR") < 0 && error("EBADF") < 0 && error("ENOSYS") < 0);
    CHECK_EQUAL(error("EPYTHON"), 0);
    CHECK(NATIVE(system_Errno, symbol)(env, NULL, 4711) == NULL);
    CHECK(strlen(chars_of(NATIVE(system_Errno, message)(env, NULL, -error("EBADF")))) > 5);
}

#endif
