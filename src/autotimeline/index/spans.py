"""The years, quarters and months that an event may fall in, as they are kept for counting: pure, no database."""

from __future__ import annotations

from autotimeline.dates.span import month

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    Pair = tuple[int, int]

SIZES = (1, 3, 12)
"""How many months a cell has."""


def spans(reach: Sequence[Any], claims: Iterable[Pair]) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield (size, first cell, last cell, first and last of the inner reach) for each size of cells.

    `reach` is (w_lo, w_hi, i_lo, i_hi, qualified, disputed), the first None of the undated; `claims` are the days
    between which each claim about a disputed date reaches: it has a span for each stretch of cells that they meet.
    The inner reach is (-1, -1) where nothing is certain.
    """
    low, high, first, last, qualified, disputed = reach
    claims = list(claims) if disputed else [(low, high)]
    for size in SIZES if low is not None else ():
        inner = (-1, -1) if qualified or disputed else (month(first) // size, month(last) // size)
        for start, end in union((month(day) // size, month(until) // size) for day, until in claims):
            yield size, start, end, *inner


def union(reaches: Iterable[Pair]) -> list[Pair]:
    """Return the same cells, none of them twice: claims may overlap, and the event is still one."""
    found: list[Pair] = []
    for low, high in sorted(reaches):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found
