#!/usr/bin/env bash
# libevent's EV_CLOSED says nothing of a connection that is reset or of a pipe whose other end has
# gone, and its loop spins.
#
# One would guess that an event for EV_CLOSED is called when the other side is gone, however it went,
# or else that the loop goes on to sleep.
#
# In fact libevent's epoll backend hands on EV_CLOSED for RDHUP, as long as there is no ERR and HUP
# beside it: it makes of those EV_READ and EV_WRITE, which nobody asked for, and calls no one; epoll
# reports them again at once. A TCP connection that is reset and a UNIX socket that is closed with
# unread data say ERR, a pipe says HUP and no RDHUP. So the event works in every test that closes in
# good order.
#
# Seen with libevent 2.1.12 of Debian 12, Python 3.11.7, Linux 6.18.44, EV_CLOSED | EV_PERSIST for 1 s:
#   nothing happens: not called, the loop sleeps
#   TCP, the peer closes: called with EV_CLOSED
#   TCP, the peer resets: not called, the loop spins
#   UNIX stream, the peer closes: called with EV_CLOSED
#   UNIX stream, the peer closes with data unread: not called, the loop spins
#   pipe, the writer closes: not called, the loop spins
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
import os
import socket
import struct
import sys

EV_PERSIST, EV_CLOSED, FEATURE_EARLY_CLOSE = 16, 128, 8
event = ctypes.CDLL(sys.argv[1])
for name in "event_config_new", "event_base_new_with_config", "event_new":
    getattr(event, name).restype = ctypes.c_void_p
CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_short, ctypes.c_void_p)
P = ctypes.c_void_p
event.event_config_require_features.argtypes = [P, ctypes.c_int]
event.event_base_new_with_config.argtypes = [P]
event.event_new.argtypes = [P, ctypes.c_int, ctypes.c_short, CALLBACK, P]
event.event_add.argtypes = [P, P]
event.event_del.argtypes = [P]
event.event_base_loopexit.argtypes = [P, P]
event.event_base_loop.argtypes = [P, ctypes.c_int]


def awake():
    """The seconds that this thread has run, or would have if others had not."""
    with open("/proc/thread-self/schedstat") as file:
        return sum(map(int, file.read().split()[:2])) / 1e9


def look(what, descriptor):
    config = event.event_config_new()
    event.event_config_require_features(config, FEATURE_EARLY_CLOSE)
    base = event.event_base_new_with_config(config)
    seen = []

    def called(_, events, __):
        seen.append(events)
        event.event_del(watch)

    callback = CALLBACK(called)
    watch = event.event_new(base, descriptor, EV_CLOSED | EV_PERSIST, callback, None)
    event.event_add(watch, None)
    second = struct.pack("ll", 1, 0)
    event.event_base_loopexit(base, second)
    before = awake()
    event.event_base_loop(base, 0)
    spent = awake() - before
    event.event_del(watch)
    if seen:
        print(f"{what}: called with {'EV_CLOSED' if seen[0] == EV_CLOSED else seen[0]}")
    else:
        print(f"{what}: not called, the loop {'spins' if spent > 0.5 else 'sleeps'}")


def tcp():
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = socket.create_connection(server.getsockname())
        return server.accept()[0], peer


ours, peer = tcp()
look("nothing happens", ours.fileno())
peer.close()
look("TCP, the peer closes", ours.fileno())
ours, peer = tcp()
peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
peer.close()
look("TCP, the peer resets", ours.fileno())
ours, peer = socket.socketpair()
peer.close()
look("UNIX stream, the peer closes", ours.fileno())
ours, peer = socket.socketpair()
ours.send(b"x")
peer.close()
look("UNIX stream, the peer closes with data unread", ours.fileno())
readable, writable = os.pipe()
os.close(writable)
look("pipe, the writer closes", readable)
END

package=libevent-core-2.1-7=2.1.12-stable-8+deb12u1
(
  cd "$temp"
  apt-get download -qq "$package" 2>/dev/null ||
    { apt-get update -qq && apt-get download -qq "$package"; }
  dpkg-deb -x libevent-core-2.1-7_*.deb libevent
) >"$temp/install.log" 2>&1 || { cat "$temp/install.log" >&2 && exit 2; }
echo "$(uname -sr), $(python3 --version), ${package/=/ }"
python3 "$temp/finding.py" "$(find "$temp/libevent" -name 'libevent_core-2.1.so.7')" |
  tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
