#!/usr/bin/env bash
# Where SIGCHLD is ignored, which a process inherits from whoever starts it, Python's subprocess says
# that a command which failed has succeeded.
#
# One would guess that a child's status does not depend on a signal setting of the parent's parent: a
# runtime that starts processes sets SIGCHLD as it needs it, as the JDK, Perl and the shells do, or
# says that it does not know.
#
# In fact the kernel throws away the status of a child whose parent ignores SIGCHLD, waitpid() says
# ECHILD, and subprocess makes a 0 of that, so that run(check=True) is content. asyncio makes it 255,
# with a warning in its log, and os.system() -1. uvloop, which is put in place of asyncio's loop by one
# line, knows the status. Set SIGCHLD to SIG_DFL first.
#
# Seen with Python 3.11.7, uvloop 0.22.1, bash 5.2, Perl 5.36, JDK 17.0.15, Linux 6.18.44, for "exit 3":
#   SIGCHLD at its default: subprocess: 3, os.system: 3, asyncio: 3, uvloop: 3
#   SIGCHLD ignored: subprocess: 0, os.system: -1, asyncio: 255, uvloop: 3
#   SIGCHLD ignored: bash: 3
#   SIGCHLD ignored: Perl: 3
#   SIGCHLD ignored: JDK: 3
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/start.py" <<'END'
import os
import signal
import sys

signal.signal(signal.SIGCHLD, signal.SIG_DFL if sys.argv[1] == "default" else signal.SIG_IGN)
os.execvp(sys.argv[2], sys.argv[2:])
END
cat >"$temp/finding.py" <<'END'
import asyncio
import logging
import os
import subprocess

import uvloop

logging.disable()
COMMAND = ["sh", "-c", "exit 3"]


async def run():
    child = await asyncio.create_subprocess_exec(*COMMAND)
    return await child.wait()


status = os.system("exit 3")
print(", ".join((
    f"subprocess: {subprocess.run(COMMAND).returncode}",
    f"os.system: {status if status < 0 else os.waitstatus_to_exitcode(status)}",
    f"asyncio: {asyncio.new_event_loop().run_until_complete(run())}",
    f"uvloop: {uvloop.new_event_loop().run_until_complete(run())}",
)))
END
cat >"$temp/Finding.java" <<'END'
class Finding {
  public static void main(String[] arguments) throws Exception {
    System.out.println(new ProcessBuilder("sh", "-c", "exit 3").start().waitFor());
  }
}
END

python3 -m pip install -q --disable-pip-version-check --root-user-action ignore \
  --target "$temp/packages" uvloop==0.22.1 >&2
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
python=$(python3 -c 'import sys; print(sys.executable)') # a shell in between would reset SIGCHLD
echo "$(uname -sr), $(python3 --version), bash ${BASH_VERSION%%(*}, $("$java" --version | sed -n 2p)"
with() { PYTHONPATH=$temp/packages "$python" -W ignore "$temp/start.py" "$@"; }
{
  echo "SIGCHLD at its default: $(with default "$python" -W ignore "$temp/finding.py")"
  echo "SIGCHLD ignored: $(with ignored "$python" -W ignore "$temp/finding.py")"
  echo "SIGCHLD ignored: bash: $(with ignored bash -c 'sh -c "exit 3"; echo $?')"
  echo "SIGCHLD ignored: Perl: $(with ignored perl -e 'print system("sh", "-c", "exit 3") >> 8')"
  echo "SIGCHLD ignored: JDK: $(with ignored "$java" "$temp/Finding.java")"
} | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
