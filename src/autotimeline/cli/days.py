"""Days with a name, such as today."""

from collections.abc import Callable

from autotimeline.dates.human import NAMED_DAYS
from autotimeline.dates.span import format_iso


def day_resolver(today: int) -> Callable[[str], str | None]:
    """Return a function from the name of a day to its ISO date, None for other words.

    Longer relative dates, such as "3 weeks ago", do not name a day: a store needs the date itself.
    """
    return lambda word: format_iso(today + NAMED_DAYS[word.lower()]) if word.lower() in NAMED_DAYS else None
