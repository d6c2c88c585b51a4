#!/usr/bin/env bash
# On JDK 17 a FileInputStream of a pipe has no readAllBytes() and no readNBytes(): both fail with "Illegal
# seek", before they read a byte. The same stream inside a BufferedInputStream has both.
#
# One would guess that what InputStream offers works with each of its subclasses, that a method which reads
# asks for no position, and that a buffer around a stream makes it quicker, and no more than that.
#
# In fact FileInputStream has both methods since JDK 17 for the sake of speed, and they ask for the position
# of the file first, which a pipe, a named pipe and a terminal do not have. read(byte[]) is as it was. The
# Javadoc of JDK 17 says nothing of it. JDK 24 has it cured (JDK-8341666), and so has JDK 25.
#
# Seen with JDK 17.0.15, Linux 6.18.44:
#   readAllBytes of a pipe: java.io.IOException: Illegal seek
#   readNBytes of a pipe: java.io.IOException: Illegal seek
#   read of the same pipe: 4 bytes
#   readAllBytes of a pipe in a BufferedInputStream: 4 bytes
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

cat >"$temp/Finding.java" <<'END'
import java.io.*;

class Finding {
  interface Reading {
    int read() throws IOException;
  }

  static void say(String what, Reading reading) {
    String outcome;
    try {
      outcome = reading.read() + " bytes";
    } catch (IOException e) {
      outcome = e.toString();
    }
    System.out.println(what + ": " + outcome);
  }

  public static void main(String[] arguments) {
    InputStream pipe = new FileInputStream(FileDescriptor.in);
    if (arguments[0].equals("bare")) {
      say("readAllBytes of a pipe", () -> pipe.readAllBytes().length);
      say("readNBytes of a pipe", () -> pipe.readNBytes(4).length);
      say("read of the same pipe", () -> pipe.read(new byte[100]));
    } else {
      InputStream buffered = new BufferedInputStream(pipe);
      say("readAllBytes of a pipe in a BufferedInputStream", () -> buffered.readAllBytes().length);
    }
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
for how in bare buffered; do
  printf 'four' | "$java" "$temp/Finding.java" "$how"
done | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
