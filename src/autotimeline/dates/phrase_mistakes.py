"""Error messages for phrases that are not dates: a wrong weekday, several dates, two years. Loaded only for digits."""

import re

from autotimeline.dates.calendar import name_year_parts
from autotimeline.dates.phrases import WEEKDAYS, parse_pair, parse_point, split_range, split_weekday
from autotimeline.dates.year_ranges import explain_separated_pair, explain_typed_pair


def explain_phrase(body: str, bare: str, *, typed: bool) -> str | None:
    """Return the message about a phrase, also given without its first word; None if no rule matches."""
    if message := (explain_typed_pair(body) if typed else None) or explain_separated_pair(bare):
        return message
    reason = _explain_weekday(body.lower()) or _explain_several(body.lower()) or _explain_reversed_words(body.lower())
    return f'"{body}" {reason}' if reason else None


def _explain_weekday(body: str) -> str | None:
    rest, weekday = split_weekday(body)
    point = parse_point(rest) if weekday is not None else None
    if point is None or point.months:
        return None
    stated, actual = (WEEKDAYS[number % 7].title() for number in (weekday or 0, point.first - 1))
    return f"is not a {stated}: {point.edtf} is a {actual}; correct one"


def _explain_several(body: str) -> str | None:
    first, _, last = body.partition(" and ")
    pair = parse_pair(first, last) if last else None
    if pair is None or first.startswith(("between ", "bet ")):
        return None
    inner = ",".join(name_year_parts(point.edtf) for point in pair)
    return f"means all of several dates: write one event for each, or [{inner}] for one of them"


def _explain_reversed_words(body: str) -> str | None:
    pair = split_range(body)
    if pair is None or pair[1].last >= pair[0].first or body.startswith("between "):
        return None
    if len(re.findall("[0-9]{4}", body)) == 1:
        return "starts after it ends: write the year of both days"
    return f"ends before it starts: write {name_year_parts(f'{pair[1].edtf}/{pair[0].edtf}')}"
