#!/usr/bin/env bash
# qemu-user reads the name of a message queue from the byte before the one that it is given.
#
# One would guess that the system call mq_open takes a queue's name as the kernel takes it, from the
# byte that the argument points to: "queue".
#
# In fact qemu-user calls its own C library's mq_open with that address less one. A C library's
# mq_open("/queue") has just stepped over the slash, so that this finds it again; but where a program
# makes the system call itself, with a name that stands alone, what happens to stand in front becomes
# part of the name: as a rule EINVAL. The same for mq_unlink.
#
# Seen with qemu-user 7.2.22 (Debian 12) and Linux 6.18.44:
#   Linux, a slash in front of the name: opened
#   Linux, another byte in front of the name: opened
#   qemu-user, a slash in front of the name: opened
#   qemu-user, another byte in front of the name: Invalid argument
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
for program in gcc "qemu-$(uname -m)-static"; do
  [[ -n $(command -v "$program") ]] || { echo "It needs $program (Debian: gcc, qemu-user-static)." >&2 && exit 2; }
done
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

cat >"$temp/finding.c" <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void try(const char *system, const char *what, char before) {
    char memory[64];
    struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 1};
    snprintf(memory, sizeof memory, "%cfinding-%d", before, (int)getpid());
    long queue = syscall(SYS_mq_open, memory + 1, O_CREAT | O_RDWR, 0600, &attributes);
    printf("%s, %s in front of the name: %s\n", system, what, queue < 0 ? strerror(errno) : "opened");
    if (queue >= 0) {
        syscall(SYS_mq_unlink, memory + 1);
    }
}

int main(int count, char **arguments) {
    (void)count;
    try(arguments[1], "a slash", '/');
    try(arguments[1], "another byte", 'x');
    return 0;
}
END

echo "$(uname -sr), $("qemu-$(uname -m)-static" --version | head -1)"
gcc -O1 -static "$temp/finding.c" -o "$temp/finding"
{
  "$temp/finding" Linux
  "qemu-$(uname -m)-static" "$temp/finding" qemu-user
} | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
