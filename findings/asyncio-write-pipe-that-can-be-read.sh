#!/usr/bin/env bash
# asyncio's connect_write_pipe() closes as soon as its descriptor can be read, and says that the peer
# went; uvloop's reads what there is and hands it to the protocol.
#
# One would guess that a transport which only writes does not care what comes back: a socket whose
# peer answers, or a FIFO that is opened for reading and writing so that it outlives its readers.
#
# In fact asyncio watches the descriptor for READ to learn that a pipe's reader has gone, reads
# nothing, and takes any readiness for that, with None for an error: one byte of the peer ends the
# transport, and so do the very bytes that were written to the FIFO. uvloop stays open and takes them
# out: a FIFO's readers miss what their writer has read itself.
#
# Seen with Python 3.11.7 (and 3.13.0), uvloop 0.22.1, Linux 6.18.44:
#   asyncio, a socket, whose peer has read 5 bytes: open
#   asyncio, the peer answers with one byte: closed, connection_lost(None)
#   asyncio, a FIFO opened with O_RDWR: open
#   asyncio, 5 bytes are written to it: closed, connection_lost(None)
#   uvloop, a socket, whose peer has read 5 bytes: open
#   uvloop, the peer answers with one byte: open, data_received(1 bytes)
#   uvloop, a FIFO opened with O_RDWR: open
#   uvloop, 5 bytes are written to it: open, data_received(5 bytes)
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
import tempfile

import uvloop


class Pipe(asyncio.Protocol):
    seen = ""

    def data_received(self, data):
        self.seen = f", data_received({len(data)} bytes)"

    def connection_lost(self, error):
        self.seen = f", connection_lost({error!r})"


async def state(transport, protocol):
    for _ in range(20):
        await asyncio.sleep(0.01)
    return ("closed" if transport.is_closing() else "open") + protocol.seen


async def main(name, folder):
    loop = asyncio.get_running_loop()
    ours, peer = socket.socketpair()
    pipe = await loop.connect_write_pipe(Pipe, ours)
    pipe[0].write(b"hello")
    await state(*pipe)
    got = len(peer.recv(100))
    print(f"{name}, a socket, whose peer has read {got} bytes:", await state(*pipe))
    peer.send(b"!")
    print(name + ", the peer answers with one byte:", await state(*pipe))

    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    file = os.fdopen(os.open(fifo, os.O_RDWR | os.O_NONBLOCK), "wb", 0)
    pipe = await loop.connect_write_pipe(Pipe, file)
    print(name + ", a FIFO opened with O_RDWR:", await state(*pipe))
    pipe[0].write(b"hello")
    print(name + ", 5 bytes are written to it:", await state(*pipe))


for name, new_loop in (("asyncio", asyncio.new_event_loop), ("uvloop", uvloop.new_event_loop)):
    with tempfile.TemporaryDirectory() as folder:
        new_loop().run_until_complete(main(name, folder))
END

python3 -m pip install -q --disable-pip-version-check --root-user-action ignore \
  --target "$temp/packages" uvloop==0.22.1 >&2
echo "$(uname -sr), $(python3 --version)"
PYTHONPATH="$temp/packages" python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
