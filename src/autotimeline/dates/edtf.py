"""Parse dates: a profile of EDTF (ISO 8601-2:2019, Library of Congress specification of 2019-02-04), and words.

`phrases` rewrites the words of people to the texts that this module parses. So the store, the command line, and
imported cells accept the same words. A phrase that is refused has a rule in `diagnose`.
"""

from __future__ import annotations

from autotimeline.dates.calendar import DatePoint, is_too_long, name_year_parts, try_parse_point
from autotimeline.dates.span import BEGIN, END, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.dates.span import DayPair, DayQuad

_MISSING_ENDS = ("", "..")  # unknown, open


def parse_date(text: str) -> Span:
    """Parse a date: EDTF, another accepted spelling, or the text for people.

    Raises:
        DateError: If the text is not a date.
    """
    if (span := try_parse_date(text)) is None:
        from autotimeline.dates.diagnose import invalid_date_error

        raise invalid_date_error(text)
    return span


def parse_typed_date(text: str) -> Span:
    """Parse a date that a person typed, or that a table contains: as in a store, but `2021-22` may be two years.

    Raises:
        DateError: If the text is not a date, or is ambiguous.
    """
    span = try_parse_date(text)
    if span is None or not is_unambiguous(text, span):
        from autotimeline.dates.diagnose import invalid_date_error

        raise invalid_date_error(text, typed=True)
    return span


def is_unambiguous(text: str, span: Span) -> bool:
    """Return whether a typed text only means the span; a code may also be two years, and `1900s` a century."""
    if "00s" in text.lower():
        return False
    if span.edtf == span.shown or "-" not in text:  # it contains no code
        return True
    from autotimeline.dates.year_ranges import explain_typed_pair

    return explain_typed_pair(text) is None


def date_to_toml(span: Span) -> str:
    """Return the text of a date in a file, the inverse of `date_from_toml`: EDTF, but with `2025Q1` for `2025-33`."""
    return name_year_parts(span.edtf)


def is_canonical(text: str, span: Span) -> bool:
    """Return whether a text is a spelling in which the program writes its date, so that no words are lost."""
    return text.strip() in (span.edtf, span.shown, date_to_toml(span))


def date_from_toml(value: object) -> Span:
    """Return the date of a TOML value: a string, a local date, or a year of four digits.

    Raises:
        DateError: If the value has another type, or includes a time.
    """
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
        return parse_date(str(value))
    # A datetime is an instance of date, too.
    from datetime import date

    if type(value) is date:
        return parse_date(value.isoformat())
    from autotimeline.dates.diagnose import invalid_value_error

    raise invalid_value_error(value)


def try_parse_date(text: str) -> Span | None:
    """Parse a date as `parse_date` does, but return None if the text is not a date."""
    span = try_parse_simple_date(text)
    if span is None and (simple := simplify_phrase(text)) is not None:
        return try_parse_simple_date(simple)
    return span


def simplify_phrase(text: str) -> str | None:
    """Return a phrase as a text that `try_parse_simple_date` accepts; None if it is not a date."""
    if is_too_long(text) or not any(map(str.isdigit, text)):
        return None
    from autotimeline.dates.phrases import simplify

    return simplify(text)


def try_parse_simple_date(text: str) -> Span | None:
    """Parse EDTF and the text for people, without other words; None if the text is neither."""
    body = text.strip()
    if not body or is_too_long(body):
        return None
    if (point := try_parse_point(body)) is not None:
        return _point_to_span(point)
    if body[0] == "[":
        return _parse_set(body[1:-1].split(",")) if body[-1] == "]" else None
    if "/" in body:
        left, _, right = body.partition("/")
        # "winter 2022/2023" is one winter.
        return None if left[:7].lower() == "winter " and right.isdigit() else _parse_interval(left, right)
    if ".." in body:
        left, _, right = body.partition("..")
        return _parse_interval(left or "..", right or "..")
    return _parse_phrase(body.lower())


def deadline_start(date: Span) -> int:
    """Return the first day of the period in which a date without a first day ends: 1 December of `by 2026-12`."""
    points = filter(None, map(try_parse_point, date.edtf.strip("[]").replace("..", "/").replace(",", "/").split("/")))
    return max(points, key=lambda point: point.last).earliest_start


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
    bounds = point.earliest_start, point.latest_start, point.earliest_end, point.latest_end
    return _single_point_span(point.edtf, point.shown, bounds, (point.first, point.last))


def _single_point_span(edtf: str, shown: str, throughout: DayQuad, nominal: DayPair) -> Span:
    """Return the span of one point, known or not, whose start and end have these bounds."""
    s1, s2, e1, e2 = throughout
    return Span(edtf, shown, within=(s1, e2), throughout=throughout, window=(s1, e2, s2, e1), nominal=nominal)


def _parse_interval(left: str, right: str) -> Span | None:
    first, last = try_parse_point(left), try_parse_point(right)
    if (first is None and left not in _MISSING_ENDS) or (last is None and right not in _MISSING_ENDS):
        return None
    if first and last:
        if last.last < first.first:
            return None
        start, end = (first.earliest_start, first.latest_end), (last.earliest_start, last.latest_end)
        inner = first.latest_start, last.earliest_end
        shown, nominal = f"{first.shown}/{last.shown}", (first.first, last.last)
    elif first:
        # An unknown end may be as early as the start; an open one has no last day.
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
        point = None if dots else try_parse_point(member)
        part = _point_to_span(point) if point else _parse_range_member(left, right) if dots else None
        if part is None:
            return None
        parts.append(part)
    if len(parts) == 1 and ".." not in parts[0].edtf:
        return parts[0]
    s1, s2, e1, e2 = zip(*(part.throughout for part in parts), strict=True)
    return _single_point_span(
        f"[{','.join(part.edtf for part in parts)}]",
        " or ".join(part.shown for part in parts),
        (min(s1), max(s2), min(e1), max(e2)),
        (min(part.nominal[0] for part in parts), max(part.nominal[1] for part in parts)),
    )


def _parse_range_member(left: str, right: str) -> Span | None:
    """Parse `left..right`, a member of a set: one point of that precision, from `left` to `right`."""
    first, last = try_parse_point(left), try_parse_point(right)
    if (first is None and left) or (last is None and right):
        return None
    if first and last:
        if last.last < first.first:
            return None
        s1, e2 = min(first.earliest_start, last.earliest_start), max(first.latest_end, last.latest_end)
        s2, e1 = max(first.latest_start, last.latest_start), min(first.earliest_end, last.earliest_end)
        if first.months != last.months:
            # Two precisions do not determine that of the point: it may be any day.
            s2, e1 = e2, s1
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
    return _single_point_span(edtf, shown, (s1, s2, e1, e2), nominal)
