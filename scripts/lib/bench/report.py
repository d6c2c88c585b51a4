"""Tables of what was measured, in Markdown."""
import bars

TITLES = {
    "wait": "Waits over epoll, registered / ready",
    "steady": "Waits over epoll that find 256 ready each time",
    "list": "Waits over epoll that return a list, registered / ready",
    "ways": "From epoll to a key, without a selector, registered / ready",
    "poll": "Waits over poll, registered / ready",
    "select": "Waits over select, registered / ready",
    "change": "Changes",
    "channel": "64 bytes written to a pipe and read",
    "await": "A byte to each thread and back",
    "await-costs": "What a wait costs: bytes allocated, and system calls",
    "growth": "Growth",
    "wakeup": "Wake-up",
    "echo": "Echo server",
    "cascade": "libevent's benchmark, by number of pipes",
    "allocation": "JMH: bytes allocated a call, and nanoseconds",
    "heap": "Bytes of heap a registration",
    "startup": "First use",
}
RELATIVE = {"wait", "steady", "list", "ways", "poll", "select", "change", "channel", "await", "growth", "wakeup", "echo", "cascade"}
# What takes the least of all that a contender could be.
FLOORS = {
    "selectNow(handler)": "bare JNI",
    "select(null, handler)": "bare JNI, blocking",
    "PollSelector": "bare JNI",
    "SelectSelector": "bare JNI",
    "register": "bare JNI",
    "selectors4j": "selectors4j, I/O in C",
    "selectors4j, DescriptorChannel": "selectors4j, I/O in C",
    "DescriptorChannel": "bare JNI",
}
# What a reader wants to know first: a name, a suite, its case, and the contenders in C, of this library, of
# Netty and of java.nio.
SUMMARY = [
    ("a look, nothing ready", "wait", "1 / 0", "C epoll_wait", "selectNow(handler)", "Netty", "NIO consumer"),
    ("a look, 1 ready of 1000", "wait", "1000 / 1", "C epoll_wait", "selectNow(handler)", "Netty", "NIO consumer"),
    ("a look, 16 of 16", "wait", "16 / 16", "C epoll_wait", "selectNow(handler)", "Netty", "NIO consumer"),
    ("a look, 1000 of 1000", "wait", "1000 / 1000", "C epoll_wait", "selectNow(handler)", "Netty", "NIO consumer"),
    ("a list, 16 of 16", "list", "16 / 16", "C epoll_wait", "selectNow()", None, "NIO selected keys"),
    ("poll, 256 of 256", "poll", "256 / 256", "C poll", "PollSelector", None, None),
    ("modify", "change", "modify", "C epoll_ctl", "descriptor", None, "NIO"),
    ("wake-up, there and back", "wakeup", "there and back", "C eventfd", "wakeup()", None, "NIO wakeup()"),
    ("64 bytes through a pipe", "channel", "pipe, O_NONBLOCK", "C", "DescriptorChannel", None, "NIO"),
    ("echo, 500 connections", "echo", "500 connections, time a request", "C", "selectors4j, DescriptorChannel", "Netty", "NIO"),
]
PEERS = {"Netty", "NIO", "NIO consumer", "NIO selected keys", "Python", "file streams", "JNA, Pointer"}


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def duration(nanos):
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if nanos >= size:
            return f"{nanos / size:.3g} {unit}"
    return f"{nanos:.0f} ns"


def cell(measures, key, base):
    """A contender's time, and its ratio to the base."""
    if key in measures.errors:
        return "failed"
    median = measures.median(*key)
    if median is None:
        return "–"
    if key[0] not in RELATIVE:
        return f"{median:.3g}"
    shown = duration(median)
    base_median = measures.median(*base)
    return shown if base == key or not base_median else f"{shown} ({median / base_median:.2f})"


def suite_table(measures, suite):
    contenders = measures.contenders(suite)
    rows = []
    for case, java in measures.cases(suite):
        keys = [(suite, case, java, contender) for contender in contenders]
        rows.append([case, java] + [cell(measures, key, keys[0]) for key in keys])
    return table(["", "Java"] + contenders, rows)


def floor(measures, bar, java):
    """What the time that a bar is about can't be beaten by, as a share of it: the bar's own floor, or C's
    own against a peer, and against C what Java's way there and back takes without a selector."""
    first = measures.contenders(bar.suite)[0] if bar.against in PEERS else FLOORS.get(bar.contender)
    name = bar.floor or first
    least = measures.median(bar.suite, bar.case, java, name)
    against = measures.median(bar.suite, bar.case, java, bar.against)
    return f"{least / against:.2f}, {name}" if least and against else ""


def bars_table(measures, suites, javas):
    rows = []
    held = total = 0
    for verdict in bars.verdicts(measures, suites, javas):
        bar = verdict.bar
        held += verdict.holds
        total += 1
        rows.append(
            [
                str(bar.number),
                f"{bar.suite} {bar.case}",
                bar.contender,
                bar.rule(),
                verdict.java,
                verdict.figure,
                floor(measures, bar, verdict.java),
                "holds" if verdict.holds else "**misses**",
            ]
        )
    header = ["bar", "case", "contender", "at most", "Java", "measured (spread)", "floor", ""]
    return f"{held} of {total} hold.\n\n" + table(header, rows)


def summary_table(measures, java):
    rows = []
    for name, suite, case, *contenders in SUMMARY:
        keys = [(suite, case, java, contender) for contender in contenders]
        rows.append([name] + [cell(measures, key, keys[0]) for key in keys])
    return table(["", "C", "selectors4j", "Netty", "java.nio"], rows)


def failures(measures):
    lines = [f"- {', '.join(key)}: {error}" for key, error in measures.errors.items()]
    return "\n".join(lines) if lines else "None."


def write(measures, suites, javas, about):
    parts = [f"## In ten rows, Java {javas[-1]}", summary_table(measures, javas[-1])]
    parts += ["## The bars", bars_table(measures, suites, javas)]
    if measures.cases("cascade"):
        parts += [f"Bar 8 sets no limit: it is the plot `cascade.svg`, and the table *{TITLES['cascade']}*."]
    for suite, title in TITLES.items():
        if measures.cases(suite):
            parts += [f"## {title}", suite_table(measures, suite)]
    parts += ["## Contenders that failed", failures(measures), "## Measured with", about]
    return "\n\n".join(parts) + "\n"
