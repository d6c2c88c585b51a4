/* kqueue(2): macOS and the BSDs. */
#include "close_on_exec.h"
#include "io_github_selectors4j_internal_system_KqueueShim.h"

#include <sys/types.h>

#include <sys/event.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* struct kevent differs between the systems in its fields' widths and order. */
_Static_assert(sizeof((struct kevent *)0)->ident == 8 && sizeof((struct kevent *)0)->udata == 8 &&
                   sizeof((struct kevent *)0)->data == 8,
               "Java reads and writes these with 64 bits");

#ifdef __NetBSD__
#define TWO_KEVENTS
#endif
#ifdef TWO_KEVENTS
/*
 * NetBSD 11 has put four numbers behind the others and named the function that takes them
 * __kevent100. 10 lacks it, and no header has both.
 */
typedef int kevent_function(int, const void *, size_t, void *, size_t, const struct timespec *);
kevent_function __kevent50;
kevent_function __kevent100 __attribute__((weak));

static kevent_function *kevent_of_system(void) {
    return __kevent100 == NULL ? __kevent50 : __kevent100;
}

static size_t size_of_kevent(void) {
    const size_t size = offsetof(struct kevent, udata) + sizeof(void *);
    return __kevent100 == NULL ? size : size + 4 * sizeof(uint64_t);
}
#else
#define kevent_of_system() kevent
#define size_of_kevent() sizeof(struct kevent)
#endif

static const struct constant kqueue_constants[] = {
    LAYOUT_OFFSET(struct kevent, ident),
    LAYOUT_OFFSET(struct kevent, filter),
    LAYOUT_OFFSET(struct kevent, flags),
    LAYOUT_OFFSET(struct kevent, fflags),
    LAYOUT_OFFSET(struct kevent, data),
    LAYOUT_OFFSET(struct kevent, udata),
    {"sizeof filter", sizeof((struct kevent *)0)->filter},
    CONSTANT(EVFILT_READ),
    CONSTANT(EVFILT_WRITE),
    CONSTANT(EVFILT_AIO),
    CONSTANT(EVFILT_VNODE),
    CONSTANT(EVFILT_PROC),
    CONSTANT(EVFILT_SIGNAL),
    CONSTANT(EVFILT_TIMER),
    CONSTANT(EV_ADD),
    CONSTANT(EV_DELETE),
    CONSTANT(EV_ENABLE),
    CONSTANT(EV_DISABLE),
    CONSTANT(EV_ONESHOT),
    CONSTANT(EV_CLEAR),
    CONSTANT(EV_EOF),
    CONSTANT(EV_ERROR),
    CONSTANT(NOTE_DELETE),
    CONSTANT(NOTE_WRITE),
    CONSTANT(NOTE_EXTEND),
    CONSTANT(NOTE_ATTRIB),
    CONSTANT(NOTE_LINK),
    CONSTANT(NOTE_RENAME),
    CONSTANT(NOTE_EXIT),
    CONSTANT(NOTE_FORK),
    CONSTANT(NOTE_EXEC),
#ifdef EVFILT_NETDEV
    CONSTANT(EVFILT_NETDEV),
#endif
#ifdef EVFILT_EXCEPT
    CONSTANT(EVFILT_EXCEPT),
#endif
#ifdef EVFILT_USER
    CONSTANT(EVFILT_USER),
#endif
#ifdef EV_RECEIPT
    CONSTANT(EV_RECEIPT),
#endif
#ifdef EV_DISPATCH
    CONSTANT(EV_DISPATCH),
#endif
#ifdef EV_SYSFLAGS
    CONSTANT(EV_SYSFLAGS),
#endif
#ifdef EV_FLAG1
    CONSTANT(EV_FLAG1),
#endif
#ifdef NOTE_LOWAT
    CONSTANT(NOTE_LOWAT),
#endif
#ifdef NOTE_OOB
    CONSTANT(NOTE_OOB),
#endif
#ifdef NOTE_REVOKE
    CONSTANT(NOTE_REVOKE),
#endif
#ifdef NOTE_PCTRLMASK
    CONSTANT(NOTE_PCTRLMASK),
#endif
#ifdef NOTE_PDATAMASK
    CONSTANT(NOTE_PDATAMASK),
#endif
#ifdef NOTE_TRACK
    CONSTANT(NOTE_TRACK),
#endif
#ifdef NOTE_CHILD
    CONSTANT(NOTE_CHILD),
#endif
#ifdef NOTE_TRACKERR
    CONSTANT(NOTE_TRACKERR),
#endif
#ifdef NOTE_LINKUP
    CONSTANT(NOTE_LINKUP),
#endif
#ifdef NOTE_LINKDOWN
    CONSTANT(NOTE_LINKDOWN),
#endif
#ifdef NOTE_LINKINV
    CONSTANT(NOTE_LINKINV),
#endif
#ifdef NOTE_TRIGGER
    CONSTANT(NOTE_TRIGGER),
#endif
};

JNIEXPORT jlong JNICALL Java_io_github_selectors4j_internal_system_KqueueShim_constant(
    JNIEnv *env, jclass type, jstring name) {
    (void)type;
    const struct constant size = {"sizeof", (jlong)size_of_kevent()};
    jlong value = constant_value(env, name, &size, 1);
    return value != 0 ? value : constant_value(env, name, CONSTANTS(kqueue_constants));
}

/* Not inherited over fork; close-on-exec has to be said all the same. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_KqueueShim_create(JNIEnv *env,
                                                                                    jclass type) {
    (void)env, (void)type;
    return close_on_exec(kqueue());
}

/* One end of a connection whose other end is closed. */
JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_KqueueShim_hungUp(JNIEnv *env,
                                                                                    jclass type) {
    (void)env, (void)type;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) {
        return -errno;
    }
    close(ends[1]);
    return close_on_exec(ends[0]);
}

JNIEXPORT jint JNICALL Java_io_github_selectors4j_internal_system_KqueueShim_control(
    JNIEnv *env, jclass type, jint kq, jlong changes, jint change_count, jlong events, jint maximum,
    jlong nanos) {
    (void)env, (void)type;
    if (change_count < 0 || maximum < 0) {
        return -EINVAL;
    }
    const struct timespec timeout = {.tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000};
    return result(kevent_of_system()(kq, MEMORY(changes), change_count, MEMORY(events), maximum,
                                     nanos < 0 ? NULL : &timeout));
}
