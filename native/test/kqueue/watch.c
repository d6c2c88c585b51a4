/*
 * The descriptors of a kqueue.
 *
 * The epoll set only says where to look: filter.c decides what is ready. Level-triggered
 * descriptors are armed one-shot and armed anew once reported, the others edge-triggered. So a file
 * that lives on under another number after the close of the watched one, which epoll goes on
 * reporting and which can't be removed by number, speaks up once at most.
 */
#define _GNU_SOURCE
#include "queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>

/* How often a watched file at its end is looked at again, as nothing tells of its growth. */
#define FILE_INTERVAL (10 * 1000000LL)

/* A descriptor with its knotes. */
struct watch {
    int fd;
    unsigned generation; /* tells its epoll entry from an earlier one of the same number */
    bool file;           /* epoll refuses it: always looked at */
    bool edge;
    enum side first; /* the sides take turns when there is not room for all */
    bool again;      /* ready for more than was reported */
    dev_t device;
    ino_t inode;
    struct past past;
    struct knote sides[SIDES];
};

static int count_knotes(const struct watch *watch) {
    int count = 0;
    for (int side = 0; side < SIDES; side++)
        count += watch->sides[side].present;
    return count;
}

static enum side side_of(const struct kevent *change) {
    return change->filter == EVFILT_READ    ? READ_SIDE
           : change->filter == EVFILT_WRITE ? WRITE_SIDE
                                            : EXCEPT_SIDE;
}

static int watch_control(struct queue *queue, int operation, struct watch *watch) {
    struct epoll_event event = {.events = watch->edge ? EPOLLET : EPOLLONESHOT,
                                .data.u64 =
                                    (uint64_t)watch->generation << 32 | (unsigned)watch->fd};
    if (knote_active(&watch->sides[READ_SIDE]))
        event.events |= EPOLLIN | EPOLLRDHUP;
    if (knote_active(&watch->sides[WRITE_SIDE]))
        event.events |= EPOLLOUT;
    if (knote_active(&watch->sides[EXCEPT_SIDE]))
        event.events |= EPOLLPRI;
    return epoll_ctl(queue->fd, operation, watch->fd, &event);
}

/* Edge-triggered as long as all that is asked for is EV_CLEAR. */
static void arm(struct queue *queue, struct watch *watch) {
    watch->edge = true;
    for (int side = 0; side < SIDES; side++)
        if (knote_active(&watch->sides[side]) && !(watch->sides[side].event.flags & EV_CLEAR))
            watch->edge = false;
    if (!watch->file)
        watch_control(queue, EPOLL_CTL_MOD, watch);
}

/* Not armed again before something happens to it: it fired for what no filter counts as ready. */
static void arm_for_change(struct queue *queue, struct watch *watch) {
    if (!watch->edge && !watch->file) {
        watch->edge = true;
        watch_control(queue, EPOLL_CTL_MOD, watch);
    }
}

static void forget(struct queue *queue, struct watch *watch) {
    queue->watches[watch->fd] = NULL;
    queue->files -= watch->file;
    free(watch);
}

/*
 * Whether the number still names the file that was registered: a close ends the knotes (3). Files
 * of one kind may share an inode; then what epoll knows under this number tells them apart.
 */
static bool is_current(struct queue *queue, const struct watch *watch) {
    struct stat status;
    if (fstat(watch->fd, &status) != 0 || status.st_dev != watch->device ||
        status.st_ino != watch->inode)
        return false;
    if (watch->file)
        return true;
    struct epoll_event none = {.events = EPOLLONESHOT};
    if (epoll_ctl(queue->fd, EPOLL_CTL_ADD, watch->fd, &none) == 0)
        epoll_ctl(queue->fd, EPOLL_CTL_DEL, watch->fd, NULL);
    else if (errno == EEXIST)
        return true;
    return false;
}

static struct watch *find_watch(struct queue *queue, int fd) {
    struct watch *watch = fd < queue->size ? queue->watches[fd] : NULL;
    if (watch == NULL || is_current(queue, watch))
        return watch;
    forget(queue, watch);
    return NULL;
}

static int add_watch(struct queue *queue, int fd, struct watch **added) {
    if (fd >= queue->size) {
        int size = fd + 1 > 2 * queue->size ? fd + 1 : 2 * queue->size;
        struct watch **watches = realloc(queue->watches, (size_t)size * sizeof *watches);
        if (watches == NULL)
            return ENOMEM;
        memset(watches + queue->size, 0, (size_t)(size - queue->size) * sizeof *watches);
        queue->watches = watches;
        queue->size = size;
    }
    struct stat status;
    if (fstat(fd, &status) != 0)
        return errno;
    struct watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return ENOMEM;
    watch->fd = fd;
    watch->generation = ++queue->generation;
    watch->device = status.st_dev;
    watch->inode = status.st_ino;
    int error = watch_control(queue, EPOLL_CTL_ADD, watch) == 0 ? 0 : errno;
    if (error == EEXIST) /* its entry of old, when the same file had this number once before */
        error = watch_control(queue, EPOLL_CTL_MOD, watch) == 0 ? 0 : errno;
    if (error == EPERM) {
        watch->file = true;
        error = need_ready_fd(queue);
        if (error == 0)
            error = need_timer_fd(queue);
    }
    if (error != 0) {
        free(watch);
        return error;
    }
    queue->files += watch->file;
    queue->watches[fd] = *added = watch;
    return 0;
}

static void remove_watch(struct queue *queue, struct watch *watch) {
    epoll_ctl(queue->fd, EPOLL_CTL_DEL, watch->fd, NULL);
    forget(queue, watch);
}

int change_watch(struct queue *queue, const struct kevent *change) {
    int fd = (int)change->ident;
    enum side side = side_of(change);
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || flags & O_PATH)
        return EBADF;
    struct watch *watch = find_watch(queue, fd);
    bool present = watch != NULL && watch->sides[side].present;
    if (!present && !(change->flags & EV_ADD))
        return ENOENT;
    if (!present) {
        int error = filter_attach(fd, side, change->fflags & NOTE_LOWAT ? change->data : 0);
        if (error == 0 && watch == NULL)
            error = add_watch(queue, fd, &watch);
        if (error != 0)
            return error;
        knote_create(&watch->sides[side], change);
        filter_event(fd, side, &watch->past, 0);
    } else if (change->flags & EV_DELETE) {
        watch->sides[side].present = false;
        if (count_knotes(watch) == 0) {
            remove_watch(queue, watch);
            return 0;
        }
    } else {
        knote_update(&watch->sides[side], change);
    }
    knote_enable(&watch->sides[side], change);
    arm(queue, watch);
    return 0;
}

#ifdef KQUEUE_NETBSD_OF_OLD
#define ONLY_NEWS (EV_CLEAR | EV_DISPATCH) /* 2: EV_ENABLE does not look */
#else
#define ONLY_NEWS EV_CLEAR
#endif

/* What such a knote was reported for does not count again. */
static bool is_news(const struct watch *watch, const struct knote *knote,
                    const struct readiness *readiness) {
    if (!(knote->event.flags & ONLY_NEWS) || !knote->reported)
        return true;
    if (knote->event.flags & EV_CLEAR && watch->edge && count_knotes(watch) == 1 && !watch->file)
        return true; /* it has fired again */
    return readiness->data != knote->latest.data || readiness->eof != knote->latest.eof;
}

/* Whether the knote has an event to report. */
static bool is_due(struct watch *watch, enum side side, struct readiness *readiness) {
    const struct knote *knote = &watch->sides[side];
    if (!knote_active(knote))
        return false;
#ifdef KQUEUE_OPENBSD
    if (side == EXCEPT_SIDE && !(knote->event.fflags & NOTE_OOB))
        return false;
#endif
    int64_t low_water = knote->event.fflags & NOTE_LOWAT ? knote->event.data : 0;
    *readiness = filter_event(watch->fd, side, &watch->past, low_water);
    return readiness->ready && is_news(watch, knote, readiness);
}

/* Reports what is ready of a descriptor, to be settled next; returns the number of events. */
static int report_watch(struct watch *watch, struct kevent *out, int room) {
    int count = 0;
    enum side first = watch->first;
    watch->again = false;
    for (int turn = 0; turn < SIDES; turn++) {
        enum side side = (enum side)((first + turn) % SIDES);
        struct knote *knote = &watch->sides[side];
        struct readiness readiness;
        if (!is_due(watch, side, &readiness))
            continue;
        watch->again |= count == room || !(knote->event.flags & EV_CLEAR);
        if (count == room) {
            if (count > 0 && watch->first == first)
                watch->first = side;
            continue;
        }
        out[count++] = knote_report(knote, &readiness);
    }
    return count;
}

/* Arms what was reported anew, which puts it last in the line. */
static void settle(struct queue *queue, struct watch *watch) {
    if (count_knotes(watch) == 0)
        remove_watch(queue, watch);
    else if (watch->again)
        arm(queue, watch);
    else
        arm_for_change(queue, watch);
}

int collect_watches(struct queue *queue, struct kevent *out, int room) {
    int own = 2, most = (room < queue->size ? room : queue->size) + own;
    struct epoll_event *fired = malloc((size_t)most * sizeof *fired);
    if (fired == NULL)
        return 0;
    int found = 0, count = epoll_wait(queue->fd, fired, most, 0), unserved = 0;
    for (int i = 0; i < count; i++) {
        int fd = (int)(unsigned)fired[i].data.u64;
        unsigned generation = (unsigned)(fired[i].data.u64 >> 32);
        struct watch *watch = generation != 0 && fd < queue->size ? queue->watches[fd] : NULL;
        if (watch != NULL && watch->generation == generation && (watch = find_watch(queue, fd))) {
            if (found < room)
                unserved = i + 1;
            found += report_watch(watch, out + found, room - found);
            fired[i].data.ptr = watch;
        } else {
            fired[i].data.ptr = NULL;
        }
    }
    for (int i = unserved; i < unserved + count; i++)
        if (fired[i % count].data.ptr != NULL)
            settle(queue, fired[i % count].data.ptr);
    free(fired);
    return found;
}

int collect_files(struct queue *queue, struct kevent *out, int room) {
    int found = 0;
    for (int fd = 0; queue->files > 0 && fd < queue->size && found < room; fd++) {
        struct watch *watch = queue->watches[fd];
        if (watch == NULL || !watch->file || (watch = find_watch(queue, fd)) == NULL)
            continue;
        found += report_watch(watch, out + found, room - found);
        settle(queue, watch);
    }
    return found;
}

static bool file_ready(struct watch *watch) { /* EXCEPT is of sockets alone */
    struct readiness readiness;
    return is_due(watch, READ_SIDE, &readiness) || is_due(watch, WRITE_SIDE, &readiness);
}

bool files_ready(struct queue *queue, int64_t *deadline) {
    bool ready = false;
    for (int fd = 0; queue->files > 0 && fd < queue->size; fd++)
        if (queue->watches[fd] != NULL && queue->watches[fd]->file)
            ready |= file_ready(queue->watches[fd]);
    int64_t glance = now() + FILE_INTERVAL;
    if (queue->files > 0 && (*deadline == 0 || glance < *deadline))
        *deadline = glance;
    return ready;
}

void free_watches(struct queue *queue) {
    for (int fd = 0; fd < queue->size; fd++)
        free(queue->watches[fd]);
    free(queue->watches);
}
