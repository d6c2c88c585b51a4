#!/usr/bin/env bash
# asyncio's connect_write_pipe() closes as soon as its descriptor can be read, and says that the peer
# went.
#
# One would guess that a transport which only writes does not care what comes back: a socket whose
# peer answers, or a FIFO that is opened for reading and writing so that it outlives its readers.
#
# In fact the transport watches its descriptor for READ to learn that a pipe's reader has gone, reads
# nothing, and takes any readiness for that. One byte of the peer ends it; a FIFO opened with O_RDWR
# is ended by the very bytes that were written to it. connection_lost() gets None, as for a regular
# end.
#
# Seen with Linux 6.18.44 and Python 3.11.7 (and 3.13.0):
#   a socket, whose peer has read 5 bytes: open
#   the peer answers with one byte: closed, connection_lost(None)
#   a FIFO opened with O_RDWR: open
#   5 bytes are written to it: closed, connection_lost(None)
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

cat >"$temp/finding.py" <<'END'
import asyncio
import os
import socket
import tempfile


class Pipe(asyncio.BaseProtocol):
    ending = ""

    def connection_lost(self, error):
        self.ending = f", connection_lost({error!r})"


async def state(transport, protocol):
    for _ in range(20):
        await asyncio.sleep(0.01)
    return ("closed" if transport.is_closing() else "open") + protocol.ending


async def main(folder):
    loop = asyncio.get_running_loop()
    ours, peer = socket.socketpair()
    pipe = await loop.connect_write_pipe(Pipe, ours)
    pipe[0].write(b"hello")
    got = len(peer.recv(100))
    print(f"a socket, whose peer has read {got} bytes:", await state(*pipe))
    peer.send(b"!")
    print("the peer answers with one byte:", await state(*pipe))

    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    file = os.fdopen(os.open(fifo, os.O_RDWR | os.O_NONBLOCK), "wb", 0)
    pipe = await loop.connect_write_pipe(Pipe, file)
    print("a FIFO opened with O_RDWR:", await state(*pipe))
    pipe[0].write(b"hello")
    print("5 bytes are written to it:", await state(*pipe))


with tempfile.TemporaryDirectory() as folder:
    asyncio.run(main(folder))
END

echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
