"""The bars: what each contender may take, as a share of another's time or as an absolute figure."""
import dataclasses
import statistics

import echo

KEYS_READY = ["1 / 1", "16 / 16", "64 / 64", "256 / 256", "1000 / 1", "1500 / 100", "1000 / 1000"]
# Nobody reads what is there: the keys stay ready.
SOME_STAYING_READY = "1500 / 100"
STAYING_READY = ["16 / 16", "64 / 64", "256 / 256", SOME_STAYING_READY, "1000 / 1000"]
STEADY = ["pipes, for writing", "UNIX sockets, for writing", "TCP sockets, for writing", "pipes, slow readers"]
POLL_CASES = ["16 / 1", "16 / 16", "256 / 1", "256 / 256", "1000 / 1", "1000 / 1000"]
# In bytes. JMH counts what it allocates itself, too: a fraction of this for each call. That a select
# allocates nothing at all is a test of the suite's.
SMALLEST_OBJECT = 8
FIRST_USE_CLOCK = "milliseconds over an empty main"
FIRST_USE_PROCESSOR = "milliseconds of the processor over an empty main"


@dataclasses.dataclass
class Bar:
    """`contender` takes at most `share` of `against`, or `slack` more than it if that is more.
    Without `against`, at most `limit`."""

    number: int
    suite: str
    case: str
    contender: str
    against: str = None
    share: float = 1
    slack: float = None
    limit: float = None
    since: int = 17  # the oldest Java that it is for
    floor: str = None  # who takes the least that `contender` could, if it is not as elsewhere

    def rule(self):
        if self.against is None:
            return f"at most {self.limit:g}"
        if self.slack is None:
            return f"{self.share:.2f} of {self.against}"
        share = f"max({self.share * 100 - 100:.0f} %, {self.slack:g} ns)" if self.share > 1 else f"{self.slack:g} ns"
        return f"{self.against} + {share}"

    def judge(self, measures, java):
        """A Verdict; what was not measured does not hold."""
        keys = [
            (self.suite, self.case, java, name) for name in (self.contender, self.against) if name
        ]
        for key in keys:
            if key in measures.errors:
                return Verdict(self, java, f"{key[-1]} failed", False)
        medians = [measures.medians(*key) for key in keys]
        if not all(medians):
            return Verdict(self, java, "not measured", False)
        if self.against is None:
            return Verdict.absolute(self, java, *medians)
        spread = measures.quartiles(*keys) if len(medians[0]) == 1 else None
        return Verdict.relative(self, java, *medians, spread)


@dataclasses.dataclass
class Verdict:
    bar: Bar
    java: str
    figure: str
    holds: bool

    @classmethod
    def absolute(cls, bar, java, ours):
        figure = statistics.median(ours)
        return cls(bar, java, f"{figure:.1f}", round(figure, 1) <= bar.limit)

    @classmethod
    def relative(cls, bar, java, ours, theirs, quartiles):
        ratios = sorted(our / their for our, their in zip(ours, theirs))
        used = [
            our / max(their * bar.share, their + (bar.slack or 0) if bar.slack else 0)
            for our, their in zip(ours, theirs)
        ]
        figure = f"{statistics.median(ratios):.2f}"
        least, *_, most = quartiles or ratios
        figure += f" ({least:.2f} to {most:.2f})"
        if bar.slack is not None:
            more = statistics.median(our - their for our, their in zip(ours, theirs))
            figure += f", {more:+.0f} ns"
        return cls(bar, java, figure, statistics.median(used) <= 1)


def all_bars():
    for case in ["1 / 0"] + KEYS_READY:
        now = ("wait", case, "selectNow(handler)")
        yield Bar(1, *now, "C epoll_wait", 1.06, 45)
        yield Bar(1, *now, "Netty", 1.03)
        yield Bar(1, *now, "NIO consumer", 0.95)
        yield Bar(1, *now, "NIO selected keys", 0.75)
        yield Bar(1, "list", case, "selectNow()", "NIO selected keys", 0.85)
    for case in KEYS_READY:
        yield Bar(1, "wait", case, "select(null, handler)", "C epoll_wait, blocking", 1.08, 80)
    for case in POLL_CASES:
        yield Bar(2, "poll", case, "PollSelector", "C poll", 1.06, 60)
        yield Bar(2, "select", case, "SelectSelector", "C select", 1.06, 60)
    for name in ("descriptor", "channel"):
        yield Bar(3, "change", "modify", name, "C epoll_ctl", 1, 70)
        yield Bar(3, "change", "modify", name, "NIO", 0.45)
        yield Bar(3, "change", "register and unregister", name, "C epoll_ctl", 1.08, 200)
    for mechanism in ("EPOLL", "POLL", "SELECT"):
        for call in ("selectNow", "selectNanos"):
            yield Bar(4, "allocation", f"{mechanism}, bytes", call, limit=SMALLEST_OBJECT)
    for name in ("descriptors", "channels"):
        for registered in (1000, 9000):
            yield Bar(4, "heap", f"{registered} {name}", "register", limit=64)
    for registered in (100, 1000, 9000):
        wait = "selectNow(handler) of "
        yield Bar(5, "growth", "1 ready", wait + str(registered), wait + "1", 1.10)
    yield Bar(5, "growth", "register 9000", "register", "C epoll_ctl", 1.10)
    yield Bar(6, "startup", FIRST_USE_CLOCK, "DefaultSelector.open()", limit=60)
    yield Bar(6, "wakeup", "there and back", "wakeup()", "C eventfd", 1.15)
    for case in echo.CASES:
        for figure in ("time a request", "p99"):
            key = ("echo", f"{case}, {figure}", "selectors4j")
            yield Bar(7, *key, "C", 1 / 0.95)
            for peer in ("NIO", "Netty", "Python"):
                yield Bar(7, *key, peer, 1)
        yield Bar(10, "echo", f"{case}, time a request", "selectors4j, DescriptorChannel", "C", 1.03)
    for case, calls in (("pipe, O_NONBLOCK", ["C"]), ("pipe", ["C, RWF_NOWAIT", "C"])):
        channel = ("channel", case, "DescriptorChannel")
        for two_calls in calls:
            yield Bar(10, *channel, two_calls, 1, 60)
        yield Bar(10, *channel, "file streams", 1)
        yield Bar(10, *channel, "JNA, Pointer", 0.20)
    for threads, share in ((100, 0.90), (1000, 0.90), (9000, 1.20)):
        yield Bar(9, "await", f"{threads} threads", "Awaiter", "Pipe", share, since=21)
    for threads in (100, 1000):
        yield Bar(9, "await-costs", f"{threads} threads, bytes", "Awaiter", limit=64, since=21)
    yield Bar(9, "await-costs", "100 threads, epoll_ctl", "Awaiter", limit=1, since=21)
    yield Bar(10, "allocation", "direct buffer, bytes", "writeAndRead", limit=SMALLEST_OBJECT)
    for suite, cases in (("wait", STAYING_READY), ("steady", STEADY)):
        for case in cases:
            for peer, share in (("C epoll_wait", 0.80), ("Netty", 0.77)):
                floor = None if case == SOME_STAYING_READY else "C poll"
                yield Bar(11, suite, case, "selectNow(handler)", peer, share, floor=floor)
    yield Bar(12, "startup", FIRST_USE_PROCESSOR, "DefaultSelector.open()", "NIO", 1.3)


def verdicts(measures, suites, javas):
    for bar in all_bars():
        if bar.suite in suites:
            for java in javas:
                if int(java) >= bar.since:
                    yield bar.judge(measures, java)
