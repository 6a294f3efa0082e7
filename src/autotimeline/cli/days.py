"""The days that a person calls by a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.dates.human import NAMED_DAYS
from autotimeline.dates.span import format_iso

if TYPE_CHECKING:
    from collections.abc import Callable


def day_resolver(today: int) -> Callable[[str], str | None]:
    """Return what tells the day (ISO 8601) that a word stands for, None where it is no such word.

    Others, as "last month" or "3 weeks ago", name no day: what a source says then has to be written out.
    """
    return lambda word: format_iso(today + NAMED_DAYS[word.lower()]) if word.lower() in NAMED_DAYS else None
