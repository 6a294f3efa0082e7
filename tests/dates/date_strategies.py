"""Texts of the profile, as Hypothesis draws them; and whether what they mean meets a window."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

MARK = st.sampled_from(["", "", "", "~", "?", "%"])
YEAR = st.integers(1, 9999).map("{:04}".format)
DAY = st.dates().map(date.isoformat)
PART = st.sampled_from([*range(1, 13), 21, 22, 23, 24, 33, 34, 35, 36, 40, 41]).map("{:02}".format)
WITHIN_YEAR = st.builds("{}-{}".format, YEAR, PART).filter(lambda text: text != "9999-24")
OPEN_YEAR = st.integers(1, 999).map("{:03}X".format) | st.integers(1, 99).map("{:02}XX".format)
POINT = st.builds("{}{}".format, DAY | WITHIN_YEAR | YEAR | OPEN_YEAR, MARK)


def _year(text: str) -> int:
    return int(text[:4].replace("X", "0"))


# Two points whose years differ by so much that the second cannot end before the first starts.
PAIR = st.tuples(POINT, POINT).filter(lambda pair: _year(pair[0]) < _year(pair[1]))
SPAN = (
    PAIR.map("/".join)
    | POINT.map("{}/..".format)
    | POINT.map("../{}".format)
    | POINT.map("{}/".format)
    | POINT.map("/{}".format)
)
MEMBER = POINT | PAIR.map("..".join) | POINT.map("..{}".format) | POINT.map("{}..".format)
ONE_OF = st.lists(MEMBER, min_size=1, max_size=4).map(lambda members: f"[{','.join(members)}]")
DATE = POINT | SPAN | ONE_OF


def overlaps(reach, window):
    """Whether an event of this `Span.reach` can meet the window (A, B, a, b)."""
    return reach[0] <= window[1] and reach[1] >= window[0]


def inside(reach, window):
    """Whether an event of this `Span.reach` surely meets the window (A, B, a, b)."""
    return reach[2] <= window[3] and reach[3] >= window[2]
