/*
 * <sys/event.h> of FreeBSD 12 and later or, with KQUEUE_NETBSD or KQUEUE_OPENBSD defined, of these:
 * the layout and the values, for programs that run on the emulation beside it. KQUEUE_NETBSD is 10
 * or 11.
 */
#ifndef SELECTORS4J_TEST_SYS_EVENT_H
#define SELECTORS4J_TEST_SYS_EVENT_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef KQUEUE_NETBSD

/*
 * Of release 10 the emulation has the layout, and what was measured on a kernel before it: what
 * works on both works on 10.
 */
#if KQUEUE_NETBSD < 11
#define KQUEUE_NETBSD_OF_OLD
#endif

struct kevent {
    uintptr_t ident;
    uint32_t filter;
    uint32_t flags;
    uint32_t fflags;
    int64_t data;
    void *udata;
#if KQUEUE_NETBSD >= 11
    uint64_t ext[4];
#endif
};

#define EVFILT_READ 0U
#define EVFILT_WRITE 1U
#define EVFILT_AIO 2U
#define EVFILT_VNODE 3U
#define EVFILT_PROC 4U
#define EVFILT_SIGNAL 5U
#define EVFILT_TIMER 6U
#define EVFILT_FS 7U
#define EVFILT_USER 8U
#define EVFILT_SYSCOUNT 9U

int kqueue1(int flags);
#if KQUEUE_NETBSD >= 11
#define KEVENT_SYMBOL "__kevent100"
#else
#define KEVENT_SYMBOL "__kevent50"
#endif
int kevent(int kq, const struct kevent *changelist, size_t nchanges, struct kevent *eventlist,
           size_t nevents, const struct timespec *timeout) __asm__(KEVENT_SYMBOL);

#else

struct kevent {
    uintptr_t ident;
    short filter;
    unsigned short flags;
    unsigned int fflags;
    int64_t data;
    void *udata;
#ifndef KQUEUE_OPENBSD
    uint64_t ext[4];
#endif
};

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_AIO (-3)
#define EVFILT_VNODE (-4)
#define EVFILT_PROC (-5)
#define EVFILT_SIGNAL (-6)
#define EVFILT_TIMER (-7)
#ifdef KQUEUE_OPENBSD
#define EVFILT_DEVICE (-8)
#define EVFILT_EXCEPT (-9)
#define EVFILT_USER (-10)
#define EVFILT_SYSCOUNT 10

#define NOTE_EOF 0x0002
#define NOTE_OOB 0x0004
#define NOTE_MSECONDS 0x00000000
#define NOTE_SECONDS 0x00000001
#define NOTE_USECONDS 0x00000002
#define NOTE_NSECONDS 0x00000003
#define NOTE_ABSTIME 0x00000010
#else
#define EVFILT_PROCDESC (-8)
#define EVFILT_FS (-9)
#define EVFILT_LIO (-10)
#define EVFILT_USER (-11)
#define EVFILT_SENDFILE (-12)
#define EVFILT_EMPTY (-13)
#define EVFILT_SYSCOUNT 13

#define NOTE_FILE_POLL 0x0002
#define NOTE_SECONDS 0x00000001
#define NOTE_MSECONDS 0x00000002
#define NOTE_USECONDS 0x00000004
#define NOTE_NSECONDS 0x00000008
#define NOTE_ABSTIME 0x00000010
#endif

int kevent(int kq, const struct kevent *changelist, int nchanges, struct kevent *eventlist,
           int nevents, const struct timespec *timeout);

#endif

int kqueue(void);

#ifdef KQUEUE_NETBSD
#define EV_SET(kevp, a, b, c, d, e, f)                                                             \
    (*(kevp) = (struct kevent){.ident = (uintptr_t)(a),                                            \
                               .filter = (b),                                                      \
                               .flags = (c),                                                       \
                               .fflags = (d),                                                      \
                               .data = (e),                                                        \
                               .udata = (void *)(f)})
#else
#define EV_SET(kevp, a, b, c, d, e, f)                                                             \
    (*(kevp) = (struct kevent){.ident = (uintptr_t)(a),                                            \
                               .filter = (short)(b),                                               \
                               .flags = (unsigned short)(c),                                       \
                               .fflags = (d),                                                      \
                               .data = (e),                                                        \
                               .udata = (void *)(f)})
#endif

/* actions */
#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ENABLE 0x0004
#define EV_DISABLE 0x0008

/* flags */
#define EV_ONESHOT 0x0010
#define EV_CLEAR 0x0020
#define EV_RECEIPT 0x0040
#define EV_DISPATCH 0x0080
#ifdef KQUEUE_OPENBSD
#define EV_SYSFLAGS 0xF800
#else
#define EV_SYSFLAGS 0xF000
#endif
#define EV_FLAG1 0x2000

/* returned values */
#define EV_EOF 0x8000
#define EV_ERROR 0x4000

/* EVFILT_USER */
#define NOTE_FFNOP 0x00000000U
#define NOTE_FFAND 0x40000000U
#define NOTE_FFOR 0x80000000U
#define NOTE_FFCOPY 0xc0000000U
#define NOTE_FFCTRLMASK 0xc0000000U
#define NOTE_FFLAGSMASK 0x00ffffffU
#define NOTE_TRIGGER 0x01000000U

/* EVFILT_READ, EVFILT_WRITE */
#define NOTE_LOWAT 0x0001

/* EVFILT_VNODE */
#define NOTE_DELETE 0x0001
#define NOTE_WRITE 0x0002
#define NOTE_EXTEND 0x0004
#define NOTE_ATTRIB 0x0008
#define NOTE_LINK 0x0010
#define NOTE_RENAME 0x0020
#define NOTE_REVOKE 0x0040

/* EVFILT_PROC */
#define NOTE_EXIT 0x80000000U
#define NOTE_FORK 0x40000000U
#define NOTE_EXEC 0x20000000U
#define NOTE_PCTRLMASK 0xf0000000U
#define NOTE_PDATAMASK 0x000fffffU
#define NOTE_TRACK 0x00000001U
#define NOTE_TRACKERR 0x00000002U
#define NOTE_CHILD 0x00000004U

#endif
