"""Draws the pictures of the README and of docs/performance.md, for light pages and for dark ones, from the tables of
docs/performance/figures.md into the folder that is named, or docs/performance."""
import pathlib
import re
import sys

import svg

DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs"
JAVA = "25"
WAITS = "Waits over epoll, registered / ready"
CASCADE = "libevent's benchmark, by number of pipes"
ECHO = "Echo server"
NANOS = {"ns": 1, "µs": 1e3, "ms": 1e6}


def rows_of(text, title, java):
    """The rows of a table for that Java: cells by the heads of their columns."""
    lines = text.split(f"\n## {title}\n", 1)[1].strip().split("\n\n", 1)[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    head = ["case"] + cells[0]  # the first column has none
    rows = [dict(zip(head, row)) for row in cells[2:]]
    return {row["case"]: row for row in rows if row["Java"] == java}


def figure(cell):
    """A time as it is written, and how many times that of the first contender it is; None where it is none."""
    found = re.fullmatch(r"(\S+ \S+)(?: \((\S+)\))?", cell)
    return found and (found[1], float(found[2] or 1))


def nanos(cell):
    number, unit = figure(cell)[0].split()
    return float(number) * NANOS[unit]


def bars(rows, title, about, panels, contenders):
    cells = {
        (head, name): figure(rows[case][contender])
        for case, head in panels.items()
        for contender, name in contenders.items()
    }
    return lambda colours: svg.bars(title, about, list(panels.values()), list(contenders.values()), cells, colours)


def curves(rows, title, about, unit, xlabel, points, contenders):
    """A curve for each contender that has not failed, over the cases that have a point: `points` gives its label and
    what the time is divided by, or None."""
    rows = {case: row for case, row in rows.items() if points(case)}
    labels = [points(case)[0] for case in rows]
    series = {
        name: [nanos(row[contender]) / points(case)[1] / NANOS[unit] for case, row in rows.items()]
        for contender, name in contenders.items()
        if all(figure(row[contender]) for row in rows.values())
    }
    return lambda colours: svg.curves(title, about, unit, xlabel, labels, series, colours)


def one_of_ready(case):
    """Of the rows in which all are ready, and are enough to stay so."""
    registered, ready = case.split(" / ")
    return (ready, int(ready)) if registered == ready and int(ready) >= 16 else None


def pictures(java):
    """By its name, the table of each picture, and what makes of its rows what draws it."""
    return {
        "epoll": (WAITS, lambda rows: bars(
            rows, f"Time to find what is ready, on epoll and Java {java}: shorter is better",
            f"How long a look at ready descriptors takes, on epoll and Java {java}",
            {"1000 / 1": "1 ready of 1000", "16 / 16": "16 ready of 16", "1500 / 100": "100 ready of 1500"},
            {
                "C epoll_wait": "a loop in C",
                "selectNow(handler)": svg.OURS,
                "Netty": "Netty's epoll",
                "NIO consumer": "java.nio, select(action)",
                "NIO selected keys": "java.nio, selectedKeys()",
            },
        )),
        "ready": (WAITS, lambda rows: curves(
            rows, f"Time for each key that stays ready, on epoll and Java {java}: lower is better",
            f"How long a wait takes for each of the keys that it finds ready, on epoll and Java {java}",
            "ns", "ready keys", one_of_ready,
            {
                "C epoll_wait": "a loop in C",
                "selectNow(handler)": svg.OURS,
                "Netty": "Netty's epoll",
                "NIO consumer": "java.nio, select(action)",
            },
        )),
        "cascade": (CASCADE, lambda rows: curves(
            rows, f"libevent's benchmark, 100 active pipes, 1000 writes, Java {java}: lower is better",
            "How long libevent's benchmark takes, by the number of pipes",
            "ms", "pipes", lambda case: (case, 1),
            {
                "C epoll": "a loop in C",
                "selectors4j": svg.OURS,
                "NIO": "java.nio",
                "libevent": "libevent",
                "libev": "libev",
                "libuv": "libuv",
            },
        )),
        "echo": (ECHO, lambda rows: bars(
            rows, f"Time of an echo of 64 bytes, client and server, Java {java}: shorter is better",
            "How long the echo servers take for a request",
            {f"{name}, time a request": name for name in ("1 connection", "500 connections")},
            {
                "C": "C, epoll",
                "selectors4j, DescriptorChannel": svg.OURS,
                "selectors4j": "the same, JDK's channels",
                "NIO": "java.nio",
                "Netty": "Netty's epoll",
                "Python": "Python's selectors",
            },
        )),
    }


def draw(text, folder, java):
    """Draws those whose table is there."""
    for name, (table, drawing) in pictures(java).items():
        if f"\n## {table}\n" in text:
            drawn = drawing(rows_of(text, table, java))
            for theme, colours in svg.COLOURS.items():
                (folder / f"{name}-{theme}.svg").write_text(drawn(colours))


if __name__ == "__main__":
    figures = (DOCS / "performance/figures.md").read_text()
    draw(figures, pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "performance", JAVA)
