"""Relative dates of the command line and the prompts, such as today or last year, as dates of a store."""

from collections.abc import Callable

from autotimeline.dates.human import CALENDAR_UNITS, NAMED_DAYS, parse_window
from autotimeline.dates.span import format_iso
from autotimeline.errors import UsageError


def day_resolver(today: int) -> Callable[[str], str | None]:
    """Return a function from a relative date to its day, month, quarter, or year; None for other words.

    A distance in weeks, months, or years, such as "3 weeks ago", is not a day: a store needs the date itself.
    """
    return lambda text: _resolve(text, today)


def _resolve(text: str, today: int) -> str | None:
    words = text.lower().replace("-", " ").split()
    unit = words[-1] if len(words) == 2 and words[0] in ("last", "this", "next") else ""
    is_day = text.lower() in NAMED_DAYS or (words[-1:] == ["ago"] and words[1:2] in (["day"], ["days"]))
    if unit not in CALENDAR_UNITS and not is_day:
        return None
    try:
        window = parse_window(text, today, _reject_name)
    except UsageError:
        return None
    first, last = format_iso(window.outer_first), format_iso(window.outer_last)
    if not (window.relative and first and last):
        return None
    length = {"year": 4, "month": 7}.get(unit)
    if unit == "quarter":
        return f"{first[:4]}Q{(int(first[5:7]) + 2) // 3}"
    return first[:length] if length or first == last else f"{first}/{last}"


def _reject_name(name: str) -> tuple[int, int, int, int]:
    raise UsageError(name)
