#!/usr/bin/env bash
# Under uvloop a child's pipes are sockets: it cannot open /dev/stdin, /dev/stdout or /dev/stderr.
#
# One would guess that subprocess.PIPE means a pipe, as it does with subprocess and with asyncio, whose
# loop uvloop is put in place of by one line.
#
# In fact libuv makes pairs of UNIX sockets, and a socket cannot be opened by its name in /proc: a shell
# that writes "> /dev/stderr", cat /dev/stdin and tee /dev/stderr fail with ENXIO, where the same
# command, run under asyncio or from a shell, works. What was made for pipes alone, as F_SETPIPE_SZ or
# tee(2), fails, too.
#
# Seen with uvloop 0.22.1, Python 3.11.7, Linux 6.18.44:
#   asyncio: stdin, stdout, stderr: pipe, pipe, pipe
#   asyncio: echo > /dev/stdout: status 0
#   asyncio: cat /dev/stdin: status 0
#   uvloop: stdin, stdout, stderr: socket, socket, socket
#   uvloop: echo > /dev/stdout: status 2, No such device or address
#   uvloop: cat /dev/stdin: status 1, No such device or address
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/finding.py" <<'END'
import asyncio
import sys
from asyncio.subprocess import PIPE

import uvloop

KINDS = "import os, stat; print(*(next(k for k, t in (('pipe', stat.S_ISFIFO), " \
    "('socket', stat.S_ISSOCK), ('other', bool)) if t(os.fstat(d).st_mode)) for d in range(3)), sep=', ')"


async def run(*command):
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    output, errors = await child.communicate(b"input\n")
    return child.returncode, output.decode(), errors.decode()


async def look(name):
    print(f"{name}: stdin, stdout, stderr: {(await run(sys.executable, '-c', KINDS))[1]}", end="")
    for script in "echo > /dev/stdout", "cat /dev/stdin":
        status, _, errors = await run("sh", "-c", script)
        reason = ", " + errors.strip().rsplit(": ", 1)[-1] if errors else ""
        print(f"{name}: {script}: status {status}{reason}")


asyncio.new_event_loop().run_until_complete(look("asyncio"))
uvloop.new_event_loop().run_until_complete(look("uvloop"))
END

python3 -m pip install -q --disable-pip-version-check --root-user-action ignore \
  --target "$temp/packages" uvloop==0.22.1 >&2
echo "$(uname -sr), $(python3 --version)"
LC_ALL=C PYTHONPATH="$temp/packages" python3 -W ignore "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
