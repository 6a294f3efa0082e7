"""Days counted in units of time: so many weeks later, the quarter before. Loaded only for relative dates."""

from datetime import date

from autotimeline.dates.calendar import month_end, month_start
from autotimeline.dates.span import BEGIN, END, DayPair, month_number

_UNIT_DAYS = {"day": 1, "week": 7}
_UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def calendar_unit_bounds(today: int, offset: int, unit: str) -> DayPair:
    """Return the first and the last day of the unit that contains today, or of one so many units later."""
    if unit in _UNIT_DAYS:
        size = _UNIT_DAYS[unit]
        # 0001-01-01, day 1, was a Monday.
        first = today - (today - 1) % size + offset * size
        return first, first + size - 1
    size = _UNIT_MONTHS[unit]
    first_month = (month_number(today) // size + offset) * size
    return month_start(first_month), month_end(first_month + size - 1)


def shift_day(day: int, number: int, unit: str) -> int | None:
    """Return the day so many units later, or the last day of a shorter month; None outside the years 1 to 9999."""
    if unit in _UNIT_DAYS:
        shifted = day + number * _UNIT_DAYS[unit]
        return shifted if BEGIN < shifted < END else None
    # dateutil is slow to load.
    from dateutil.relativedelta import relativedelta

    try:
        return (date.fromordinal(day) + relativedelta(months=number * _UNIT_MONTHS[unit])).toordinal()
    except (ValueError, OverflowError):
        return None


def shift_bound(bound: int, number: int, unit: str) -> int:
    """Return the bound so many units later; `BEGIN` or `END` if it was open or leaves the years 1 to 9999."""
    if not BEGIN < bound < END:
        return bound
    shifted = shift_day(bound, number, unit)
    return shifted if shifted is not None else BEGIN if number < 0 else END
