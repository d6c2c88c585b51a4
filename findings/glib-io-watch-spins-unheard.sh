#!/usr/bin/env bash
# GLib's g_io_add_watch() for G_IO_IN spins when the writer goes, and calls nobody.
#
# One would guess that a watch for G_IO_IN is called at the end of a pipe, as a poll for POLLIN
# returns and a read then gives 0, or else that the main loop goes back to sleep.
#
# In fact Linux reports the end of an empty pipe as HUP without IN, the watch passes on only what it
# was asked for, and poll goes on reporting it: each turn of the loop comes back at once and calls no
# one. The same holds of a channel whose descriptor was closed. g_unix_fd_add(), its younger sister,
# hands on whatever poll says. Ask a watch for G_IO_HUP | G_IO_ERR | G_IO_NVAL, too.
#
# Seen with GLib 2.74.6 of Debian 12, Python 3.11.7, Linux 6.18.44, within 0.5 s:
#   g_io_add_watch, the writer went: not called, turns of the loop: thousands
#   g_io_add_watch for HUP, too: called with HUP
#   g_io_add_watch, the descriptor was closed: not called, turns of the loop: thousands
#   g_unix_fd_add, the writer went: called with HUP
#   g_unix_fd_add, the descriptor was closed: called with NVAL
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
import sys
import time

IN, ERR, HUP, NVAL = 1, 8, 16, 32
NAMES = {1: "IN", 8: "ERR", 16: "HUP", 32: "NVAL"}
glib = ctypes.CDLL(sys.argv[1])
for name in "main_context_new", "unix_fd_source_new", "io_channel_unix_new", "io_create_watch", \
        "timeout_source_new":
    getattr(glib, "g_" + name).restype = ctypes.c_void_p
glib.g_io_create_watch.argtypes = [ctypes.c_void_p, ctypes.c_int]
glib.g_source_set_callback.argtypes = [ctypes.c_void_p] * 4
glib.g_source_attach.argtypes = [ctypes.c_void_p] * 2
glib.g_source_destroy.argtypes = [ctypes.c_void_p]
glib.g_main_context_iteration.argtypes = [ctypes.c_void_p, ctypes.c_int]
ON_DESCRIPTOR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
ON_CHANNEL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
ON_TIME = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


def attach(source, callback, context):
    glib.g_source_set_callback(source, ctypes.cast(callback, ctypes.c_void_p), None, None)
    glib.g_source_attach(source, context)


def look(what, watch, asked, close_it):
    seen = set()
    context = glib.g_main_context_new()
    readable, writable = os.pipe()
    if watch == "g_io_add_watch":
        source = glib.g_io_create_watch(glib.g_io_channel_unix_new(readable), asked)
        callback = ON_CHANNEL(lambda _, events, __: seen.add(events) or 1)
    else:
        source = glib.g_unix_fd_source_new(readable, asked)
        callback = ON_DESCRIPTOR(lambda _, events, __: seen.add(events) or 1)
    attach(source, callback, context)
    end = ON_TIME(lambda _: 1)  # so that a loop that sleeps wakes, too
    attach(glib.g_timeout_source_new(100), end, context)
    os.close(readable if close_it else writable)
    turns, stop = 0, time.monotonic() + 0.5
    while time.monotonic() < stop:
        glib.g_main_context_iteration(context, 1)
        turns += 1
    glib.g_source_destroy(source)
    if seen:
        events = seen.pop()
        names = [name for bit, name in NAMES.items() if events & bit]
        print(f"{what}: called with {' '.join(names)}")
    else:
        print(f"{what}: not called, turns of the loop: {'thousands' if turns > 2000 else turns}")


look("g_io_add_watch, the writer went", "g_io_add_watch", IN, False)
look("g_io_add_watch for HUP, too", "g_io_add_watch", IN | HUP, False)
look("g_io_add_watch, the descriptor was closed", "g_io_add_watch", IN, True)
look("g_unix_fd_add, the writer went", "g_unix_fd_add", IN, False)
look("g_unix_fd_add, the descriptor was closed", "g_unix_fd_add", IN, True)
END

package=libglib2.0-0=2.74.6-2+deb12u9
(
  cd "$temp"
  apt-get download -qq "$package" 2>/dev/null ||
    { apt-get update -qq && apt-get download -qq "$package"; }
  dpkg-deb -x libglib2.0-0_*.deb glib
) >"$temp/install.log" 2>&1 || { cat "$temp/install.log" >&2 && exit 2; }
echo "$(uname -sr), $(python3 --version), ${package/=/ }"
python3 "$temp/finding.py" "$(find "$temp/glib" -name 'libglib-2.0.so.0')" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
