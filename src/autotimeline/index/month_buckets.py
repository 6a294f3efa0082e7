"""The years, quarters and months that an event may fall in, as they are kept for counting: pure, no database."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Pair = tuple[int, int]

SIZES = (1, 3, 12)
"""How many months a cell has."""


def spans(reach: Sequence[int | None], claims: Iterable[Pair]) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield (size, first cell, last cell, first and last of the inner reach) for each size of cells.

    `reach` is (m_lo, m_hi, mi_lo, mi_hi) of an event, all None where it is undated or its date disputed; `claims` are
    the first and the last month that each claim about a disputed date reaches: it has a span for each stretch of cells
    that they meet. The inner reach is (-1, -1) where nothing is certain.
    """
    low, high, first, last = reach
    for size in SIZES:
        if low is not None and high is not None and first is not None and last is not None:
            # -1 is of no cell in any size.
            yield size, low // size, high // size, first // size, last // size
        for start, end in union((month // size, until // size) for month, until in claims):
            yield size, start, end, -1, -1


def union(reaches: Iterable[Pair]) -> list[Pair]:
    """Return the same cells, none of them twice: claims may overlap, and the event is still one."""
    found: list[Pair] = []
    for low, high in sorted(reaches):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found
