/*
 * System calls for the tests: the descriptors that no class of the JDK makes, and what only a
 * process can do to itself. One thin wrapper per call: the result, or -errno. Linux only.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <mqueue.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Opens the definition of a native method of TestLibrary, with its prototype for the compiler. */
#define NATIVE(result, name, ...)                                                                  \
    JNIEXPORT result JNICALL Java_io_github_selectors4j_TestLibrary_##name(__VA_ARGS__);           \
    JNIEXPORT result JNICALL Java_io_github_selectors4j_TestLibrary_##name(__VA_ARGS__)

#define SELF __attribute__((unused)) JNIEnv *env, __attribute__((unused)) jclass self

static jint result_of(long result) {
    return result < 0 ? -errno : (jint)result;
}

static jint pair_of(JNIEnv *env, int result, const int fds[2], jintArray pair) {
    if (result < 0) {
        return -errno;
    }
    (*env)->SetIntArrayRegion(env, pair, 0, 2, (const jint *)fds);
    return 0;
}

/* Descriptors. */

NATIVE(jint, pipe, SELF, jintArray pair) {
    int fds[2];
    int result = pipe2(fds, O_CLOEXEC);
    return pair_of(env, result, fds, pair);
}

NATIVE(jint, socketpair, SELF, jintArray pair) {
    int fds[2];
    int result = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
    return pair_of(env, result, fds, pair);
}

NATIVE(jint, tcpPair, SELF, jintArray pair) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *any = (struct sockaddr *)&address;
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int fds[2] = {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), -1};
    if (bind(listener, any, size) == 0 && listen(listener, 1) == 0 &&
        getsockname(listener, any, &size) == 0 && connect(fds[0], any, size) == 0) {
        fds[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    }
    int error = errno;
    close(listener);
    if (fds[1] < 0) {
        close(fds[0]);
        return -error;
    }
    for (int i = 0; i < 2; i++) {
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    }
    return pair_of(env, 0, fds, pair);
}

NATIVE(jint, available, SELF, jint fd) {
    int bytes;
    return ioctl(fd, FIONREAD, &bytes) < 0 ? -errno : bytes;
}

/* A raw terminal: what the master writes arrives as it is, and nothing is echoed. */
NATIVE(jint, openpty, SELF, jintArray pair) {
    int fds[2];
    struct termios raw;
    memset(&raw, 0, sizeof raw);
    cfmakeraw(&raw);
    int result = openpty(&fds[0], &fds[1], NULL, &raw, NULL);
    if (result == 0) {
        fcntl(fds[0], F_SETFD, FD_CLOEXEC);
        fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    }
    return pair_of(env, result, fds, pair);
}

NATIVE(jint, eventfd, SELF, jint count) {
    return result_of(eventfd((unsigned)count, EFD_CLOEXEC | EFD_NONBLOCK));
}

NATIVE(jint, timerfd, SELF) {
    return result_of(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}

NATIVE(jint, timerfdArm, SELF, jint fd, jlong nanos) {
    struct itimerspec once = {.it_value = {nanos / 1000000000, nanos % 1000000000}};
    return result_of(timerfd_settime(fd, 0, &once, NULL));
}

NATIVE(jint, inotify, SELF) {
    return result_of(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
}

NATIVE(jint, inotifyAddWatch, SELF, jint fd, jstring path, jint mask) {
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    if (name == NULL) {
        return -ENOMEM;
    }
    jint result = result_of(inotify_add_watch(fd, name, (uint32_t)mask));
    (*env)->ReleaseStringUTFChars(env, path, name);
    return result;
}

NATIVE(jint, signalfd, SELF, jint signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    return result_of(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

NATIVE(jint, pidfdOpen, SELF, jlong pid) {
    return result_of(syscall(SYS_pidfd_open, (pid_t)pid, 0)); /* close-on-exec by itself */
}

/* The kernel's name of a queue has no slash, but qemu-user reads the one that the C library has in
 * front. */
NATIVE(jint, mqOpen, SELF, jstring path, jint flags, jint messages) {
    const struct mq_attr attributes = {.mq_maxmsg = messages, .mq_msgsize = 1};
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    if (name == NULL) {
        return -ENOMEM;
    }
    jint result = result_of(syscall(SYS_mq_open, name + 1, flags | O_CLOEXEC, 0600, &attributes));
    (*env)->ReleaseStringUTFChars(env, path, name);
    return result;
}

NATIVE(jint, mqUnlink, SELF, jstring path) {
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    if (name == NULL) {
        return -ENOMEM;
    }
    jint result = result_of(syscall(SYS_mq_unlink, name + 1));
    (*env)->ReleaseStringUTFChars(env, path, name);
    return result;
}

NATIVE(jint, mqSend, SELF, jint fd) {
    return result_of(syscall(SYS_mq_timedsend, fd, "x", 1, 0, NULL));
}

NATIVE(jint, mqReceive, SELF, jint fd) {
    char message;
    return result_of(syscall(SYS_mq_timedreceive, fd, &message, 1, NULL, NULL));
}

NATIVE(jint, mkfifo, SELF, jstring path) {
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    if (name == NULL) {
        return -ENOMEM;
    }
    jint result = result_of(mkfifo(name, 0600));
    (*env)->ReleaseStringUTFChars(env, path, name);
    return result;
}

NATIVE(jint, open, SELF, jstring path, jint flags) {
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    if (name == NULL) {
        return -ENOMEM;
    }
    jint result = result_of(open(name, flags | O_CLOEXEC, 0600));
    (*env)->ReleaseStringUTFChars(env, path, name);
    return result;
}

NATIVE(jint, close, SELF, jint fd) {
    return result_of(close(fd));
}

NATIVE(jint, dup, SELF, jint fd) {
    return result_of(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

NATIVE(jint, dup2, SELF, jint fd, jint onto) {
    return result_of(dup3(fd, onto, O_CLOEXEC));
}

/* What is done with one. */

NATIVE(jint, read, SELF, jint fd, jbyteArray bytes, jint length) {
    jbyte buffer[4096];
    ssize_t count =
        read(fd, buffer, (size_t)length < sizeof buffer ? (size_t)length : sizeof buffer);
    if (count < 0) {
        return -errno;
    }
    (*env)->SetByteArrayRegion(env, bytes, 0, (jsize)count, buffer);
    return (jint)count;
}

NATIVE(jint, write, SELF, jint fd, jbyteArray bytes, jint length) {
    jbyte buffer[4096];
    jint count = length < (jint)sizeof buffer ? length : (jint)sizeof buffer;
    (*env)->GetByteArrayRegion(env, bytes, 0, count, buffer);
    return result_of(write(fd, buffer, (size_t)count));
}

NATIVE(jint, shutdown, SELF, jint fd, jint how) {
    return result_of(shutdown(fd, how));
}

NATIVE(jint, sendUrgent, SELF, jint fd) {
    return result_of(send(fd, "!", 1, MSG_OOB | MSG_DONTWAIT));
}

NATIVE(jint, receiveUrgent, SELF, jint fd) {
    char byte;
    return result_of(recv(fd, &byte, 1, MSG_OOB | MSG_DONTWAIT));
}

NATIVE(jint, setsockoptRcvlowat, SELF, jint fd, jint bytes) {
    return result_of(setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes));
}

NATIVE(jint, getFd, SELF, jint fd) {
    return result_of(fcntl(fd, F_GETFD));
}

NATIVE(jint, setFd, SELF, jint fd, jint flags) {
    return result_of(fcntl(fd, F_SETFD, flags));
}

NATIVE(jint, getFl, SELF, jint fd) {
    return result_of(fcntl(fd, F_GETFL));
}

NATIVE(jint, setFl, SELF, jint fd, jint flags) {
    return result_of(fcntl(fd, F_SETFL, flags));
}

NATIVE(jint, poll, SELF, jint fd, jint events, jint timeoutMillis) {
    struct pollfd one = {.fd = fd, .events = (short)events};
    int count = poll(&one, 1, timeoutMillis);
    return count < 0 ? -errno : one.revents;
}

/* Programs. */

/* The bare fork(2) and execve(2): the JDK's own way closes every descriptor in between. */
NATIVE(jint, execLs, SELF, jstring path, jint out) {
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    if (name == NULL) {
        return -ENOMEM;
    }
    pid_t child = fork();
    if (child == 0) {
        dup2(out, STDOUT_FILENO);
        execl("/bin/ls", "ls", "-l", name, (char *)NULL);
        _exit(127);
    }
    jint result = result_of(child);
    (*env)->ReleaseStringUTFChars(env, path, name);
    int status;
    return result < 0 || waitpid(child, &status, 0) < 0 ? -errno : status;
}

/* Threads and signals. */

NATIVE(jlong, threadSelf, SELF) {
    return (jlong)pthread_self();
}

NATIVE(jint, pthreadKill, SELF, jlong thread, jint signal) {
    return -pthread_kill((pthread_t)thread, signal);
}

/* What else runs on the machine then hardly delays the calling thread; takes privileges. */
NATIVE(jint, runInRealTime, SELF) {
    const struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_FIFO)};
    return -pthread_setschedparam(pthread_self(), SCHED_FIFO, &lowest);
}

static volatile sig_atomic_t signals_handled;

static void count_signal(__attribute__((unused)) int signal) {
    signals_handled++;
}

/* Without SA_RESTART: a system call that the signal interrupts fails with EINTR. */
NATIVE(jint, installHandler, SELF, jint signal) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = count_signal;
    sigemptyset(&action.sa_mask);
    return result_of(sigaction(signal, &action, NULL));
}

NATIVE(jint, signalsHandled, SELF) {
    return (jint)signals_handled;
}

/* In the calling thread, as signalfd(2) wants it: pthreadKill then leaves the signal pending. */
NATIVE(jint, blockSignal, SELF, jint signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    return -pthread_sigmask(SIG_BLOCK, &set, NULL);
}

NATIVE(jint, unblockSignal, SELF, jint signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    return -pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

/* What a select is compared with: the mechanism's plain system call, retried with what is left. */

static int wait_epoll(int fd, const struct timespec *left) {
    struct epoll_event event;
    return epoll_wait(fd, &event, 1,
                      (int)(left->tv_sec * 1000 + (left->tv_nsec + 999999) / 1000000));
}

static int wait_poll(int fd, const struct timespec *left) {
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return ppoll(&one, 1, left, NULL);
}

static int wait_select(int fd, const struct timespec *left) {
    fd_set one;
    FD_ZERO(&one);
    FD_SET(fd, &one);
    return pselect(fd + 1, &one, NULL, NULL, left, NULL);
}

static jlong now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (jlong)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Returns the nanoseconds that it took. */
static jlong wait_out(int (*wait)(int, const struct timespec *), int fd, jlong nanos) {
    const jlong start = now();
    jlong left = nanos;
    do {
        struct timespec timeout = {left / 1000000000, left % 1000000000};
        int result = wait(fd, &timeout);
        if (result > 0 || (result < 0 && errno != EINTR)) {
            return result > 0 ? -EEXIST : -errno;
        }
        left = start + nanos - now();
    } while (left > 0);
    return now() - start;
}

NATIVE(jlong, waitOutEpoll, SELF, jint epfd, jlong nanos) {
    return wait_out(wait_epoll, epfd, nanos);
}

NATIVE(jlong, waitOutPoll, SELF, jint fd, jlong nanos) {
    return wait_out(wait_poll, fd, nanos);
}

NATIVE(jlong, waitOutSelect, SELF, jint fd, jlong nanos) {
    return wait_out(wait_select, fd, nanos);
}

/* Limits and clocks. */

NATIVE(jlong, getOpenFileLimit, SELF) {
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : (jlong)limit.rlim_cur;
}

NATIVE(jint, setOpenFileLimit, SELF, jlong soft) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) {
        return -errno;
    }
    limit.rlim_cur = (rlim_t)soft;
    return result_of(setrlimit(RLIMIT_NOFILE, &limit));
}
