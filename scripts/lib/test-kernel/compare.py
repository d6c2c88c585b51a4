#!/usr/bin/env python3
"""compare.py [--write] PAGE ROWS LEFT_OUT: what a page of tables says against what a kernel does.

A row is "| object | state | epoll | poll | select |", and of one that is left out
"| object | state | reason". All other tables of the page have another number of columns.
"""
import sys

HEADING = ("object", "state")


def cells_of(path):
    """(object, state) -> the other cells."""
    rows = {}
    for line in open(path, encoding="utf-8"):
        cells = split(line)
        if len(cells) in (3, 5) and line.startswith("| ") and tuple(cells[:2]) != HEADING:
            rows[tuple(cells[:2])] = cells[2:]
    return rows


def split(line):
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def write(page, here):
    lines = open(page, encoding="utf-8").readlines()
    with open(page, "w", encoding="utf-8") as output:
        for line in lines:
            cells = split(line)
            if len(cells) == 5 and tuple(cells[:2]) in here:
                line = f"| {' | '.join(cells[:2] + here[tuple(cells[:2])])} |\n"
            output.write(line)


def main(page, rows, left_out):
    said = {key: cells for key, cells in cells_of(page).items() if len(cells) == 3}
    here, unmade = cells_of(rows), cells_of(left_out)
    wrong = 0
    for (what, state), reason in unmade.items():
        print(f"left out: {what}: {state}: {reason[0]}")
    for key in {**said, **here, **unmade}:
        if key in unmade and key in said:
            continue
        there, now = said.get(key, ["no such row"]), here.get(key, ["no such row"])
        if there != now:
            wrong += 1
            print(f"{': '.join(key)}\n  {page}: {' | '.join(there)}\n  this kernel: {' | '.join(now)}")
    print(f"{len(here) - wrong} passed, {wrong} failed, {len(unmade)} left out")
    return wrong > 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[0] == "--write":
        arguments = arguments[1:]
        write(arguments[0], cells_of(arguments[1]))
    sys.exit(main(*arguments))
