"""Runs the benchmark's suites by turns and reports; scripts/bench builds what it needs."""
import argparse
import itertools
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

import bars
import echo
import measures
from measures import ALL
import picture
import plots
import report

OUTPUT = pathlib.Path("build/bench").resolve()
NATIVES = OUTPUT / "native"
SCRIPTS = pathlib.Path(__file__).resolve().parent
MAIN = "io.github.selectors4j.bench."

# Suites that run in a JVM of their own, with the seconds of a full and of a quick run.
JVM_SUITES = {
    "wait": (30, 10),
    "steady": (10, 4),
    "list": (18, 6),
    "ways": (6, 3),
    "poll": (18, 6),
    "select": (14, 5),
    "change": (9, 4),
    "channel": (9, 4),
    "await": (60, 25),
    "growth": (14, 5),
    "wakeup": (9, 4),
    "cascade": (20, 8),
}
# Of which there are no bars: one run is enough.
ONCE = {"ways"}
# Those for virtual threads.
SINCE = {"await": 21}
OTHER_SUITES = ["allocation", "heap", "startup", "echo"]

# Whose system calls are counted, of how many threads, and which.
AWAITING = ["Pipe", "Awaiter", "DescriptorChannel", "selector, hand-over"]
AWAITED = 100
CALLS = ["epoll_ctl", "epoll_wait", "futex"]

# Rounds, microseconds of a batch, and milliseconds of warming up.
FULL = {"rounds": 81, "batchMicros": 500, "warmup": 150}
QUICK = {"rounds": 15, "batchMicros": 250, "warmup": 60}


# Far beyond what any step is planned for.
LONGEST_SECONDS = 900


class Bench:
    def __init__(self, javas, javac, quick):
        self.javas = javas
        self.javac = javac
        self.quick = quick
        self.measures = measures.Measures()

    def java(self, java, *arguments):
        settings = QUICK if self.quick else FULL
        classpath = ":".join(
            ["target/test-classes", "target/classes", (OUTPUT / "classpath").read_text().strip()]
        )
        command = [f"{self.javas[java]}/bin/java", "-cp", classpath]
        command += [f"-Dbench.{name}={value}" for name, value in settings.items()]
        command += [f"-Dbench.natives={NATIVES}", f"-Dbench.scripts={SCRIPTS}"]
        if int(java) >= 22:
            command.append("--enable-native-access=ALL-UNNAMED")
        return command + list(arguments)

    def in_jvm(self, suite, java, *options):
        run = completed(self.java(java, *options, MAIN + "Main", suite))
        results = [line for line in run.stdout.splitlines() if line.startswith("{")]
        for line in results:
            self.measures.add(java, json.loads(line))
        if run.returncode != 0:
            # A JVM that crashes says so on its standard output.
            self.failed(suite, ALL, java, "the JVM", run.stderr or run.stdout or f"status {run.returncode}")

    def failed(self, suite, case, java, contender, error):
        lines = error.strip().splitlines() or ["no message"]
        # A stack trace begins with what happened; other output ends with it.
        told = next((line for line in lines if re.search(r"Exception|Error", line)), lines[-1])
        self.measures.add(java, {"suite": suite, "case": case, "contender": contender, "error": told})

    def await_calls(self, java):
        """The system calls of a wait: what some more turns make more of them."""
        turns = (50, 150) if self.quick else (100, 600)
        for contender in AWAITING:
            runs = [self.calls(java, contender, count) for count in turns]
            for call in CALLS:
                more = (runs[1][call] - runs[0][call]) / (turns[1] - turns[0]) / AWAITED
                key = {"suite": "await-costs", "case": f"{AWAITED} threads, {call}", "contender": contender}
                self.measures.add(java, {**key, "values": [more]})

    def calls(self, java, contender, turns):
        """How often each was made."""
        counts = OUTPUT / "calls"
        strace = ["strace", "-f", "--seccomp-bpf", "-c", "-e", "trace=" + ",".join(CALLS), "-o", counts]
        run = completed(strace + self.java(java, MAIN + "Main", "await-calls", contender, str(AWAITED), str(turns)))
        if run.returncode != 0:
            raise RuntimeError(f"strace can't count: {run.stderr.strip()}")
        lines = [line.split() for line in counts.read_text().splitlines()]
        return {call: sum(int(line[3]) for line in lines if line[-1:] == [call]) for call in CALLS}

    def heap(self, java):
        self.in_jvm("heap", java, "-XX:+UseSerialGC")

    def allocation(self, java):
        results = OUTPUT / f"jmh-{java}.json"
        results.unlink(missing_ok=True)
        iterations = ["-f", "1", "-wi", "2", "-i", "2", "-w", "300ms", "-r", "300ms"]
        if not self.quick:
            iterations = ["-f", "2", "-wi", "3", "-i", "5", "-w", "500ms", "-r", "500ms"]
        options = iterations + ["-prof", "gc", "-rf", "json", "-rff", str(results)]
        forked = ["-jvmArgsAppend", f"-Dbench.natives={NATIVES}"]
        run = completed(
            self.java(java, "org.openjdk.jmh.Main", "Benchmark", *options, *forked)
        )
        if run.returncode != 0 or not results.exists():
            self.failed("allocation", ALL, java, "JMH", run.stderr)
            return
        for result in json.loads(results.read_text()):
            (parameter,) = result["params"].values()
            allocated = result["secondaryMetrics"]["gc.alloc.rate.norm"]["score"]
            for case, value in (("bytes", allocated), ("ns", result["primaryMetric"]["score"])):
                contender = result["benchmark"].rpartition(".")[2]
                key = {"suite": "allocation", "case": f"{parameter}, {case}", "contender": contender}
                self.measures.add(java, {**key, "values": [value]})

    def startup(self, java):
        environment = {**os.environ, "JAVA_HOME": self.javas[java]}
        run = completed(
            ["scripts/lib/bench/measure-startup", "--javac", self.javac, "5" if self.quick else "21"],
            env=environment,
        )
        found = re.findall(r": ([+-][\d.]+) ms", run.stdout)
        clock, processor = bars.FIRST_USE_CLOCK, bars.FIRST_USE_PROCESSOR
        contenders = (
            (clock, "DefaultSelector.open()"),
            (clock, "with the library extracted before"),
            (processor, "DefaultSelector.open()"),
            (processor, "NIO"),
        )
        for (case, contender), milliseconds in itertools.zip_longest(contenders, found):
            if milliseconds is None:
                self.failed("startup", case, java, contender, run.stderr)
                continue
            values = [float(milliseconds)]
            self.measures.add(
                java, {"suite": "startup", "case": case, "contender": contender, "values": values}
            )

    def echo(self):
        servers = [
            echo.Server(None, "C", [NATIVES / "echo-server"]),
            echo.Server(None, "Python", ["python3", SCRIPTS / "python_echo.py"]),
        ]
        for java in self.javas:
            for name, argument in echo.JAVA_SERVERS.items():
                command = self.java(java, MAIN + "EchoServer", argument)
                servers.append(echo.Server(java, name, command))
        rounds, milliseconds = (5, 300) if self.quick else (11, 1000)
        try:
            echo.measure(
                self.measures, servers, self.javas, NATIVES / "echo-load", rounds, milliseconds
            )
        finally:
            for server in servers:
                server.close()

    def steps(self, names):
        """What there is to do: a suite, a description, its seconds, and a function."""
        runs = 1 if self.quick else 5
        for run in range(1, runs + 1):
            for suite, seconds in JVM_SUITES.items():
                for java in self.javas:
                    if suite in names and int(java) >= SINCE.get(suite, 0) and (run == 1 or suite not in ONCE):
                        name = f"{suite}, Java {java}, run {run} of {runs}"
                        yield suite, name, seconds[self.quick], lambda s=suite, j=java: self.in_jvm(s, j)
        for java in self.javas:
            if "allocation" in names:
                yield "allocation", f"allocation, Java {java}", 20 if self.quick else 80, lambda j=java: self.allocation(j)
            if "await" in names and int(java) >= SINCE["await"]:
                yield "await-costs", f"await, calls, Java {java}", 20 if self.quick else 60, lambda j=java: self.await_calls(j)
            if "heap" in names:
                yield "heap", f"heap, Java {java}", 3, lambda j=java: self.heap(j)
            if "startup" in names:
                yield "startup", f"startup, Java {java}", 4 if self.quick else 15, lambda j=java: self.startup(j)
        if "echo" in names:
            yield "echo", "echo", 60 if self.quick else 200, self.echo


def completed(command, **options):
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LONGEST_SECONDS, **options
    )


def run(bench, steps):
    """Runs the steps, with a line of progress: the time left, as it goes against the estimates. What
    goes wrong in one is noted, and leaves the others' results."""
    planned = sum(seconds for _, _, seconds, _ in steps)
    started, done = time.monotonic(), 0
    for suite, name, seconds, action in steps:
        pace = (time.monotonic() - started) / done if done else 1
        left = round((planned - done) * pace)
        end = "\r" if sys.stderr.isatty() else "\n"
        print(f"{left // 60:2}:{left % 60:02} left   {name:<50}", end=end, file=sys.stderr, flush=True)
        try:
            action()
        except Exception as error:
            for java in bench.javas:
                bench.failed(suite, ALL, java, name, f"{type(error).__name__}: {error}")
        done += seconds
    took = round(time.monotonic() - started)
    print(f"{took // 60:2}:{took % 60:02} taken{'':55}", file=sys.stderr)


def about(javas):
    """The machine and the versions."""
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", cpuinfo)
    lines = [
        f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}, "
        f"Linux {platform.release()}, {platform.libc_ver()[0]} {platform.libc_ver()[1]}",
        subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout.splitlines()[0],
        f"Python {platform.python_version()}",
    ]
    for home in javas.values():
        version = subprocess.run([f"{home}/bin/java", "-version"], capture_output=True, text=True)
        lines.append(version.stderr.splitlines()[1])
    names = ("netty-transport-native", "jnr-enxio", "jna-", "jmh-core")
    jars = (OUTPUT / "classpath").read_text().split(":")
    lines += [pathlib.Path(jar).stem for jar in jars for name in names if f"/{name}" in jar]
    for package in ("libevent-dev", "libev-dev", "libuv1-dev"):
        query = ["dpkg-query", "-W", "-f", "${Package} ${Version}", package]
        lines.append(subprocess.run(query, capture_output=True, text=True).stdout)
    return "\n".join(f"- {line}" for line in lines if line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--javas")
    parser.add_argument("--javac")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    known = [*JVM_SUITES, *OTHER_SUITES]
    unknown = set(arguments.names) - set(known)
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    javas = dict(line.split(" ", 1) for line in arguments.javas.splitlines())
    names = arguments.names or known
    if "await" in names:
        names = [*names, "await-costs"]
    bench = Bench(javas, arguments.javac, arguments.quick)
    run(bench, list(bench.steps(names)))
    machine = about(javas)
    bench.measures.write(OUTPUT / "results.json", about=machine.splitlines())
    text = report.write(bench.measures, names, list(javas), machine)
    (OUTPUT / "report.md").write_text(text)
    plots.draw(bench.measures, OUTPUT, list(javas)[-1])
    picture.draw(text, OUTPUT, list(javas)[-1])
    print(text)
    print(f"{OUTPUT}: results.json, report.md and the plots")
    sys.exit(any(case == ALL for _, case, _, _ in bench.measures.errors))


main()
