#!/usr/bin/env bash
# uvloop's add_writer() tells of a reader that went once, and never again; asyncio's goes on.
#
# One would guess that uvloop, which is put in place of asyncio's loop by one line, calls a reader or
# writer for as long as its descriptor is ready, whatever the cause.
#
# In fact libuv stops watching a descriptor for which the kernel reports an error condition: the
# callback runs once (libuv gives it EBADF, which uvloop drops), then the loop is deaf for it until
# the next add_writer or add_reader. Who does not write at the first call, because he has nothing to
# say yet, waits for ever. The same holds of a refused connect. A hang-up without an error goes on in
# both.
#
# Seen with uvloop 0.22.1, Python 3.11.7, Linux 6.18.44, calls within 0.2 s:
#   pipe's write end, its reader gone, add_writer: asyncio: many, uvloop: 1
#   pipe's write end, its reader gone, add_reader: asyncio: many, uvloop: 1
#   refused connect, add_writer: asyncio: many, uvloop: 1
#   pipe's read end, its writer gone, add_reader: asyncio: many, uvloop: many
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
import os
import socket

import uvloop


async def calls(descriptor, kind):
    loop = asyncio.get_running_loop()
    count = 0

    def called():
        nonlocal count
        count += 1

    getattr(loop, "add_" + kind)(descriptor, called)
    await asyncio.sleep(0.2)
    getattr(loop, "remove_" + kind)(descriptor)
    return "many" if count > 3 else str(count)


def look(what, descriptor, kind):
    on_asyncio = asyncio.new_event_loop().run_until_complete(calls(descriptor, kind))
    on_uvloop = uvloop.new_event_loop().run_until_complete(calls(descriptor, kind))
    print(f"{what}, add_{kind}: asyncio: {on_asyncio}, uvloop: {on_uvloop}")


readable, writable = os.pipe()
os.close(readable)
look("pipe's write end, its reader gone", writable, "writer")
look("pipe's write end, its reader gone", writable, "reader")

server = socket.create_server(("127.0.0.1", 0))
address = server.getsockname()
server.close()
results = []
for loop in (asyncio.new_event_loop(), uvloop.new_event_loop()):
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(address)
    results.append(loop.run_until_complete(calls(client.fileno(), "writer")))
print(f"refused connect, add_writer: asyncio: {results[0]}, uvloop: {results[1]}")

readable, writable = os.pipe()
os.close(writable)
look("pipe's read end, its writer gone", readable, "reader")
END

python3 -m pip install -q --disable-pip-version-check --root-user-action ignore \
  --target "$temp/packages" uvloop==0.22.1 >&2
echo "$(uname -sr), $(python3 --version)"
PYTHONPATH="$temp/packages" python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
