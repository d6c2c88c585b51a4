#include "arguments.h"

#include "fuzz.h"
#include "io_github_selectors4j_internal_system_Descriptors.h"
#include "io_github_selectors4j_internal_system_DevpollShim.h"
#include "io_github_selectors4j_internal_system_EpollShim.h"
#include "io_github_selectors4j_internal_system_KqueueShim.h"
#include "memory.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

/* What is left of the fuzzer's bytes. */
static const uint8_t *input;
static size_t left;

static jint pipe_ends[2], sockets[2], epfd, kq, devpoll;

void take_from(const uint8_t *bytes, size_t size) {
    input = bytes;
    left = size;
}

void take(void *to, size_t bytes) {
    size_t taken = bytes < left ? bytes : left;
    memset(to, 0, bytes);
    memcpy(to, input, taken);
    input += taken;
    left -= taken;
}

uint8_t take_byte(void) {
    uint8_t byte;
    take(&byte, sizeof byte);
    return byte;
}

jint take_int(void) {
    jint number;
    take(&number, sizeof number);
    return number;
}

jlong take_long(void) {
    jlong number;
    take(&number, sizeof number);
    return number;
}

jstring take_string(void) {
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

jintArray take_array(void) {
    jsize length = take_byte() % 5;
    return length == 4 ? NULL : int_array(length);
}

int comes_with_null(jint count) {
    return (count >> 27 & 15) == 10;
}

void *memory_of_input(size_t bytes) {
    return guarded_memory(bytes, input, left);
}

jlong take_memory(jint *count, size_t size, enum kernel kernel) {
    const int null = comes_with_null(*count);
    if (*count >= 0) {
        *count %= 65;
    }
    if (null && (kernel == REAL || *count <= 0)) {
        return 0;
    }
    size_t bytes = *count < 0 ? size : (size_t)*count * size;
    return (jlong)(intptr_t)memory_of_input(bytes);
}

void open_descriptors(void) {
    jintArray ends = int_array(2);
    CHECK_EQUAL(ENTRY(system_Descriptors, pipe)(env, NULL, ends), 0);
    pipe_ends[0] = element(ends, 0);
    pipe_ends[1] = element(ends, 1);
    CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    epfd = ENTRY(system_EpollShim, create)(env, NULL);
    kq = ENTRY(system_KqueueShim, create)(env, NULL);
    devpoll = ENTRY(system_DevpollShim, create)(env, NULL);
    CHECK(epfd >= 0 && kq >= 0 && devpoll >= 0);
}

jint take_no_descriptor(void) {
    jint number = take_int();
    return number >= 0 && number < MOST_DESCRIPTORS ? number + MOST_DESCRIPTORS : number;
}

jint take_descriptor(void) {
    const jint known[] = {pipe_ends[0], pipe_ends[1], epfd, kq, devpoll, sockets[0], sockets[1]};
    size_t choice = take_byte() % 8;
    return choice < sizeof known / sizeof *known ? known[choice] : take_no_descriptor();
}

jint take_epoll_set(void) {
    jint set = take_descriptor();
    return set == kq ? epfd : set;
}

jint devpoll_set(void) {
    return devpoll;
}

jint take_spare_descriptor(void) {
    return take_byte() % 2 == 0 ? fcntl(pipe_ends[0], F_DUPFD_CLOEXEC, 0) : take_no_descriptor();
}

void close_if_open(jint fd) {
    if (fd >= 0) {
        ENTRY(system_Descriptors, close)(env, NULL, fd);
    }
}
