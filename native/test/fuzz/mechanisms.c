/* What opens, changes and waits for a set of each mechanism, and the fence of those who do. */
#include "arguments.h"
#include "fuzz.h"
#include "io_github_selectors4j_internal_system_AsymmetricFence.h"
#include "io_github_selectors4j_internal_system_DevpollShim.h"
#include "io_github_selectors4j_internal_system_EpollShim.h"
#include "io_github_selectors4j_internal_system_KqueueShim.h"
#include "io_github_selectors4j_internal_system_PollShim.h"
#include "io_github_selectors4j_internal_system_SelectShim.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/event.h>

static jint fuzz_select(void) {
    jint bytes = take_byte() % 4 == 0 ? take_int() : take_byte() % 65 * 8;
    jint limit = take_int();
    jlong nanos = take_long();
    size_t memory = bytes < 0 || bytes > 512 ? 8 : (size_t)bytes;
    if (bytes > 512) {
        bytes = -bytes;
    }
    jlong sets = take_byte() % 16 == 0 ? 0 : (jlong)(intptr_t)memory_of_input(6 * memory);
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
    jint set = choice % 4 < 3 ? devpoll_set() : take_no_descriptor();
    jint count = take_int(), millis = take_int();
    jlong pollfds = take_memory(&count, sizeof(struct pollfd), EMULATED);
    if (choice % 2 == 0) {
        return ENTRY(system_DevpollShim, wait)(env, NULL, set, pollfds, count, millis);
    }
    jint bytes = count < 0 ? count : count * (jint)sizeof(struct pollfd);
    return ENTRY(system_DevpollShim, write)(env, NULL, set, pollfds, bytes);
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

static jint fuzz_membarrier(void) {
    return ENTRY(system_AsymmetricFence, membarrier)(env, NULL, take_int());
}

driver *const mechanism_drivers[] = {
    fuzz_select, fuzz_poll,     fuzz_epoll,      fuzz_devpoll,
    fuzz_kqueue, fuzz_creation, fuzz_membarrier, NULL,
};
