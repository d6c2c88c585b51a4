"""What a soaked server must not have kept, lost or changed."""
import statistics

HEAP_GROWTH = 32 << 10  # bytes; less than one a connection, in a minute
NATIVE_GROWTH = 256 << 10


def growth(values):
    """From the middle third's median to the last third's: what the first warms up does not count."""
    third = len(values) // 3
    return statistics.median(values[-third:]) - statistics.median(values[third:-third])


def kib(size):
    return f"{size / 1024:+.0f} KiB"


def run(piece, ended_well):
    """Yields (check, passed, remark) of a slice."""
    client, rests = piece.client, [row for row in piece.samples if row["resting"]]
    yield "bytes verified", not client.wrong, f"{client.verified >> 20} MiB" + first(client.wrong)
    yield "connections served", not client.failed, f"{client.connections}" + first(client.failed)
    yield "limit survived", not piece.stuck and piece.floods == piece.reopens_refused, (
        f"{piece.floods} times past it, {piece.reopens_refused} selectors refused, {piece.reopened} reopened"
        + first(piece.stuck)
    )
    if len(rests) < 6:
        yield "enough rests", False, f"{len(rests)}: too few to judge by"
        return
    numbers = {row["descriptors"] for row in rests}
    yield "descriptors flat", len(numbers) == 1, f"{min(numbers)} to {max(numbers)} at rest"
    heap = growth([row["heap"] for row in rests])
    yield "heap flat", heap <= HEAP_GROWTH, kib(heap)
    native = growth([row["native"] for row in rests])
    yield "native memory flat", native <= NATIVE_GROWTH, kib(native)
    yield "ended in silence", ended_well, ""


def first(problems):
    return f"; {len(problems)} bad, first: {problems[0]}" if problems else ""
