#!/usr/bin/env bash
# A selector takes a channel that epoll refuses without a word, and never reports it.
#
# One would guess that a channel of jdk.nio.Channels over a regular file, which epoll refuses with
# EPERM, is refused by register() or by the next select; or is always ready, as with poll. And that
# once a key is cancelled, another channel over the same descriptor may take its place.
#
# In fact the selector ignores what epoll_ctl says. The file's key is valid, and never ready. And
# as additions are made before cancelled keys are removed, the addition of the second channel is
# EEXIST, and then the first one's removal takes the descriptor out: its key is never ready either,
# though there is a byte to read. Select once between cancel and register, and it is.
#
# Seen with JDK 17.0.15 and 25.0.3, Linux 6.18.44:
#   regular file: registered, key valid, ready 0
#   pipe: ready 1
#   pipe, cancelled and registered anew as another channel: key valid, ready 0
#   the same with a select between: key valid, ready 1
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
import java.nio.channels.*;

class Finding {
  static final jdk.nio.Channels.SelectableChannelCloser NONE =
      new jdk.nio.Channels.SelectableChannelCloser() {
        public void implCloseChannel(SelectableChannel channel) {}

        public void implReleaseChannel(SelectableChannel channel) {}
      };

  static SelectableChannel channel(FileDescriptor descriptor) throws IOException {
    var channel = jdk.nio.Channels.readWriteSelectableChannel(descriptor, NONE);
    channel.configureBlocking(false);
    return channel;
  }

  /** Has half a second. */
  static String ready(Selector selector) throws IOException {
    var ready = new int[1];
    selector.select(key -> ready[0]++, 500);
    return "ready " + ready[0];
  }

  public static void main(String[] arguments) throws Exception {
    try (var selector = Selector.open();
        var file = new FileInputStream(arguments[0])) {
      var key = channel(file.getFD()).register(selector, SelectionKey.OP_READ);
      var ready = ready(selector);
      System.out.println("regular file: registered, key " + valid(key) + ", " + ready);
    }
    for (var between : new boolean[] {false, true}) {
      try (var selector = Selector.open()) {
        var key = channel(FileDescriptor.in).register(selector, SelectionKey.OP_READ);
        var first = ready(selector);
        if (!between) System.out.println("pipe: " + first);
        key.cancel();
        if (between) selector.selectNow();
        var another = channel(FileDescriptor.in).register(selector, SelectionKey.OP_READ);
        var ready = ready(selector);
        System.out.println(
            (between
                    ? "the same with a select between"
                    : "pipe, cancelled and registered anew as another channel")
                + (": key " + valid(another) + ", " + ready));
      }
    }
  }

  static String valid(SelectionKey key) {
    return key.isValid() ? "valid" : "not valid";
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$(uname -sr), $("$java" --version | sed -n 2p)"
echo | "$java" "$temp/Finding.java" "$temp/Finding.java" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
