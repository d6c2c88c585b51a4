#!/usr/bin/env bash
# A JVM that is allowed native access on its command line builds its modules anew at each start.
#
# One would guess that --enable-native-access, which Java's warnings ask for since 24, sets a mark that
# costs nothing, as it does when a jar's manifest says Enable-Native-Access.
#
# In fact a JVM takes its modules from the JDK's archive of classes only if that was made with the same
# option. The option on the command line makes all 61 of them (with the JDK named below) at start, which
# takes 6 ms of the processor on a machine where an empty main takes 36, on every start. The manifest's
# attribute is read later, and costs nothing.
#
# Seen with Temurin 25.0.3 (and OpenJDK 17.0.15, where the manifest has no such attribute), Linux 6.18.44:
#   nothing: full module graph: enabled
#   the manifest's Enable-Native-Access: full module graph: enabled
#   --enable-native-access=ALL-UNNAMED: full module graph: disabled
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
  public static void main(String[] arguments) {}
}
END

bin=${JAVA_HOME:+$JAVA_HOME/bin/}
"${bin}javac" -d "$temp" "$temp/Finding.java"
echo "Enable-Native-Access: ALL-UNNAMED" >"$temp/manifest"
"${bin}jar" cfe "$temp/plain.jar" Finding -C "$temp" Finding.class
"${bin}jar" cfme "$temp/allowed.jar" "$temp/manifest" Finding -C "$temp" Finding.class
# look WHAT OPTIONS...
look() {
  echo "$1: $("${bin}java" -Xlog:cds=info:stdout:none "${@:2}" | grep "^full module graph: ")"
}
echo "$(uname -sr), $("${bin}java" -version 2>&1 | sed -n 2p)"
{
  look nothing -jar "$temp/plain.jar"
  look "the manifest's Enable-Native-Access" -jar "$temp/allowed.jar"
  look --enable-native-access=ALL-UNNAMED --enable-native-access=ALL-UNNAMED -jar "$temp/plain.jar"
} | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
