"""The profile of EDTF (ISO 8601-2:2019, Library of Congress specification of 2019-02-04) of the store.

Only what a text means lives here; why another is refused, and what to write instead, is worked out in
`autotimeline.dates.diagnose`, which nobody loads who writes good dates.
"""

from __future__ import annotations

from autotimeline.dates.calendar import DatePoint, is_too_long
from autotimeline.dates.calendar import try_parse_point as read_point
from autotimeline.dates.span import BEGIN, END, Span

_MISSING_ENDS = ("", "..")  # an end that is unknown, and one that is open


def parse_date(text: str) -> Span:
    """Read a date of the profile, in the form to write, one also read, or the form shown.

    Raises:
        DateError: It is no such date; the message names the text and says what to write instead.
    """
    span = try_parse_date(text)
    if span is None:
        from autotimeline.dates.diagnose import invalid_date_error

        raise invalid_date_error(text)
    return span


def date_from_toml(value: object) -> Span:
    """Read a date as TOML gives it: a string, a local date, or a whole year of four digits.

    Raises:
        DateError: It is anything else, a date with a time included.
    """
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
        return parse_date(str(value))
    # Times are dates to isinstance, so the type itself is asked.
    from datetime import date

    if type(value) is date:
        return parse_date(value.isoformat())
    from autotimeline.dates.diagnose import invalid_value_error

    raise invalid_value_error(value)


def try_parse_date(text: str) -> Span | None:
    """Read as `parse` does, but give None where the text is no date of the profile."""
    body = text.strip()
    if not body or is_too_long(body):
        return None
    point = read_point(body)
    if point is not None:
        return _point_to_span(point)
    if body[0] == "[":
        return None if body[-1] != "]" or " " in body else _parse_set(body[1:-1].split(","))
    if "/" in body:
        left, _, right = body.partition("/")
        return _parse_interval(left, right)
    if ".." in body:
        left, _, right = body.partition("..")
        return _parse_interval(left or "..", right or "..")
    return _parse_phrase(body.lower())


def _parse_phrase(body: str) -> Span | None:
    keyword, _, rest = body.partition(" ")
    if keyword in ("since", "from"):
        bound = rest.removesuffix(", end unknown")
        return _parse_interval(bound, ".." if bound == rest else "")
    if keyword == "until":
        bound = rest.removesuffix(", start unknown")
        return _parse_interval(".." if bound == rest else "", bound)
    members = body.replace(" or later", "..").split(" or ")
    if len(members) > 1 or keyword in ("by", "between") or members[0].endswith(".."):
        return _parse_set([_phrase_to_member(member) for member in members])
    return None


def _phrase_to_member(phrase: str) -> str:
    keyword, _, rest = phrase.partition(" ")
    if keyword == "by":
        return f"..{rest}"
    return rest.replace(" and ", "..", 1) if keyword == "between" else phrase


def _point_to_span(point: DatePoint) -> Span:
    earliest_start, latest_start, earliest_end, latest_end = (
        point.earliest_start,
        point.latest_start,
        point.earliest_end,
        point.latest_end,
    )
    return Span(
        point.edtf,
        point.shown,
        within=(earliest_start, latest_end),
        throughout=(earliest_start, latest_start, earliest_end, latest_end),
        window=(earliest_start, latest_end, latest_start, earliest_end),
        nominal=(point.first, point.last),
    )


def _parse_interval(left: str, right: str) -> Span | None:
    first, last = read_point(left), read_point(right)
    if (first is None and left not in _MISSING_ENDS) or (last is None and right not in _MISSING_ENDS):
        return None
    if first and last:
        if last.last < first.first:
            return None
        start, end, inner = (
            (first.earliest_start, first.latest_end),
            (last.earliest_start, last.latest_end),
            (first.latest_start, last.earliest_end),
        )
        shown, nominal = f"{first.shown}/{last.shown}", (first.first, last.last)
    elif first:
        # An end that nobody knows may be as early as the start; one that is open never comes.
        bound, suffix = (END, "") if right else (first.earliest_start, ", end unknown")
        start, end, inner = (first.earliest_start, first.latest_end), (bound, END), (first.latest_start, bound)
        shown, nominal = f"from {first.shown}{suffix}", (first.first, END)
    elif last:
        bound, suffix = (BEGIN, "") if left else (last.latest_end, ", start unknown")
        start, end, inner = (BEGIN, bound), (last.earliest_start, last.latest_end), (bound, last.earliest_end)
        shown, nominal = f"until {last.shown}{suffix}", (BEGIN, last.last)
    else:
        return None
    return Span(
        f"{first.edtf if first else left}/{last.edtf if last else right}",
        shown,
        within=(start[0], end[1]),
        throughout=(*start, *end),
        window=(start[0], end[1], *inner),
        nominal=nominal,
    )


def _parse_set(members: list[str]) -> Span | None:
    parts: list[Span] = []
    for member in members:
        left, dots, right = member.partition("..")
        part = _parse_range_member(left, right) if dots else _parse_point_member(member)
        if part is None:
            return None
        parts.append(part)
    if len(parts) == 1 and ".." not in parts[0].edtf:
        return parts[0]
    earliest_starts, latest_starts, earliest_ends, latest_ends = zip(*(part.throughout for part in parts), strict=True)
    s1, s2, e1, e2 = min(earliest_starts), max(latest_starts), min(earliest_ends), max(latest_ends)
    return Span(
        f"[{','.join(part.edtf for part in parts)}]",
        " or ".join(part.shown for part in parts),
        within=(s1, e2),
        throughout=(s1, s2, e1, e2),
        window=(s1, e2, s2, e1),
        nominal=(min(part.nominal[0] for part in parts), max(part.nominal[1] for part in parts)),
    )


def _parse_point_member(member: str) -> Span | None:
    point = read_point(member)
    return _point_to_span(point) if point else None


def _parse_range_member(left: str, right: str) -> Span | None:
    """Read `left..right` as a member of a set: one point of that precision, from `left` to `right`."""
    first, last = read_point(left), read_point(right)
    if (first is None and left) or (last is None and right):
        return None
    if first and last:
        if last.last < first.first:
            return None
        s1, e2 = min(first.earliest_start, last.earliest_start), max(first.latest_end, last.latest_end)
        # Between two precisions nobody knows how fine the answer is: any day will do.
        same_precision = first.months == last.months
        s2, e1 = (
            (max(first.latest_start, last.latest_start), min(first.earliest_end, last.earliest_end))
            if same_precision
            else (e2, s1)
        )
        shown, nominal = f"between {first.shown} and {last.shown}", (first.first, last.last)
    elif first:
        s1, s2, e1, e2 = first.earliest_start, END, first.earliest_end, END
        shown, nominal = f"{first.shown} or later", (first.first, END)
    elif last:
        s1, s2, e1, e2 = BEGIN, last.latest_start, BEGIN, last.latest_end
        shown, nominal = f"by {last.shown}", (BEGIN, last.last)
    else:
        return None
    edtf = f"{first.edtf if first else ''}..{last.edtf if last else ''}"
    bounds = (s1, s2, e1, e2)
    return Span(edtf, shown, within=(s1, e2), throughout=bounds, window=(s1, e2, s2, e1), nominal=nominal)
