"""The years, quarters and months that an event may fall in, as they are kept for counting: pure, no database."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    MonthRange = tuple[int, int]

BUCKET_SIZES = (1, 3, 12)
"""How many months a cell has."""


def event_buckets(
    months: Sequence[int | None], claims: Iterable[MonthRange]
) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield (size, first cell, last cell, first and last of the inner reach) for each size of cells.

    Args:
        months: The month_… columns of an event; None if it is undated or its date is disputed.
        claims: The first and last month of each claim about a disputed date. Overlapping claims share a bucket range.
    """
    low, high, first, last = months
    for size in BUCKET_SIZES:
        if low is not None and high is not None and first is not None and last is not None:
            # -1 is of no cell in any size.
            yield size, low // size, high // size, first // size, last // size
        for start, end in merge_ranges((month // size, until // size) for month, until in claims):
            yield size, start, end, -1, -1


def merge_ranges(ranges: Iterable[MonthRange]) -> list[MonthRange]:
    """Return the same cells, none of them twice: claims may overlap, and the event is still one."""
    merged: list[MonthRange] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return merged
