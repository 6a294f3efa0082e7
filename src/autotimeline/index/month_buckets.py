"""The years, quarters, and months that an event may be in, for counting. No database."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    MonthRange = tuple[int, int]

BUCKET_SIZES = (1, 3, 12)
"""The number of months in a bucket."""


def event_buckets(
    months: Sequence[int | None], claims: Iterable[MonthRange]
) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield (size, first, last, inside_first, inside_last) of an event for each size of buckets.

    Args:
        months: The month_… columns of an event; None if it is undated or its date is disputed.
        claims: The first and last month of each claim about a disputed date. Overlapping claims share a bucket range.
    """
    for size in BUCKET_SIZES:
        # -1, which is inside no month, stays -1.
        first, last, inside_first, inside_last = (0 if month is None else month // size for month in months)
        if months[0] is not None:
            yield size, first, last, inside_first, inside_last
        for start, end in merge_ranges((start // size, end // size) for start, end in claims):
            yield size, start, end, -1, -1


def merge_ranges(ranges: Iterable[MonthRange]) -> list[MonthRange]:
    """Merge overlapping ranges: an event counts once, even if its claims overlap."""
    merged: list[MonthRange] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return merged
