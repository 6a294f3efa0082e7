"""The reasons why a text is not a point of the calendar, as patterns with their messages."""

import re
from collections.abc import Callable
from datetime import date

from autotimeline.dates.calendar import PARTS_BY_NAME, SEASON_NAMES, name_year_parts, try_parse_point

_Rule = tuple[str, str | Callable[[re.Match[str]], str | None]]

_OUT_OF_RANGE = "is outside the years 0001 to 9999: omit the date, and keep the source's words in `printed`"
_OPEN_DIGITS = r"([\dX]{4})(?:-([\dX]{2}))?(?:-[\dX]{2})?"
_CENTURY = r"(?:the )?(\d{1,2})(?:st|nd|rd|th)[ -]century"


def explain_point(point: str) -> str | None:
    """Return the reason for a text that is not a point; None if no rule matches."""
    if reason := _explain_marked_component(point):
        return reason
    mark = point[-1] if point[-1:] in ("~", "?", "%") else ""
    # Most words of a query have no digits, and each pattern that is compiled takes time.
    has_digits = any(map(str.isdigit, point))
    for pattern, explain in (*(_DIGIT_RULES if has_digits else ()), *_WORD_RULES):
        match = re.fullmatch(pattern, point.removesuffix(mark), re.ASCII | re.IGNORECASE)
        if match and (reason := explain if isinstance(explain, str) else explain(match)):
            return reason
    return None


def _explain_basic_format(match: re.Match[str]) -> str | None:
    iso = "-".join(group for group in match.groups() if group)
    return f"is in basic format: write {iso}" if try_parse_point(iso) else None


def _explain_long_year(match: re.Match[str]) -> str:
    year = match[0][1:]
    in_range = year.isdigit() and 1 <= int(year) <= 9999
    return f"is a year in the long form: write {int(year):04}" if in_range else _OUT_OF_RANGE


def _explain_significant_digits(match: re.Match[str]) -> str:
    year, count = match[1], int(match[2])
    open_year = f"{year[:count]}{'X' * (4 - count)}"
    return f"has significant digits: write {open_year if try_parse_point(open_year) else year}"


def _explain_marked_component(point: str) -> str | None:
    marks = re.findall("[~?%]", point)
    if len(marks) < 2 and point.endswith(("~", "?", "%")):
        return None
    bare = re.sub("[~?%]", "", point)
    if not marks or not try_parse_point(bare):
        return None
    return f"marks a part of the date: put one mark at its end, {bare}{marks[0] if len(set(marks)) == 1 else '%'}"


def _explain_sub_year(match: re.Match[str]) -> str:
    from autotimeline.dates.year_ranges import two_years_hint

    year, number = match[1], int(match[2])
    years = two_years_hint(year, match[2])
    if number == 0:
        return f"has no month 00: write the year, {year}{years}"
    if 25 <= number <= 28:
        season = SEASON_NAMES[number - 25]
        return f"is {season} in the northern hemisphere: write {year} {season}{years}"
    if 29 <= number <= 32:
        first, last = (9, 12, 3, 6)[number - 29], (11, 2, 5, 8)[number - 29]
        months = f"{year}-{first:02}/{int(year) + (last < first):04}-{last:02}"
        return f"is {SEASON_NAMES[number - 29]} in the southern hemisphere: write its months, {months}{years}"
    if 37 <= number <= 39:
        start = (number - 37) * 4 + 1
        return f"is a quadrimester: write its months, {year}-{start:02}/{year}-{start + 3:02}{years}"
    if year == "9999" and number == 24:
        return "ends after the year 9999: write its month, 9999-12"
    names = f"write a month from 01 to 12, or a part such as {year}Q1, {year}H1 or {year} spring"
    return f"is not a part of a year: {years.removeprefix('; ') or names}"


def _explain_missing_day(year: str, month: int) -> str:
    if month == 0:
        return f"has no month 00: write the year, {year}" if year != "0000" else _OUT_OF_RANGE
    if month > 12:
        return f"has no month {month:02}: write 01 to 12"
    month_point = try_parse_point(f"{year}-{month:02}")
    if not month_point:
        return _OUT_OF_RANGE
    last = month_point.last - month_point.first + 1
    return f"does not exist: write a day from 01 to {last}, or the month, {month_point.edtf}"


def _explain_worded_day(match: re.Match[str]) -> str | None:
    month = PARTS_BY_NAME.get(match["name"].lower(), 0)
    return _explain_missing_day(match["year"], month) if 1 <= month <= 12 else None


def _explain_time(match: re.Match[str]) -> str:
    """Explain a time of day, or the day before it if that is not valid either."""
    from autotimeline.dates.phrases import parse_point

    day = parse_point("-".join(match.groups()))
    return (
        f"has a time of day: write only the day, {day.edtf}" if day else _explain_missing_day(match[1], int(match[2]))
    )


def _explain_digits(match: re.Match[str]) -> str:
    """Explain ten or more digits, perhaps a day with a time in the basic format."""
    year, month, day, time = match.groups()
    if point := try_parse_point(f"{year}-{month}-{day}"):
        is_midnight = not time.strip("0")
        return (
            f"{'is in basic format: write' if is_midnight else 'has a time of day: write only the day,'} {point.edtf}"
        )
    return "is a number, not a date: write it as 2025-03-25"


def _explain_vague(match: re.Match[str]) -> str | None:
    """Offer the parts of a period that a word such as "late" may mean; None if the rest is not a period."""
    from autotimeline.dates.phrases import parse_point

    word, point = match["word"].lower(), parse_point(match["rest"].lower())
    if century := re.fullmatch(_CENTURY, match["rest"], re.ASCII | re.IGNORECASE):
        return _explain_century(century)
    if not point or not point.months:
        return None
    year = point.edtf
    parts = {
        "e": f"{year}H1, {year}Q1",
        "b": f"{year}H1, {year}Q1",
        "s": f"{year}H1, {year}Q1",
        "m": f"{year}Q2, {year}Q3",
    }
    parts |= {"l": f"{year}H2, {year}Q4", "en": f"{year}Q4, {year}-12"}
    choice = parts.get(word[:2], parts.get(word[0], "")) if point.months == 12 and year.isdigit() else ""
    return f"is vague: write what the source supports, {choice}{' or ' if choice else ''}{name_year_parts(year)}"


def _explain_century(match: re.Match[str]) -> str:
    century = int(match[1]) - 1
    span = f"{century:02}XX, for {century * 100} to {century * 100 + 99}" if century > 0 else "0001/0100"
    return f"is a century: write {span}"


def _explain_short_year(match: re.Match[str]) -> str:
    number = int(match[1] or match[2])
    centuries = f", or with its century, as {1900 + number}" if number < 100 and match[1] else ""
    return f"is not a year of four digits: write {number:04}{centuries}"


def _explain_open_digits(match: re.Match[str]) -> str | None:
    year, month = match[1].upper(), match[2]
    if "X" not in match.string.upper():
        return None
    known_part = year if "X" in year or not month or not try_parse_point(f"{year}-{month}") else f"{year}-{month}"
    if not try_parse_point(known_part):
        return "has unknown digits: omit the date, and keep the source's words in `printed`"
    unit = "month" if len(known_part) > 4 else {0: "year", 1: "decade"}.get(known_part.count("X"), "century")
    return f"has unknown digits: write the {unit}, {known_part}"


def _explain_week(match: re.Match[str]) -> str | None:
    year, week, day = int(match[1]), int(match[2]), match[3]
    try:
        first = date.fromisocalendar(year, week, int(day or 1))
        last = first if day else date.fromisocalendar(year, week, 7)
    except ValueError:
        return f"has no such week or day: write the days themselves, as {year:04}-03-17/{year:04}-03-23"
    return f"is a week date: write {first}" if day else f"is a week date: write its days, {first}/{last}"


def _explain_day_of_year(match: re.Match[str]) -> str | None:
    year = try_parse_point(match[1])
    day = year.first + int(match[2]) - 1 if year else 0
    return f"is a day of the year: write {date.fromordinal(day)}" if year and year.first <= day <= year.last else None


def _explain_missing_year(match: re.Match[str]) -> str | None:
    words = re.split(r"[ .,/-]+", match.string.lower())
    number = next((PARTS_BY_NAME[word] for word in words if word in PARTS_BY_NAME), 0)
    if not number or len(words) > 3 or any(len(word) > 2 and word.isdigit() for word in words):
        return None
    digits = [word.removeprefix("'") for word in words if word.removeprefix("'").isdigit()]
    if number <= 12 and digits and words[-1].removeprefix("'") == digits[-1] and len(digits[-1]) == 2:
        day = f"-{int(digits[0]):02}" if len(digits) == 2 else ""
        readings = [f"{century}{digits[-1]}-{number:02}{day}" for century in (20, 19)]
        if all(map(try_parse_point, readings)):
            readings += ["the day with its year"] if len(words) == 2 and digits[0] == words[-1] else []
            return f"has a year of two digits: write {' or '.join(readings)}"
    example = try_parse_point(f"2025-{number:02}")
    return f"has no year of four digits: write one, as {example.shown}" if example else None


# A pattern for a whole point, and the reason why a match is invalid, or a function that returns it; the first wins.
_DIGIT_RULES: tuple[_Rule, ...] = (
    (r"\+?(\d{4})-?(\d\d)-?(\d\d)[T ]\d.*", _explain_time),
    (r"Y-?\d+(?:E\d+)?(?:S\d+)?", _explain_long_year),
    (r"(?:-\d+|\+\d{5,}|0000|000X|00XX)(?:[-sS].*)?|0000-.*", _OUT_OF_RANGE),
    (r"(?:circa |ca?\. ?|~)?\d+(?:st|nd|rd|th)?(?: century)? ?(?:bce?|b\.c\.(?:e\.)?)", _OUT_OF_RANGE),
    (r"\+(\d{4}(?:-\d\d){0,2})", lambda match: f"starts with a plus sign: write {match[1]}"),
    (r"(\d{4})S([1-9])", _explain_significant_digits),
    (r"(\d{4})(\d\d)(\d\d)|(?!\d{4}(?:00|1[3-9]))(\d{4})(\d\d)", _explain_basic_format),
    (r"(\d{1,3})|(?:ad |a\.d\. ?|ce )?(\d{1,3})(?: ad| a\.d\.| ce)?", _explain_short_year),
    (r"(\d{4})(\d\d)(\d\d)(\d\d+)", _explain_digits),
    (r"\d{6,}", "is a number, not a date: write it as 2025-03-25"),
    (r"\d{5}", _OUT_OF_RANGE),
    (r"(\d{4})-(\d\d)", _explain_sub_year),
    (r"(\d{4})-(\d\d)-\d\d", lambda match: _explain_missing_day(match[1], int(match[2]))),
    (r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<name>[a-z]+),? (?P<year>\d{4})", _explain_worded_day),
    (r"(?P<name>[a-z]+) (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", _explain_worded_day),
    (_OPEN_DIGITS, _explain_open_digits),
    (r"(\d{4})-?W(\d\d)(?:-?(\d))?", _explain_week),
    (r"(\d{4})-([0-3]\d\d)", _explain_day_of_year),
    (r"'(\d\d)", lambda match: f"has a year of two digits: write 20{match[1]} or 19{match[1]}"),
    (
        r"(?:the )?(\d\d)00'?s",
        lambda match: f"is ambiguous: write {match[1]}0X for the decade, or {match[1]}XX for the century",
    ),
    (_CENTURY, _explain_century),
    (
        r"(?:the )?(?P<word>early|mid|middle|late|end|beginning|start)(?: of|-| )+(?:the )?(?P<rest>.*\d.*)",
        _explain_vague,
    ),
    (r"(?:fy|fiscal(?: year)?) ?'?\d.*", "is a fiscal year: write its first and last month, as 2022-10/2023-09"),
)
_WORD_RULES: tuple[_Rule, ...] = (
    (_OPEN_DIGITS, _explain_open_digits),
    (r"n\.? ?d\.?|undated|unknown|none|n/a|[?-]+", "states no date: omit it"),
    (
        r"(?:today|now|yesterday|tomorrow|present|(?:last|this|next) .*|.* ago)",
        "is a relative word: write the day itself, as 2025-03-25",
    ),
    (r"[a-z].*|\d{1,2}[ -].*", _explain_missing_year),
)
