"""What a soaked program must not have kept, lost or changed."""
import statistics

HEAP_GROWTH = 32 << 10  # bytes; less than one a connection or wait, in a minute
NATIVE_GROWTH = 256 << 10


def growth(values):
    """From the middle third's median to the last third's: what the first warms up does not count."""
    third = len(values) // 3
    return statistics.median(values[-third:]) - statistics.median(values[third:-third])


def kib(size):
    return f"{size / 1024:+.0f} KiB"


def flat(rests, threads=False):
    """Yields (check, passed, remark) of what there was whenever the program was at rest."""
    if len(rests) < 6:
        yield "enough rests", False, f"{len(rests)}: too few to judge by"
        return
    numbers = {row["descriptors"] for row in rests}
    yield "descriptors flat", len(numbers) == 1, f"{min(numbers)} to {max(numbers)} at rest"
    if threads:
        more = growth([row["threads"] for row in rests])
        yield "threads flat", more < 1, f"{more:+.1f}"
    heap = growth([row["heap"] for row in rests])
    yield "heap flat", heap <= HEAP_GROWTH, kib(heap)
    native = growth([row["native"] for row in rests])
    yield "native memory flat", native <= NATIVE_GROWTH, kib(native)


def first(problems):
    return f"; {len(problems)} bad, first: {problems[0]}" if problems else ""
