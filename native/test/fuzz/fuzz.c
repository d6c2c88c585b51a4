/*
 * Every entry of the library with whatever arguments a caller in Java could make up: numbers of any
 * size, null, arrays that are too short, descriptors that are none. An entry answers with a result
 * or -errno, and writes nowhere but where its arguments say. Addresses are Java's own: they are
 * valid here, or null, and the counts that go with them are right or negative. The emulated kernels
 * have no EFAULT, so what these would read or write is never null.
 */
#include "../harness/jvm.h"
#include "io_github_selectors4j_internal_fileobject_JdkMember.h"
#include "io_github_selectors4j_internal_loading_NativeLibrary.h"
#include "io_github_selectors4j_internal_selecting_Wakeup.h"
#include "io_github_selectors4j_internal_system_AsymmetricFence.h"
#include "io_github_selectors4j_internal_system_Descriptors.h"
#include "io_github_selectors4j_internal_system_DevpollShim.h"
#include "io_github_selectors4j_internal_system_DirectMemory.h"
#include "io_github_selectors4j_internal_system_EpollShim.h"
#include "io_github_selectors4j_internal_system_Errno.h"
#include "io_github_selectors4j_internal_system_IoShim.h"
#include "io_github_selectors4j_internal_system_KqueueShim.h"
#include "io_github_selectors4j_internal_system_PollShim.h"
#include "io_github_selectors4j_internal_system_SelectShim.h"
#include "memory.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/event.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define ENTRY(class_name, method) Java_io_github_selectors4j_internal_##class_name##_##method
#define MOST_DESCRIPTORS 1024
#define MOST_ERRNO 4095

/* What is left of the fuzzer's bytes; when they have run out, zeroes. */
static const uint8_t *input;
static size_t left;

static void take(void *to, size_t bytes) {
    size_t taken = bytes < left ? bytes : left;
    memset(to, 0, bytes);
    memcpy(to, input, taken);
    input += taken;
    left -= taken;
}

static uint8_t take_byte(void) {
    uint8_t byte;
    take(&byte, sizeof byte);
    return byte;
}

static jint take_int(void) {
    jint number;
    take(&number, sizeof number);
    return number;
}

static jlong take_long(void) {
    jlong number;
    take(&number, sizeof number);
    return number;
}

static jint pipe_ends[2], sockets[2], epfd, kq, devpoll;

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
    load_library(NULL);
    const struct rlimit few = {MOST_DESCRIPTORS, MOST_DESCRIPTORS};
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &few), 0);
    jintArray ends = int_array(2);
    CHECK_EQUAL(ENTRY(system_Descriptors, pipe)(env, NULL, ends), 0);
    pipe_ends[0] = element(ends, 0);
    pipe_ends[1] = element(ends, 1);
    CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    epfd = ENTRY(system_EpollShim, create)(env, NULL);
    kq = ENTRY(system_KqueueShim, create)(env, NULL);
    devpoll = ENTRY(system_DevpollShim, create)(env, NULL);
    CHECK(epfd >= 0 && kq >= 0 && devpoll >= 0);
    start_interrupts();
    free_objects();
    return 0;
}

/* A number that is no descriptor. */
static jint take_no_descriptor(void) {
    jint number = take_int();
    return number >= 0 && number < MOST_DESCRIPTORS ? number + MOST_DESCRIPTORS : number;
}

static jint take_descriptor(void) {
    const jint known[] = {pipe_ends[0], pipe_ends[1], epfd, kq, devpoll, sockets[0], sockets[1]};
    size_t choice = take_byte() % 8;
    return choice < sizeof known / sizeof *known ? known[choice] : take_no_descriptor();
}

/* Any but the emulated kqueue, an epoll set that nobody but the emulation changes. */
static jint take_epoll_set(void) {
    jint set = take_descriptor();
    return set == kq ? epfd : set;
}

/* One that may be closed or be put in another's place. */
static jint take_spare_descriptor(void) {
    return take_byte() % 2 == 0 ? fcntl(pipe_ends[0], F_DUPFD_CLOEXEC, 0) : take_no_descriptor();
}

static void close_if_open(jint fd) {
    if (fd >= 0) {
        ENTRY(system_Descriptors, close)(env, NULL, fd);
    }
}

static jstring take_string(void) {
    static const char *const known[] = {
        "sizeof",    "EINTR",    "POLLIN", "EPOLLET", "EVFILT_READ",
        "EpollShim", "PollShim", MEMBER,   "()I",
    };
    char unknown[8] = "";
    size_t choice = take_byte() % 16;
    if (choice < sizeof known / sizeof *known) {
        return string(known[choice]);
    }
    take(unknown, sizeof unknown - 1);
    return choice == 15 ? NULL : string(unknown);
}

static jintArray take_array(void) {
    jsize length = take_byte() % 5;
    return length == 4 ? NULL : int_array(length);
}

enum kernel { REAL, EMULATED };

/* One count in 16 comes with null. */
static int comes_with_null(jint count) {
    return (count >> 27 & 15) == 10;
}

/* Memory for that many structures, or null; a count that is not negative is made small enough. */
static jlong take_memory(jint *count, size_t size, enum kernel kernel) {
    const int null = comes_with_null(*count);
    if (*count >= 0) {
        *count %= 65;
    }
    if (null && (kernel == REAL || *count <= 0)) {
        return 0;
    }
    size_t bytes = *count < 0 ? size : (size_t)*count * size;
    return (jlong)(intptr_t)guarded_memory(bytes, input, left);
}

static jint fuzz_constants(void) {
    switch (take_byte() % 12) {
    case 11:
        return ENTRY(loading_NativeLibrary, mayExist)(env, NULL, take_string()) != 0;
    case 10:
        return ENTRY(system_IoShim, constant)(env, NULL, take_string()) != 0;
    case 0:
        return ENTRY(system_PollShim, constant)(env, NULL, take_string()) != 0;
    case 1:
        return ENTRY(system_EpollShim, constant)(env, NULL, take_string()) != 0;
    case 2:
        return ENTRY(system_DevpollShim, constant)(env, NULL, take_string()) != 0;
    case 3:
        return ENTRY(system_KqueueShim, constant)(env, NULL, take_string()) != 0;
    case 4:
        return ENTRY(system_Errno, number)(env, NULL, take_string());
    case 5:
        return ENTRY(system_Errno, symbol)(env, NULL, take_int()) != NULL;
    case 7:
        return ENTRY(system_Descriptors, constant)(env, NULL, take_string()) != 0;
    case 6:
        return ENTRY(system_Errno, message)(env, NULL, take_int()) == NULL;
    case 8:
        return ENTRY(loading_NativeLibrary, has)(env, NULL, take_string());
    default:
        return ENTRY(loading_NativeLibrary, bind)(env, NULL, take_string(), take_string());
    }
}

static jlong look_up(jobject owner) {
    jlong id = ENTRY(fileobject_JdkMember, lookUp)(env, NULL, owner, take_string(), take_string());
    CHECK(!take_exception() || id == 0);
    return id;
}

static jint fuzz_objects(void) {
    jobject object = take_byte() % 4 == 0 ? NULL : int_array(1);
    jlong field = look_up(object);
    jlong method = look_up(object);
    CHECK((object != NULL && field != 0) ==
          (ENTRY(fileobject_JdkMember, getObject)(env, NULL, object, field) != NULL));
    CHECK_EQUAL(ENTRY(fileobject_JdkMember, getInt)(env, NULL, object, field),
                object != NULL && field != 0 ? 1 : -1);
    ENTRY(fileobject_JdkMember, setInt)(env, NULL, object, field, 0);
    CHECK_EQUAL(ENTRY(fileobject_JdkMember, getInt)(env, NULL, object, field),
                object != NULL && field != 0 ? 0 : -1);
    ENTRY(fileobject_JdkMember, setTrue)(env, NULL, object, field);
    CHECK_EQUAL(ENTRY(fileobject_JdkMember, callInt)(env, NULL, object, method),
                object != NULL && method != 0 ? 1 : -1);
    return ENTRY(system_DirectMemory, address)(env, NULL, object) != 0;
}

static jint fuzz_descriptors(void) {
    switch (take_byte() % 10) {
    case 0:
        return ENTRY(system_Descriptors, flags)(env, NULL, take_int());
    case 1: {
        jint duplicate = ENTRY(system_Descriptors, duplicate)(env, NULL, take_int());
        close_if_open(duplicate);
        return duplicate;
    }
    case 2:
        return ENTRY(system_Descriptors, close)(env, NULL, take_spare_descriptor());
    case 3: {
        jintArray ends = take_array();
        jint made = ENTRY(system_Descriptors, pipe)(env, NULL, ends);
        for (jsize end = 0; made == 0 && end < 2; end++) {
            close_if_open(element(ends, end));
        }
        return made;
    }
    case 4:
        return ENTRY(selecting_Wakeup, write)(env, NULL, take_descriptor());
    case 5:
        return ENTRY(selecting_Wakeup, read)(env, NULL, take_descriptor());
    case 6:
        return ENTRY(system_Descriptors, mode)(env, NULL, take_int());
    case 7:
        return ENTRY(system_Descriptors, limit)(env, NULL);
    case 8: {
        jint pidfd = ENTRY(system_Descriptors, pidfd)(env, NULL, take_int());
        close_if_open(pidfd);
        return pidfd;
    }
    default: {
        jint eventfd = ENTRY(selecting_Wakeup, eventfd)(env, NULL);
        close_if_open(eventfd);
        return eventfd;
    }
    }
}

static jint fuzz_select(void) {
    jint bytes = take_byte() % 4 == 0 ? take_int() : take_byte() % 65 * 8;
    jint limit = take_int();
    jlong nanos = take_long();
    size_t memory = bytes < 0 || bytes > 512 ? 8 : (size_t)bytes;
    if (bytes > 512) {
        bytes = -bytes;
    }
    jlong sets =
        take_byte() % 16 == 0 ? 0 : (jlong)(intptr_t)guarded_memory(6 * memory, input, left);
    return ENTRY(system_SelectShim, wait)(env, NULL, sets, bytes, 0, limit, nanos);
}

static jint fuzz_poll(void) {
    uint8_t choice = take_byte();
    jint count = take_int();
    jlong timeout = take_long();
    jlong pollfds = take_memory(&count, sizeof(struct pollfd), REAL);
    return choice % 2 == 0
               ? ENTRY(system_PollShim, waitMillis)(env, NULL, pollfds, count, (jint)timeout)
               : ENTRY(system_PollShim, waitNanos)(env, NULL, pollfds, count, timeout);
}

static jint fuzz_epoll(void) {
    uint8_t choice = take_byte();
    if (choice % 4 == 0) {
        jint set = take_epoll_set(), operation = take_int();
        jint fd = take_descriptor(), events = take_int();
        return ENTRY(system_EpollShim, control)(env, NULL, set, operation, fd, events, take_long());
    }
    if (choice % 4 == 1) {
        jint spare = take_spare_descriptor();
        jint replaced = ENTRY(system_EpollShim, replace)(env, NULL, take_descriptor(), spare);
        if (spare >= 0 && spare < MOST_DESCRIPTORS) {
            close_if_open(spare);
        }
        return replaced;
    }
    jint set = take_epoll_set(), maximum = take_int();
    jlong timeout = take_long();
    jlong events = take_memory(&maximum, sizeof(struct epoll_event), REAL);
    return choice % 4 == 2
               ? ENTRY(system_EpollShim, waitMillis)(env, NULL, set, events, maximum, (jint)timeout)
               : ENTRY(system_EpollShim, waitNanos)(env, NULL, set, events, maximum, timeout);
}

static jint fuzz_devpoll(void) {
    uint8_t choice = take_byte();
    jint set = choice % 4 < 3 ? devpoll : take_no_descriptor();
    jint count = take_int(), millis = take_int();
    jlong pollfds = take_memory(&count, sizeof(struct pollfd), EMULATED);
    if (choice % 2 == 0) {
        return ENTRY(system_DevpollShim, wait)(env, NULL, set, pollfds, count, millis);
    }
    jint bytes = count < 0 ? count : count * (jint)sizeof(struct pollfd);
    return ENTRY(system_DevpollShim, write)(env, NULL, set, pollfds, bytes);
}

/* One of the three ways to make a call, or no such way. */
static jint take_way(void) {
    return take_byte() % 5 - 1;
}

/* Reads or writes a part of a buffer, or of none; a length that is not negative fits. */
static jint fuzz_buffer(void) {
    enum { BYTES = 64 };
    const jint way = take_way(), fd = take_descriptor();
    const jint offset = take_byte() % (BYTES + 1), number = take_int();
    const jint length = number < 0 ? number : number % (BYTES - offset + 1);
    const uint8_t choice = take_byte();
    jobject buffer = choice / 2 % 8 == 0 ? NULL : int_array(BYTES / sizeof(jint));
    return choice % 2 == 0
               ? ENTRY(system_IoShim, read)(env, NULL, way, fd, buffer, offset, length)
               : ENTRY(system_IoShim, write)(env, NULL, way, fd, buffer, offset, length);
}

/* Reads or writes pieces that may overlap; a count that is not negative is right. */
static jint fuzz_pieces(void) {
    const jint way = take_way(), fd = take_descriptor();
    const uint8_t choice = take_byte();
    jint count = take_int();
    const int null = comes_with_null(count);
    struct iovec pieces[4];
    char *memory = guarded_memory(UINT8_MAX, input, left);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const size_t offset = take_byte();
        pieces[i] = (struct iovec){memory + offset, take_byte() % (UINT8_MAX - offset + 1)};
    }
    if (count >= 0) {
        count %= (jint)(sizeof pieces / sizeof *pieces) + 1;
    }
    const jlong vector = null ? 0 : (jlong)(intptr_t)pieces;
    return choice % 2 == 0 ? ENTRY(system_IoShim, readVector)(env, NULL, way, fd, vector, count)
                           : ENTRY(system_IoShim, writeVector)(env, NULL, way, fd, vector, count);
}

static jint fuzz_io(void) {
    switch (take_byte() % 8) {
    case 0:
    case 1:
        return fuzz_buffer();
    case 2:
    case 3:
        return fuzz_pieces();
    case 4: {
        jint accepted = ENTRY(system_IoShim, accept)(env, NULL, take_descriptor());
        close_if_open(accepted);
        return accepted;
    }
    case 5: {
        jint fd = take_descriptor(), events = take_int(), other = take_descriptor();
        return ENTRY(system_IoShim, poll)(env, NULL, fd, events, other, take_int());
    }
    case 6: {
        jint fd = take_descriptor(); /* options may be negative */
        return ENTRY(system_IoShim, socketOption)(env, NULL, fd, take_int()) != 0;
    }
    default: {
        jlong self = ENTRY(system_IoShim, thread)(env, NULL);
        CHECK(!ENTRY(system_IoShim, findAddress)(env, NULL) && !take_exception());
        return ENTRY(system_IoShim, interrupt)(env, NULL, take_byte() % 2 == 0 ? self : take_int());
    }
    }
}

/* The filters of descriptors only, which all systems have alike. */
static jint fuzz_kqueue(void) {
    struct kevent changes[4];
    jint set = take_descriptor(), change_count = take_int(), maximum = take_int();
    jlong nanos = take_long();
    take(changes, sizeof changes);
    for (int i = 0; i < 4; i++) {
        changes[i].filter = changes[i].filter % 2 == 0 ? EVFILT_READ : EVFILT_WRITE;
    }
    const int null = comes_with_null(change_count);
    if (change_count >= 0) {
        change_count %= 5;
    }
    jlong list = null && change_count <= 0 ? 0 : (jlong)(intptr_t)changes;
    jlong events = take_memory(&maximum, sizeof(struct kevent), EMULATED);
    return ENTRY(system_KqueueShim, control)(env, NULL, set, list, change_count, events, maximum,
                                             nanos);
}

static jint fuzz_membarrier(void) {
    return ENTRY(system_AsymmetricFence, membarrier)(env, NULL, take_int());
}

static jint fuzz_creation(void) {
    static jint (*const create[])(JNIEnv *, jclass) = {
        ENTRY(system_EpollShim, create),
        ENTRY(system_KqueueShim, create),
        ENTRY(system_DevpollShim, create),
        ENTRY(system_KqueueShim, hungUp),
    };
    jint created = create[take_byte() % 4](env, NULL);
    close_if_open(created);
    return created;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static jint (*const fuzz[])(void) = {
        fuzz_constants, fuzz_objects, fuzz_descriptors, fuzz_select,     fuzz_poll, fuzz_epoll,
        fuzz_devpoll,   fuzz_kqueue,  fuzz_creation,    fuzz_membarrier, fuzz_io,
    };
    input = data;
    left = size;
    jint answer = fuzz[take_byte() % (sizeof fuzz / sizeof *fuzz)]();
    CHECK(answer >= -MOST_ERRNO);
    check_memory();
    check_nothing_borrowed();
    free_objects();
    return 0;
}
