# Sourced by scripts/test: what its runs are, and how one is done.

reports=target/test-reports
emulations=target/emulations
under_test=target/classes # with the library
# What a kernel that is like another one may do otherwise.
kernel_tests="AwaiterReuseTest AwaiterTest ChildInputTest CloseRaceTest FallbackTest KernelRefusalTest
  KqueueSelectorTest KqueueTest LostDescriptorTest NestedSelectorTest PriorityAndHangupTest ReadinessTest
  ReopenedNumberTest TimeoutTest"
thread_tests="AwaiterRaceTest CloseRaceTest CloseTest InterruptTest RegistrationRaceTest StaleEventsTest
  ThreadContractTest WakeupTest"
limit=1800 # seconds for a run; then its threads are in its log

# Those that every Java has in every turn, and those that one Java has, and another in the next turn.
every_turn="all-mechanisms threads-at-full-speed interposed model-of-five-mechanisms"
in_turn="kqueue-of-freebsd devpoll-of-solaris epoll-eager interposed-eager interposed-kqueue interposed-devpoll poll
  kqueue-of-netbsd kqueue-of-openbsd devpoll-of-illumos select membarrier-fails-with-ENOSYS
  membarrier-fails-with-EPERM epoll kqueue-of-netbsd-11 kqueue-of-macos"

# The mechanism that a run forces, if any.
mechanism_of() { # NAME
  case $1 in
    *kqueue*) echo kqueue ;;
    *devpoll*) echo devpoll ;;
    epoll | epoll-eager | interposed-eager | membarrier-*) echo epoll ;;
    poll | select) echo "$1" ;;
  esac
}

# The test classes of a run, where those are not all.
classes_of() { # NAME
  case $1 in
    # What threads do to each other, at the speed of a benchmark: -Xcheck:jni slows each call down. And the
    # threads' fences, where the kernel is old or a filter refuses.
    threads-* | membarrier-*) echo $thread_tests ;;
    model-*) echo ModelTest ;;
    kqueue-of-netbsd-11 | kqueue-of-macos) echo $kernel_tests ;;
  esac
}

# Sets the options of a run's JVM and of JUnit's console.
describe() { # NAME
  local mechanism library= required=epoll,poll,select
  mechanism=$(mechanism_of "$1")
  jvm=("${check_jni[@]}")
  junit=(--exclude-tag interposed)
  case $1 in
    all-mechanisms) jvm+=("-Dselectors4j.test.lacking=$PWD/$emulations/lacking") ;;
    threads-*) jvm=("${check_jni[@]:1}") ;;
    membarrier-fails-with-*)
      jvm=("${check_jni[@]:1}" "-Dselectors4j.test.membarrier=${1##*-}")
      library=$interposed
      ;;
    model-* | kqueue-of-freebsd | kqueue-of-macos | devpoll-*) library=$emulations/freebsd ;;
    kqueue-of-*) library=$emulations/${1#kqueue-of-} ;;
    # The faults, and the tests with threads once more: whose descriptors the library touches.
    interposed | interposed-eager) library=$interposed ;;
    interposed-*) library=$interposed_emulation ;;
  esac
  case $1 in
    # An epoll set that asks for a key by poll as soon as it was ready, and one that never does.
    *-eager | model-*) jvm+=(-Dselectors4j.adaptive=eager) ;;
    epoll) jvm+=(-Dselectors4j.adaptive=false) ;;
  esac
  case $1 in
    interposed*) junit=(--include-tag "interposed | interposed-too") ;;
    epoll | epoll-eager | poll | select | kqueue-* | devpoll-*)
      # without the tests to which a forced mechanism makes no difference
      junit+=(--exclude-tag mechanism-independent)
      ;;
  esac
  case $library in
    *emulations*) required+=,kqueue,devpoll ;;
  esac
  jvm+=($no_files_of_compilers ${mechanism:+-Dselectors4j.mechanism=$mechanism}
    ${library:+"-Dselectors4j.library.path=$PWD/$library"} -Dselectors4j.test.required=$required)
}

# Whether a run has a class of that name, by the class's tag.
has_class() { # NAME CLASS
  local jvm junit tag file
  describe "$1"
  while read -r file; do
    tag=$(sed -nE 's/^@Tag\("?([^")]*)"?\)/\1/p' "$file")
    case $tag in
      Interposed.ONLY) tag=interposed ;;
      Interposed.TOO) tag=interposed-too ;;
    esac
    if [[ ${junit[0]} == --include-tag ]]; then
      [[ -n $tag && " ${junit[1]} " == *" $tag "* ]] && return
    else
      [[ -z $tag || " ${junit[*]} " != *" $tag "* ]] && return
    fi
  done < <(find java/test -name "$2.java")
  return 1
}

# Prints "passed failed skipped" of a report.
count() { # REPORT
  awk '
    function attribute(name) {
      match($0, " " name "=\"[0-9]+")
      return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
    }
    /^<testsuite / {
      bad = attribute("errors") + attribute("failures")
      skipped = attribute("skipped")
      print attribute("tests") - bad - skipped, bad, skipped
      exit
    }' "$1"
}

# Writes "passed failed skipped" of one run to its folder, as verdict, and beside it what there is to say. A
# JVM that dies and JNI warnings are a failure each.
run() { # HOME FOLDER NAME TEST...
  local home=$1 folder=$PWD/$2 name=$3 passed=0 failed=0 skipped=0 status=0 jvm junit
  rm -rf "$folder" && mkdir -p "$folder"
  describe "$name"
  [[ $name != devpoll-of-* ]] || export SELECTORS4J_DEVPOLL_MODEL=${name##*-}
  [[ $name != kqueue-of-macos ]] || export SELECTORS4J_KQUEUE_MODEL=macos
  timeout --foreground --signal=QUIT --kill-after=20 $limit "$home/bin/java" -ea "${jvm[@]}" \
    "-XX:LogFile=$folder/%p.vmlog" "-XX:ErrorFile=$folder/hs_err_%p.log" --enable-native-access=ALL-UNNAMED \
    "-Dselectors4j.test.library=$PWD/target/test-native/libselectors4jtest.so" \
    "-Dselectors4j.test.jdk=$(build_jdk)" \
    -cp "$PWD/$under_test:$PWD/target/test-classes:$(<build/test.classpath)" \
    org.junit.platform.console.ConsoleLauncher execute --scan-classpath "$PWD/target/test-classes" \
    "${junit[@]}" "${@:4}" --fail-if-no-tests --disable-banner --disable-ansi-colors \
    --details=testfeed --reports-dir "$folder" >"$folder/log" 2>&1 || status=$?
  if [[ -s $folder/TEST-junit-jupiter.xml ]]; then
    read -r passed failed skipped < <(count "$folder/TEST-junit-jupiter.xml")
  fi
  {
    failing_tests "$folder/log"
    if [[ $status -eq 2 && $# -gt 3 ]]; then
      status=0 # not a test of this run
    elif [[ $passed -eq 0 || ($status -ne 0 && $failed -eq 0) ]]; then
      failed=$((failed + 1))
      echo "The JVM ended with $status: $folder/log"
      tail -n 30 "$folder/log"
    fi
    no_jni_warnings "$folder"/*.vmlog || failed=$((failed + 1))
  } >"$folder/complaints"
  echo "$passed $failed $skipped" >"$folder/verdict"
}

# What the log says of each failure, without the stack's frames that are not ours; and the model's figures.
failing_tests() { # LOG
  awk '
    /^model: / { print }
    / :: FAILED$/ {
      sub(/^JUnit Jupiter > /, "[ERROR] ")
      sub(/ :: FAILED$/, "")
      print
      failed = 1
      next
    }
    !/^\t/ { failed = 0 }
    failed && !/^\t+at (org\.junit|java|jdk)/ { print }' "$1"
}
