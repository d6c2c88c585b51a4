#!/usr/bin/env bash
# glibc's aio_write() of a socket does not begin before an aio_read() of the same descriptor is done.
#
# One would guess that asynchronous requests of one socket are independent where they go in opposite
# directions, as they are for poll and for io_uring: wait for the answer, and send the question.
#
# In fact glibc has a thread take the requests of one descriptor one after the other, whatever they
# ask: the question waits for the answer. A duplicate of the descriptor has a thread of its own. And
# there are 20 threads at most (aio_init), so that 20 idle sockets that are read keep every further
# request of the process, of a file, too, from being begun. aio(7) says no more than that this "scales
# poorly".
#
# Seen with glibc 2.36 of Debian 12 and Linux 6.18.44, half a second after each call:
#   aio_read of a socket: in progress
#   aio_write of the same socket: in progress
#   aio_write of a duplicate of it: done
#   the peer sends: aio_read: done, aio_write: done
#   19 idle sockets are read: aio_write of a file: done
#   20 idle sockets are read: aio_write of a file: in progress
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
#include <aio.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[32];

static struct aiocb *start(int (*call)(struct aiocb *), int fd) {
  struct aiocb *request = calloc(1, sizeof(*request));
  request->aio_fildes = fd;
  request->aio_buf = buffer;
  request->aio_nbytes = 2;
  if (call(request) != 0) exit(2);
  return request;
}

static const char *state(struct aiocb *request) {
  for (int i = 0; i < 50 && aio_error(request) == EINPROGRESS; i++) usleep(10000);
  int error = aio_error(request);
  return error == 0 ? "done" : error == EINPROGRESS ? "in progress" : strerror(error);
}

static int with_idle_readers(int count) {
  for (int i = 0; i < count; i++) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 2;
    start(aio_read, pair[0]);
  }
  int file = fileno(tmpfile());
  printf("%d idle sockets are read: aio_write of a file: %s\n", count, state(start(aio_write, file)));
  return 0;
}

int main(int count, char **arguments) {
  if (count > 1) return with_idle_readers(atoi(arguments[1]));
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 2;
  struct aiocb *read_it = start(aio_read, pair[0]);
  printf("aio_read of a socket: %s\n", state(read_it));
  struct aiocb *write_it = start(aio_write, pair[0]);
  printf("aio_write of the same socket: %s\n", state(write_it));
  printf("aio_write of a duplicate of it: %s\n", state(start(aio_write, dup(pair[0]))));
  if (write(pair[1], buffer, 2) != 2) return 2;
  printf("the peer sends: aio_read: %s, aio_write: %s\n", state(read_it), state(write_it));
  return 0;
}
END

cc -Wall -o "$temp/finding" "$temp/finding.c"
echo "$(uname -sr), $(getconf GNU_LIBC_VERSION)"
{ "$temp/finding" && "$temp/finding" 19 && "$temp/finding" 20; } | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
