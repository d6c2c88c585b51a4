#!/usr/bin/env bash
# glibc's getline() of a non-blocking descriptor gives half a line for a whole one, and nothing but
# failures, without an error, from then on.
#
# One would guess that getline() which finds half a line says -1 and EAGAIN, as read() does where
# there is nothing, and gives the line at the next call, once poll says that more is there.
#
# In fact it returns what there is, without a newline, as it does at the end of a file; only ferror()
# tells. And while the error stands, each further getline() is -1 with errno 0, though feof() says no
# and the rest of the line can be read: a loop that goes by the return value takes that for the end of
# the file. fgets() gives the half as well, and then goes on. clearerr() before each call is needed.
#
# Seen with glibc 2.36 of Debian 12 and Linux 6.18.44, "ha" written, then "lf" and a newline:
#   getline: "ha", ferror: yes
#   the rest is written, poll: IN, getline: -1, errno: 0, feof: no
#   getline once more: -1, errno: 0, feof: no
#   after clearerr, getline: "lf\n", ferror: no
#   fgets: "ha", ferror: yes
#   the rest is written, poll: IN, fgets: "lf\n", ferror: yes
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
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ends[2];
static FILE *file;
static char *line;
static size_t size;

static void put(const char *text) {
  if (write(ends[1], text, strlen(text)) != (ssize_t)strlen(text)) exit(2);
}

static void open_pipe(void) {
  if (pipe2(ends, O_NONBLOCK) != 0) exit(2);
  file = fdopen(ends[0], "r");
}

static const char *yes(int what) { return what ? "yes" : "no"; }

static void quote(const char *text) {
  size_t length = strcspn(text, "\n");
  printf("\"%.*s%s\"", (int)length, text, text[length] ? "\\n" : "");
}

static void get_line(void) {
  errno = 0;
  ssize_t count = getline(&line, &size, file);
  printf("getline: ");
  if (count < 0) {
    printf("-1, errno: %d, feof: %s\n", errno, yes(feof(file)));
  } else {
    quote(line);
    printf(", ferror: %s\n", yes(ferror(file)));
  }
}

static void f_gets(void) {
  char buffer[16];
  char *got = fgets(buffer, sizeof(buffer), file);
  printf("fgets: ");
  quote(got ? got : "NULL");
  printf(", ferror: %s\n", yes(ferror(file)));
}

static void rest(void) {
  put("lf\n");
  struct pollfd poll_it = {ends[0], POLLIN, 0};
  printf("the rest is written, poll: %s, ", poll(&poll_it, 1, 0) == 1 ? "IN" : "silent");
}

int main(void) {
  open_pipe();
  put("ha");
  get_line();
  rest();
  get_line();
  errno = 0;
  ssize_t count = getline(&line, &size, file);
  printf("getline once more: %zd, errno: %d, feof: %s\n", count, errno, yes(feof(file)));
  clearerr(file);
  printf("after clearerr, ");
  get_line();
  open_pipe();
  put("ha");
  f_gets();
  rest();
  f_gets();
  return 0;
}
END

cc -Wall -o "$temp/finding" "$temp/finding.c"
echo "$(uname -sr), $(getconf GNU_LIBC_VERSION)"
"$temp/finding" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
