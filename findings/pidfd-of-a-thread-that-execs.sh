#!/usr/bin/env bash
# The pidfd of a thread that calls execve() says that the thread has ended; that of the thread which
# has in fact ended says nothing.
#
# One would guess that a pidfd made with PIDFD_THREAD follows its thread: execve() ends all threads but
# the one that calls it, which runs the new program.
#
# In fact the caller takes the number of the process' first thread and leaves its own, and with that
# its pidfd: IN and HUP at once, and ESRCH for a signal, while it runs on. The first thread's pidfd,
# whose thread is gone, goes on without a word to the end of the new program. Who watches a worker
# that may become another program hears of its end when it begins.
#
# Seen with Linux 6.18.44, a second thread that calls execve():
#   both run: first thread's pidfd: silent, second's: silent
#   the second runs another program: first thread's pidfd: silent, second's: IN HUP
#   signal 0: first thread's pidfd: ok, second's: ESRCH
#   the program has ended, and is reaped: first thread's pidfd: IN HUP, second's: IN HUP
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.c" <<'END'
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREAD = 0x80 };  // PIDFD_THREAD, since Linux 6.9

static int told[2], go[2];

static void *run(void *unused) {
  pid_t self = syscall(SYS_gettid);
  char byte;
  if (write(told[1], &self, sizeof(self)) < 0 || read(go[0], &byte, 1) != 1) _exit(2);
  dup2(told[1], 1);
  dup2(go[0], 0);
  execlp("sh", "sh", "-c", "echo hi; read line", (char *)0);
  _exit(2);
}

static const char *state(int fd) {
  struct pollfd poll_it = {fd, POLLIN, 0};
  poll(&poll_it, 1, 0);
  int events = poll_it.revents;
  return events == 0 ? "silent" : events == POLLIN ? "IN" : events == (POLLIN | POLLHUP) ? "IN HUP" : "?";
}

static const char *signalled(int fd) {
  if (syscall(SYS_pidfd_send_signal, fd, 0, 0, 0) == 0) return "ok";
  return errno == ESRCH ? "ESRCH" : strerror(errno);
}

int main(void) {
  if (pipe(told) != 0 || pipe(go) != 0) return 2;
  pid_t child = fork();
  if (child == 0) {
    pthread_t thread;
    pthread_create(&thread, 0, run, 0);
    for (;;) pause();
  }
  pid_t thread;
  if (read(told[0], &thread, sizeof(thread)) != sizeof(thread)) return 2;
  int first = syscall(SYS_pidfd_open, child, THREAD), second = syscall(SYS_pidfd_open, thread, THREAD);
  if (first < 0 || second < 0) return perror("pidfd_open"), 2;
  const char *line = "first thread's pidfd: %s, second's: %s\n";
  printf("both run: ");
  printf(line, state(first), state(second));
  char said[3];
  if (write(go[1], "x", 1) != 1 || read(told[0], said, 3) != 3) return 2;
  printf("the second runs another program: ");
  printf(line, state(first), state(second));
  printf("signal 0: ");
  printf(line, signalled(first), signalled(second));
  if (write(go[1], "\n", 1) != 1 || waitpid(child, 0, 0) != child) return 2;
  printf("the program has ended, and is reaped: ");
  printf(line, state(first), state(second));
  return 0;
}
END

cc -Wall -pthread -o "$temp/finding" "$temp/finding.c"
uname -sr
"$temp/finding" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
