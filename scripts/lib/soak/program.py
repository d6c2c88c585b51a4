"""A soaked program's process, and what it takes: heap, native memory, descriptors, threads."""
import json
import os
import pathlib
import re
import resource
import subprocess

TEST_LIBRARY = pathlib.Path("target/test-native/libselectors4jtest.so").resolve()
PACKAGE = "io.github.selectors4j.soak."
# What grows is to be the program's doing: a heap of a fixed size, of which a collection leaves nothing that
# is dead or softly held; no optimising compiler, whose memory comes and goes by megabytes; as many threads
# for compilers and virtual threads all the time; one arena for malloc.
OPTIONS = ["-XX:+UseSerialGC", "-XX:MarkSweepDeadRatio=0", "-XX:+AlwaysPreTouch", "-XX:SoftRefLRUPolicyMSPerMB=0"]
OPTIONS += ["-XX:TieredStopAtLevel=1", "-XX:-UseDynamicNumberOfCompilerThreads"]
OPTIONS += [f"-Djdk.virtualThreadScheduler.{size}=2" for size in ("parallelism", "maxPoolSize", "minRunnable")]
ENVIRONMENT = {**os.environ, "MALLOC_ARENA_MAX": "1", "LC_ALL": "C"}


def feature(java):
    return int(re.search(r'JAVA_VERSION="(\d+)', pathlib.Path(java, "release").read_text())[1])


class Program:
    """A program in a JVM of its own, whose commands are answered in turn; `greeting` is its first line."""

    def __init__(self, runtime, main, heap, library, log, descriptors):
        """`main` has the class and its arguments; `heap` is in MiB; `descriptors` limits their number."""
        java, jar = runtime
        self.log = pathlib.Path(log)
        command = [f"{java}/bin/java", *OPTIONS, f"-Xms{heap}m", f"-Xmx{heap}m", "-cp", f"target/test-classes:{jar}"]
        command.append(f"-Dselectors4j.test.library={TEST_LIBRARY}")
        if library:
            command.append(f"-Dselectors4j.library.path={library}")
        if feature(java) >= 22:
            command.append("--enable-native-access=ALL-UNNAMED")
        command += [PACKAGE + main[0], *map(str, main[1:])]
        limit = (descriptors, descriptors)  # the hard one, too: a JVM raises the other to it
        with open(self.log, "w") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                env=ENVIRONMENT, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limit),
            )
        self.greeting = self.process.stdout.readline() or self.fail()

    def fail(self):
        error = self.log.read_text().partition("\n")[0]
        raise RuntimeError(f"it has ended: {error} ({self.log})")

    def ask(self, command="state"):
        """What the program says of itself, and the system of it: native memory is without the JVM's code."""
        try:
            print(command, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            self.fail()
        state = json.loads(self.process.stdout.readline() or self.fail())
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        state["native"] = 1024 * int(re.search(r"RssAnon:\s+(\d+)", status)[1]) - state["code"]
        state["threads"] = int(re.search(r"Threads:\s+(\d+)", status)[1])
        state["descriptors"] = self.descriptors()
        return state

    def descriptors(self):
        """How many are open, but for those of the system's own files, which a JVM reads now and then."""
        count = 0
        for link in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                count += not os.readlink(link).startswith(("/proc/", "/sys/"))
            except FileNotFoundError:
                pass  # closed meanwhile
        return count

    def close(self):
        """Returns whether it has ended by itself and in silence."""
        self.process.stdin.close()
        try:
            return self.process.wait(30) == 0 and not self.log.read_text()
        except subprocess.TimeoutExpired:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()
