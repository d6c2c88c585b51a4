#!/usr/bin/env bash
# A tun device that epoll watches before TUNSETIFF never tells of a packet.
#
# One would guess that the order does not matter: a descriptor that is registered is watched, whatever
# is done to it then, as a socket may be registered before it is connected.
#
# In fact a /dev/net/tun without an interface says ERR to every poll, and has no queue that one could
# wait in; epoll looks for that once, when the descriptor is registered. So it reports ERR until there
# is an interface, and nothing ever after, though packets are there to be read: poll(2) says so at the
# same time. To modify the registration looks once, and mends nothing; to remove and add it does.
#
# Seen as root with Linux 6.18.44 and Python 3.11.7, a packet sent to an address of the interface:
#   registered before TUNSETIFF: epoll: ERR; with a packet: epoll: silent, poll: IN
#   modified when the packet was there: epoll: IN; the next packet: epoll: silent, poll: IN
#   registered after TUNSETIFF; with a packet: epoll: IN, poll: IN
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
import fcntl
import os
import select
import socket
import struct

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8916, 0x891C, 0x8914, 0x1, 0x40
NAME = b"finding0"


def bring_up(device, sender):
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", NAME, IFF_TUN | IFF_NO_PI))
    for request, address in ((SIOCSIFADDR, "198.18.7.1"), (SIOCSIFNETMASK, "255.255.255.0")):
        packed = struct.pack("16sHH4s16x", NAME, socket.AF_INET, 0, socket.inet_aton(address))
        fcntl.ioctl(sender, request, packed)
    fcntl.ioctl(sender, SIOCSIFFLAGS, struct.pack("16sH22x", NAME, IFF_UP | IFF_RUNNING))


def names(found):
    events = found[0][1] if found else 0
    return " ".join(name for name, bit in (("IN", select.POLLIN), ("ERR", select.POLLERR)) if events & bit) or "silent"


def by_poll(device, timeout):
    poll = select.poll()
    poll.register(device, select.POLLIN)
    return names(poll.poll(timeout))


def drain(device):
    """Until the system has sent what it sends by itself."""
    while by_poll(device, 500) == "IN":
        os.read(device, 2000)


def send(sender, device, epoll):
    """Sends a packet after epoll has seen that there was none, and returns when it is there."""
    drain(device)
    epoll.poll(0.1)
    sender.sendto(b"x", ("198.18.7.2", 9))
    by_poll(device, 10_000)


for before in (True, False):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, select.epoll() as epoll:
        if before:
            epoll.register(device, select.EPOLLIN)
            seen = f"registered before TUNSETIFF: epoll: {names(epoll.poll(1))}"
            bring_up(device, sender)
        else:
            bring_up(device, sender)
            epoll.register(device, select.EPOLLIN)
            seen = "registered after TUNSETIFF"
        send(sender, device, epoll)
        print(f"{seen}; with a packet: epoll: {names(epoll.poll(1))}, poll: {by_poll(device, 0)}")
        if before:
            epoll.modify(device, select.EPOLLIN)
            modified = f"modified when the packet was there: epoll: {names(epoll.poll(1))}"
            send(sender, device, epoll)
            print(f"{modified}; the next packet: epoll: {names(epoll.poll(1))}, poll: {by_poll(device, 0)}")
    os.close(device)
END

[[ -w /dev/net/tun && $EUID -eq 0 ]] || { echo "It needs root, and /dev/net/tun." >&2 && exit 2; }
echo "$(uname -sr), $(python3 --version)"
python3 "$temp/finding.py" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
