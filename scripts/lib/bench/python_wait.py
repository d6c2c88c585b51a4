"""python_wait.py SELECTOR REGISTERED READY: for each line with a number, takes that many turns of
Python's own selector, and prints the nanoseconds, or -1 when it did not find all that is ready."""
import os
import selectors
import sys
import time

name, registered, ready = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
selector = getattr(selectors, name)()
for i in range(registered):
    read_end, write_end = os.pipe()
    selector.register(read_end, selectors.EVENT_READ)
    if i < ready:
        os.write(write_end, b"e")

for line in sys.stdin:
    turns = int(line)
    found = total = 0
    start = time.perf_counter_ns()
    for _ in range(turns):
        for key, events in selector.select(0):
            total += key.fd + events
            found += 1
    elapsed = time.perf_counter_ns() - start
    print(elapsed if found == turns * ready else -1, flush=True)
