"""The profile of EDTF (ISO 8601-2:2019, Library of Congress specification of 2019-02-04) of the store.

Only what a text means lives here; why another is refused, and what to write instead, is worked out in
`autotimeline.dates.diagnose`, which nobody loads who writes good dates.
"""

from __future__ import annotations

from autotimeline.dates.calendar import Point, too_long
from autotimeline.dates.calendar import read as read_point
from autotimeline.dates.span import BEGIN, END, Span

_NO_POINT = ("", "..")  # an end that is unknown, and one that is open


def parse(text: str) -> Span:
    """Read a date of the profile, in the form to write, one also read, or the form shown.

    Raises:
        DateError: It is no such date; the message names the text and says what to write instead.
    """
    span = read(text)
    if span is None:
        from autotimeline.dates.diagnose import refusal

        raise refusal(text)
    return span


def from_toml(value: object) -> Span:
    """Read a date as TOML gives it: a string, a local date, or a whole year of four digits.

    Raises:
        DateError: It is anything else, a date with a time included.
    """
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
        return parse(str(value))
    # Times are dates to isinstance, so the type itself is asked.
    from datetime import date

    if type(value) is date:
        return parse(value.isoformat())
    from autotimeline.dates.diagnose import value_refusal

    raise value_refusal(value)


def read(text: str) -> Span | None:
    """Read as `parse` does, but give None where the text is no date of the profile."""
    body = text.strip()
    if not body or too_long(body):
        return None
    point = read_point(body)
    if point is not None:
        return _of_point(point)
    if body[0] == "[":
        return None if body[-1] != "]" or " " in body else _one_of(body[1:-1].split(","))
    if "/" in body:
        left, _, right = body.partition("/")
        return _from_to(left, right)
    if ".." in body:
        left, _, right = body.partition("..")
        return _from_to(left or "..", right or "..")
    return _worded(body.lower())


def _worded(body: str) -> Span | None:
    lead, _, rest = body.partition(" ")
    if lead in ("since", "from"):
        known = rest.removesuffix(", end unknown")
        return _from_to(known, ".." if known == rest else "")
    if lead == "until":
        known = rest.removesuffix(", start unknown")
        return _from_to(".." if known == rest else "", known)
    members = body.replace(" or later", "..").split(" or ")
    if len(members) > 1 or lead in ("by", "between") or members[0].endswith(".."):
        return _one_of([_member(member) for member in members])
    return None


def _member(words: str) -> str:
    lead, _, rest = words.partition(" ")
    if lead == "by":
        return f"..{rest}"
    return rest.replace(" and ", "..", 1) if lead == "between" else words


def _of_point(point: Point) -> Span:
    low, late, soon, high = point.low, point.late, point.soon, point.high
    return Span(
        point.edtf,
        point.shown,
        within=(low, high),
        throughout=(low, late, soon, high),
        window=(low, high, late, soon),
        plain=(point.first, point.last),
    )


def _from_to(left: str, right: str) -> Span | None:
    first, last = read_point(left), read_point(right)
    if (first is None and left not in _NO_POINT) or (last is None and right not in _NO_POINT):
        return None
    if first and last:
        if last.last < first.first:
            return None
        start, end, inner = (first.low, first.high), (last.low, last.high), (first.late, last.soon)
        shown, plain = f"{first.shown}/{last.shown}", (first.first, last.last)
    elif first:
        # An end that nobody knows may be as early as the start; one that is open never comes.
        known, unknown = (END, "") if right else (first.low, ", end unknown")
        start, end, inner = (first.low, first.high), (known, END), (first.late, known)
        shown, plain = f"from {first.shown}{unknown}", (first.first, END)
    elif last:
        known, unknown = (BEGIN, "") if left else (last.high, ", start unknown")
        start, end, inner = (BEGIN, known), (last.low, last.high), (known, last.soon)
        shown, plain = f"until {last.shown}{unknown}", (BEGIN, last.last)
    else:
        return None
    return Span(
        f"{first.edtf if first else left}/{last.edtf if last else right}",
        shown,
        within=(start[0], end[1]),
        throughout=(*start, *end),
        window=(start[0], end[1], *inner),
        plain=plain,
    )


def _one_of(members: list[str]) -> Span | None:
    parts: list[Span] = []
    for member in members:
        left, dots, right = member.partition("..")
        part = _between(left, right) if dots else _whole(member)
        if part is None:
            return None
        parts.append(part)
    if len(parts) == 1 and ".." not in parts[0].edtf:
        return parts[0]
    starts, late, soon, ends = zip(*(part.throughout for part in parts), strict=True)
    s1, s2, e1, e2 = min(starts), max(late), min(soon), max(ends)
    return Span(
        f"[{','.join(part.edtf for part in parts)}]",
        " or ".join(part.shown for part in parts),
        within=(s1, e2),
        throughout=(s1, s2, e1, e2),
        window=(s1, e2, s2, e1),
        plain=(min(part.plain[0] for part in parts), max(part.plain[1] for part in parts)),
    )


def _whole(member: str) -> Span | None:
    point = read_point(member)
    return _of_point(point) if point else None


def _between(left: str, right: str) -> Span | None:
    """Read `left..right` as a member of a set: one point of that precision, from `left` to `right`."""
    first, last = read_point(left), read_point(right)
    if (first is None and left) or (last is None and right):
        return None
    if first and last:
        if last.last < first.first:
            return None
        s1, e2 = min(first.low, last.low), max(first.high, last.high)
        # Between two precisions nobody knows how fine the answer is: any day will do.
        alike = first.months == last.months
        s2, e1 = (max(first.late, last.late), min(first.soon, last.soon)) if alike else (e2, s1)
        shown, plain = f"between {first.shown} and {last.shown}", (first.first, last.last)
    elif first:
        s1, s2, e1, e2 = first.low, END, first.soon, END
        shown, plain = f"{first.shown} or later", (first.first, END)
    elif last:
        s1, s2, e1, e2 = BEGIN, last.late, BEGIN, last.high
        shown, plain = f"by {last.shown}", (BEGIN, last.last)
    else:
        return None
    edtf = f"{first.edtf if first else ''}..{last.edtf if last else ''}"
    bounds = (s1, s2, e1, e2)
    return Span(edtf, shown, within=(s1, e2), throughout=bounds, window=(s1, e2, s2, e1), plain=plain)
