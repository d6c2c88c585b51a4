#!/usr/bin/env bash
# On JDK 17 a JVM opens files all the time that it compiles methods: a number that a program has just closed
# may be open again at once, though nobody else in the program opens anything.
#
# One would guess that the code that runs decides what is open: once all classes are loaded, a number that
# one thread closes stays free until some thread opens a file.
#
# In fact each method that is compiled has the compiler's thread ask how much memory there is, to know how
# many compilers there may be, and in a control group two files say so, which are opened for that each time.
# They get the lowest free numbers. So a program that closes a number and lets dup2(2) take it again, or looks
# whether it is closed, may meet one of them; and what is counted as open is one more now and then.
# -XX:-UseDynamicNumberOfCompilerThreads keeps the JVM from asking, and JDK 25 hardly asks.
#
# Seen with JDK 17.0.15, Linux 6.18.44, strace 6.1, in a control group:
#   3,000 times the same class: files of the control group are opened more than 100 times
#   with -XX:-UseDynamicNumberOfCompilerThreads: less than 100 times
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
class Finding {
  /** Something to compile, once more for each class loader. */
  public static class Work implements Runnable {
    public void run() {
      int sum = 0;
      for (int i = 0; i < 20_000; i++) {
        sum = add(sum, i);
      }
    }

    int add(int one, int other) {
      return one + other;
    }
  }

  static final class Loader extends ClassLoader {
    Class<?> define(byte[] code) {
      return defineClass("Finding$Work", code, 0, code.length);
    }
  }

  public static void main(String[] arguments) throws Exception {
    byte[] code = Finding.class.getResourceAsStream("Finding$Work.class").readAllBytes();
    for (int i = 0; i < 3000; i++) {
      ((Runnable) new Loader().define(code).getConstructor().newInstance()).run();
    }
  }
}
END

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$(uname -sr), $("$java" --version | sed -n 2p), $(strace --version | head -n 1)"
"${java}c" -d "$temp" "$temp/Finding.java"
count() { # OPTION...
  strace -f -qq -e trace=openat -o "$temp/trace" "$java" "$@" -cp "$temp" Finding
  [[ $(grep -c '"/sys/fs/cgroup/' "$temp/trace") -gt 100 ]] && echo more || echo less
}
{
  echo "3,000 times the same class: files of the control group are opened $(count) than 100 times"
  option=-XX:-UseDynamicNumberOfCompilerThreads
  echo "with $option: $(count $option) than 100 times"
} | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
