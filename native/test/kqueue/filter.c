/*
 * What poll(2) of Linux says of a descriptor, put as a BSD kernel's filters put it: filt_soread,
 * filt_sowrite, filt_soexcept, filt_piperead, filt_pipewrite, filt_vfsread and filt_seltrue.
 */
#define _GNU_SOURCE
#include "filter.h"

#include "queue.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/event.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifdef KQUEUE_NETBSD
#define PIPE_WITHOUT_READER EBADF
#else
#define PIPE_WITHOUT_READER EPIPE
#endif

int __real_poll(struct pollfd *fds, nfds_t count, int millis);

static short poll_now(int fd, short events) {
    struct pollfd one = {.fd = fd, .events = events};
    return __real_poll(&one, 1, 0) == 1 ? one.revents : 0;
}

static int option(int fd, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    getsockopt(fd, SOL_SOCKET, name, &value, &length);
    return value;
}

static int64_t readable_bytes(int fd) {
    int count = 0;
    return ioctl(fd, FIONREAD, &count) == 0 ? count : 0;
}

/* Whether there is enough: as much as the low-water mark, if there is one. */
static bool reaches(int64_t low_water, int64_t count, short polled) {
    return low_water > 0 ? count >= low_water : polled != 0;
}

/* The local end was shut down for writing: Linux calls that writable, a BSD end of file. */
static bool write_side_shut(int fd) {
    struct tcp_info info;
    socklen_t length = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        return false;
    return info.tcpi_state == TCP_FIN_WAIT1 || info.tcpi_state == TCP_FIN_WAIT2 ||
           info.tcpi_state == TCP_CLOSING || info.tcpi_state == TCP_LAST_ACK ||
           info.tcpi_state == TCP_TIME_WAIT;
}

static int64_t backlog(int fd) {
    struct tcp_info info;
    socklen_t length = sizeof info;
    bool tcp = getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0;
    return tcp && info.tcpi_unacked > 0 ? (int64_t)info.tcpi_unacked : 1;
}

static struct readiness listener_event(int fd, enum side side, short polled) {
    bool ready = side == READ_SIDE && (polled & POLLIN);
    return (struct readiness){.ready = ready, .data = ready ? backlog(fd) : 0};
}

/*
 * A socket's pending error can't be read on Linux without taking it from the program, so its errno
 * is inferred: the connection was refused, or it was reset.
 */
static unsigned socket_error(const struct past *past) {
    return !past->failed ? 0 : past->connected ? ECONNRESET : ECONNREFUSED;
}

static struct readiness socket_event(int fd, enum side side, short polled, struct past *past,
                                     int64_t low_water) {
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    bool stream = option(fd, SO_TYPE) != SOCK_DGRAM;
    past->failed |= (polled & POLLERR) != 0;
    /* Of what has ended since, the peer's name is forgotten. */
    past->connected |= getpeername(fd, (struct sockaddr *)&peer, &length) == 0 ||
                       (!past->failed && (polled & POLLRDHUP));
    /* Linux hangs up on a stream that was never connected; a BSD has it neither ready nor ended. */
    if (stream && !past->connected && !past->failed)
        return (struct readiness){.ready = false};
    bool gone = stream && (polled & (POLLHUP | POLLERR));
    struct readiness result = {.fflags = 0};
    if (side == EXCEPT_SIDE) {
        result.ready = (polled & POLLPRI) != 0;
#ifdef KQUEUE_OPENBSD
        result.fflags = result.ready ? NOTE_OOB : 0;
#endif
        return result;
    }
    if (side == READ_SIDE) {
        result.eof = gone || (stream && (polled & POLLRDHUP));
        result.data = readable_bytes(fd);
        result.ready = reaches(low_water, result.data, polled & POLLIN);
    } else {
        int queued = 0;
        ioctl(fd, SIOCOUTQ, &queued);
        result.eof = gone || write_side_shut(fd);
        result.data = option(fd, SO_SNDBUF) - queued;
        result.ready = reaches(low_water, result.data, polled & POLLOUT);
    }
    result.ready |= result.eof || (polled & POLLERR);
    if (result.eof)
        result.fflags = socket_error(past);
    return result;
}

/*
 * The write end, too, may be watched for reading: its other end never sends anything, but ends it.
 * Linux says POLLERR there, and counts the bytes on the way.
 */
static struct readiness pipe_event(int fd, enum side side, short polled, int64_t low_water) {
    if (side == READ_SIDE) {
        bool eof = (polled & (POLLHUP | POLLERR)) != 0;
        bool sends = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY;
        int64_t count = sends ? 0 : readable_bytes(fd);
        return (struct readiness){
            .ready = eof || reaches(low_water, count, polled & POLLIN), .eof = eof, .data = count};
    }
    bool eof = (polled & POLLERR) != 0;
#ifdef KQUEUE_NETBSD
    /* The filter counts room, and what a reader leaves behind is none. */
    if (eof && !(polled & POLLOUT))
        return (struct readiness){.ready = false};
#endif
    int64_t room = fcntl(fd, F_GETPIPE_SZ) - readable_bytes(fd);
    return (struct readiness){.ready = eof || reaches(low_water, room, polled & POLLOUT),
                              .eof = eof,
                              .data = eof ? 0 : room};
}

/* A file is readable except just at its end, and always writable. */
static struct readiness vnode_event(int fd, enum side side, const struct stat *file) {
    int64_t rest = side == READ_SIDE ? file->st_size - lseek(fd, 0, SEEK_CUR) : 0;
    return (struct readiness){.ready = side == WRITE_SIDE || rest != 0, .data = rest};
}

#ifdef KQUEUE_NETBSD
/* Whether nobody has the other side of a terminal, or of its master, open: that is no event. */
static bool lacks_other_side(int fd, const struct stat *file, short polled) {
    bool master = file->st_rdev == makedev(5, 2);
    bool terminal = major(file->st_rdev) >= 136 && major(file->st_rdev) <= 143;
    int locked = 0; /* a terminal whose lock was never taken away was never opened */
    if (master && ioctl(fd, TIOCGPTLCK, &locked) == 0 && locked)
        return true;
    return (master || terminal) && (polled & POLLHUP);
}
#endif

static struct readiness device_event(int fd, enum side side, short polled) {
    bool eof = (polled & POLLHUP) != 0;
    bool ready = eof || (polled & (side == READ_SIDE ? POLLIN : POLLOUT));
    return (struct readiness){
        .ready = ready, .eof = eof, .data = side == READ_SIDE ? readable_bytes(fd) : 0};
}

struct readiness filter_event(int fd, enum side side, struct past *past, int64_t low_water) {
    struct stat file;
    if (fstat(fd, &file) != 0)
        return (struct readiness){.ready = false};
    if (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode))
        return vnode_event(fd, side, &file);
    short polled = poll_now(fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP);
    if (S_ISSOCK(file.st_mode) && option(fd, SO_ACCEPTCONN))
        return listener_event(fd, side, polled);
    if (S_ISSOCK(file.st_mode))
        return socket_event(fd, side, polled, past, low_water);
#ifdef KQUEUE_NETBSD
    if (S_ISCHR(file.st_mode) && lacks_other_side(fd, &file, polled))
        return (struct readiness){.ready = false};
#endif
    return S_ISFIFO(file.st_mode) ? pipe_event(fd, side, polled, low_water)
                                  : device_event(fd, side, polled);
}

/* What Darwin takes when nobody asks how much there is; and what no kernel takes. */
static int device_attach(const struct stat *file, int64_t low_water) {
    if (model("devices") || (model("macos") && low_water != 1))
        return EINVAL;
#ifdef KQUEUE_NETBSD
    if (file->st_rdev == makedev(1, 8) || file->st_rdev == makedev(5, 1)) /* random, console */
        return EOPNOTSUPP;
#else
    (void)file;
#endif
    return 0;
}

int filter_attach(int fd, enum side side, int64_t low_water) {
    struct stat file;
    if (fstat(fd, &file) != 0)
        return errno;
    if (side == EXCEPT_SIDE && !S_ISSOCK(file.st_mode))
        return EINVAL;
    if (S_ISCHR(file.st_mode))
        return device_attach(&file, low_water);
    if (S_ISFIFO(file.st_mode) && side == WRITE_SIDE && (poll_now(fd, POLLOUT) & POLLERR))
        return model("macos") ? 0 : PIPE_WITHOUT_READER;
    return 0;
}
