"""Dates and amounts as people write them: in one table by their outcomes, and generated with bounds from `calendar`."""

from __future__ import annotations

import calendar
import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phrase_table import ROWS

from autotimeline.cli.days import day_resolver
from autotimeline.dates.edtf import date_to_toml, is_canonical, parse_date, parse_typed_date, try_parse_date
from autotimeline.dates.human import parse_window
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import DateError, QuantityError, UsageError
from autotimeline.importing.date_formats import DateReader
from autotimeline.quantities.parse import parse_quantity
from autotimeline.store.table_reader import TableReader

TODAY = date(2025, 11, 22).toordinal()
TOP = Path(__file__).parents[2]
DESIGN = Path(os.environ.get("AUTOTIMELINE_SHARED", TOP.parent / "shared")) / "DESIGN.md"


def store_date(text: str) -> str:
    reader = TableReader({"date": text})
    span = reader.get_date("date")
    return span.edtf if span else f"! {reader.problems[0][1].removeprefix('date: ')}"


def cell_date(text: str) -> str:
    try:
        return DateReader().read(text).edtf
    except DateError as error:
        return f"! {error}"


# The dates that have one meaning everywhere.
DATES = [text for kind, text, store, typed, _ in ROWS if kind == "date" and not store.startswith("!") and not typed]


def test_the_documented_words_are_in_the_table() -> None:
    text = (TOP / "docs/dates.md").read_text("utf-8")
    cells = [line.partition(": ")[0] for line in text.splitlines() if line.startswith("- `")]
    documented = [word for cell in cells for word in re.findall("`([^`]+)`", cell)]
    assert len(documented) > 80
    assert not set(documented) - {text for _, text, *_ in ROWS}


ISO = re.compile(r"\d{4}(-\d\d){0,2}")
DOCUMENTS = [*sorted((TOP / "docs").glob("*.md")), TOP / "README.md", DESIGN]
# Answers, variables of a shell, and distances are neither.
NEITHER = re.compile(r".*\b(days|months|years)|\$\d|[-+]\d+[dwmy]|[0-9a-f]{64}|\W*[\d.]+(–\d+)?")


def documented_phrases(text: str) -> set[str]:
    """Return the dates and amounts in code, in quotes, and after options, without those in plain ISO 8601."""
    spans = re.findall(r'`([^`\n]+)`|"([^"\n]+)"|“([^”\n]+)”|--(?:date|period|source-date) ([^" \n]+)', text)
    found = {"".join(groups) for groups in spans}
    found |= {text.partition("=")[2].strip('"') for text in found}
    return {text for text in found if is_date(text) or is_amount(text)}


def is_date(text: str) -> bool:
    return not ISO.fullmatch(text) and try_parse_date(text) is not None


def is_amount(text: str) -> bool:
    try:
        return not (ISO.fullmatch(text) or NEITHER.fullmatch(text)) and bool(parse_quantity(text))
    except QuantityError:
        return False


@pytest.mark.parametrize(
    "document", [*sorted((TOP / "docs").glob("*.md")), TOP / "README.md", DESIGN], ids=lambda p: p.name
)
def test_the_phrases_of_the_documents_are_in_the_table(document: Path) -> None:
    if not document.exists():
        pytest.skip("the design is not here")
    assert not documented_phrases(document.read_text("utf-8")) - {text for _, text, *_ in ROWS}


@pytest.mark.parametrize("text", DATES)
def test_a_query_reads_a_phrase_with_the_bounds_of_a_store(text: str) -> None:
    def reject_name(name: str) -> tuple[int, int, int, int]:
        raise UsageError(name)

    window = parse_window(text, TODAY, reject_name)
    assert ((window.outer_first, window.outer_last), window.relative) == (parse_date(text).within, False)


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_written_with_names_and_read_again(text: str) -> None:
    span = parse_date(text)
    written = date_to_toml(span)
    assert parse_typed_date(written) == parse_date(written) == span
    assert all(is_canonical(canonical, span) for canonical in (written, span.shown, span.edtf))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-33", "2025Q1"),
        ("2025-40~/2026-21?", "2025H1~/2026 spring?"),
        ("2025-03-24", "2025-03-24"),
        ("[..2025-41]", "[..2025H2]"),
    ],
)
def test_a_file_has_names_for_the_parts_of_a_year(text: str, expected: str) -> None:
    assert date_to_toml(parse_date(text)) == expected


@pytest.mark.parametrize("text", ["in until 2026", "the to 2026", "c. – 2026", "in or 2026"])
def test_a_word_alone_does_not_take_the_year_of_the_second_point(text: str) -> None:
    assert try_parse_date(text) is None


def test_words_that_are_not_canonical_are_known() -> None:
    assert not is_canonical("October 2023", parse_date("October 2023"))


RELATIVE = {
    "today": "2025-11-22",
    "Yesterday": "2025-11-21",
    "3 days ago": "2025-11-19",
    "last year": "2024",
    "this-month": "2025-11",
    "last quarter": "2025Q3",
    "next week": "2025-11-24/2025-11-30",
    # A distance of weeks or more is not a day.
    "3 weeks ago": None,
    "+18m": None,
    "last 3 months": None,
    "2024": None,
    "soon": None,
}


@pytest.mark.parametrize("text", RELATIVE)
def test_relative_words_are_dates_where_a_person_types(text: str) -> None:
    assert day_resolver(TODAY)(text) == RELATIVE[text]


@pytest.mark.parametrize("text", [text for text, expected in RELATIVE.items() if expected and text != "2024"])
def test_relative_words_are_dates_neither_in_a_store_nor_in_a_cell(text: str) -> None:
    assert store_date(text).startswith("! ")
    assert cell_date(text).startswith("! ")


# --- columns

SEASONS = ["1903-11", "2021-05", "1999-00", "1857-61"]


def read_column(texts: list[str], format: str | None = None) -> list[str]:
    reader = DateReader([format] if format else [])
    reader.detect_year_ranges([("when", texts)])
    outcomes = []
    for text in texts:
        try:
            outcomes.append(reader.read(text, "when").edtf)
        except DateError as error:
            outcomes.append(str(error))
    return outcomes


def test_one_range_makes_all_of_a_column_ambiguous() -> None:
    format = "or add --date-format YYYY-YY"
    assert read_column([*SEASONS, "1905"]) == [
        f'"1903-11" is ambiguous: write Nov 1903; if these are two years, write 1903/1911, {format}',
        f'"2021-05" is ambiguous: write May 2021; if these are two years, write 2021/2105, {format}',
        f'"1999-00" is ambiguous: write 1999; if these are two years, write 1999/2000, {format}',
        f'"1857-61" is not a part of a year: if these are two years, write 1857/1861, {format}',
        "1905",
    ]


def test_a_code_that_may_be_two_years_makes_those_ambiguous_that_may_be() -> None:
    outcomes = read_column(["2021-22", "2009-10", "2021-05"])
    assert outcomes[1].startswith('"2009-10" is ambiguous: write Oct 2009; if these are two years, write 2009/2010')
    assert outcomes[2] == "2021-05"


def test_a_column_of_months_has_months() -> None:
    assert read_column(["1903-11", "2009-10", "2025-21"]) == ["1903-11", "2009-10", "2025-21"]


def test_a_named_format_reads_two_years() -> None:
    assert read_column(SEASONS, "YYYY-YY") == ["1903/1911", "2021/2105", "1999/2000", "1857/1861"]
    assert read_column(["1860/70", "1860", "c. 1850"], "YYYY/YY") == ["1860/1870", "1860", "1850~"]


# --- generated phrases, with bounds from the standard library

Bounds = tuple[int, int]
YEAR = st.integers(1000, 9990)
MONTH = st.integers(1, 12)


def month_bounds(year: int, first: int, last: int) -> Bounds:
    return date(year, first, 1).toordinal(), date(year, last, calendar.monthrange(year, last)[1]).toordinal()


def day_phrases(day: date) -> list[str]:
    month, short = calendar.month_name[day.month], calendar.month_abbr[day.month]
    weekday, suffix = calendar.day_name[day.weekday()], {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    suffix = "th" if day.day in (11, 12, 13) else suffix
    return [
        *(f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}", f"{short}. {day.day}{suffix}, {day.year}"),
        *(f"{weekday}, {month} {day.day}, {day.year}", f"{weekday[:3]} {day.day} {short} {day.year}"),
        *(f"{day.day:02}-{short}-{day.year}", f"{day.day} {short.upper()} {day.year}", f"{day}T00:00:00Z", f"{day}"),
    ]


def part_phrases(year: int, kind: str, number: int) -> list[str]:
    ordinal = ("first", "second", "third", "fourth")[number - 1]
    letter = kind[0].upper()
    short = [f"{letter}{number} {year}", f"{number}{letter} {year}", f"{year}-{letter}{number}"]
    return [*short, f"the {ordinal} {kind} of {year}"]


@st.composite
def points(draw: st.DrawFn, year: st.SearchStrategy[int] = YEAR) -> tuple[str, Bounds]:
    chosen, kind = draw(year), draw(st.sampled_from(["day", "month", "quarter", "half", "year"]))
    if kind == "day":
        day = draw(st.dates(date(chosen, 1, 1), date(chosen, 12, 31)))
        return draw(st.sampled_from(day_phrases(day))), (day.toordinal(), day.toordinal())
    if kind == "month":
        month = draw(MONTH)
        names = calendar.month_name[month], calendar.month_abbr[month]
        forms = [f"{names[0]} {chosen}", f"{names[1]}. {chosen}", f"{names[1]}-{chosen}", f"{chosen}-{month:02}-00"]
        return draw(st.sampled_from(forms)), month_bounds(chosen, month, month)
    if kind == "year":
        return draw(st.sampled_from([f"{chosen}", f"{chosen}-00-00", f"in {chosen}"])), month_bounds(chosen, 1, 12)
    size = {"quarter": 3, "half": 6}[kind]
    number = draw(st.integers(1, 12 // size))
    bounds = month_bounds(chosen, size * (number - 1) + 1, size * number)
    return draw(st.sampled_from(part_phrases(chosen, kind, number))), bounds


BOUNDED = {
    "before": lambda first, last: (BEGIN, first - 1),
    "BEF": lambda first, last: (BEGIN, first - 1),
    "after": lambda first, last: (last + 1, END),
    "by": lambda first, last: (BEGIN, last),
    "by the end of": lambda first, last: (BEGIN, last),
    "until": lambda first, last: (BEGIN, last),
    "since": lambda first, last: (first, END),
    "on or after": lambda first, last: (first, END),
}


@given(points())
def test_a_point_has_its_bounds(point: tuple[str, Bounds]) -> None:
    text, bounds = point
    assert parse_date(text).within == parse_typed_date(text).within == DateReader().read(text).within == bounds


@given(points(), st.sampled_from(list(BOUNDED)))
def test_a_bound_has_its_open_end(point: tuple[str, Bounds], word: str) -> None:
    text, bounds = point
    text = text.removeprefix("in ")
    assert parse_date(f"{word} {text}").within == BOUNDED[word](*bounds)


@given(points(), st.sampled_from(["c. ", "circa ", "about ", "ABT ", "EST "]))
def test_an_approximate_point_is_never_more_precise(point: tuple[str, Bounds], word: str) -> None:
    text, (first, last) = point
    span = parse_date(word + text.removeprefix("in "))
    assert span.qualified
    assert span.nominal == (first, last)
    assert span.within[0] < first
    assert span.within[1] > last


@given(points(st.integers(1000, 1900)), points(st.integers(1901, 2100)), st.sampled_from([" to ", " – ", "–"]))
def test_a_range_has_the_bounds_of_both_ends(left: tuple[str, Bounds], right: tuple[str, Bounds], sign: str) -> None:
    first, last = left[0].removeprefix("in "), right[0].removeprefix("in ")
    bounds = left[1][0], right[1][1]
    assert parse_date(f"{first}{sign}{last}").within == bounds
    assert parse_date(f"between {first} and {last}").within == bounds
    assert parse_date(f"from {first} to {last}").within == bounds


@given(YEAR, MONTH, st.data())
def test_days_of_one_month_share_its_name(year: int, month: int, data: st.DataObject) -> None:
    first, last = sorted(data.draw(st.tuples(*2 * (st.integers(1, 28),))))
    name = calendar.month_name[month]
    bounds = tuple(date(year, month, day).toordinal() for day in (first, last))
    for text in (f"{first}-{last} {name} {year}", f"{name} {first}–{last}, {year}", f"{first} to {last} {name} {year}"):
        assert parse_date(text).within == bounds, text


@given(YEAR, MONTH, MONTH)
def test_months_of_one_year_share_it(year: int, one: int, other: int) -> None:
    first, last = sorted((one, other))
    names = calendar.month_name[first], calendar.month_abbr[last]
    for sign in ("–", "-", " to "):
        assert parse_date(f"{names[0]}{sign}{names[1]} {year}").within == month_bounds(year, first, last)


@given(YEAR, st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 6))
def test_a_wrong_weekday_is_refused(year: int, day: date, shift: int) -> None:
    weekday = calendar.day_name[(day.weekday() + shift) % 7]
    assert try_parse_date(f"{weekday}, {day.day} {calendar.month_name[day.month]} {day.year}") is None


@given(YEAR, st.integers(0, 99))
def test_a_typed_pair_that_may_be_two_years_is_never_a_part_of_a_year(year: int, number: int) -> None:
    text = f"{year}-{number:02}"
    if number > 12 and number > year % 100:
        with pytest.raises(DateError) as error:
            parse_typed_date(text)
        assert f"if these are two years, write {year}/{year // 100 * 100 + number}" in str(error.value)
    elif (span := try_parse_date(text)) is not None and year % 100 != 99:
        assert parse_typed_date(text) == span


# --- amounts

SCALES = {
    **dict.fromkeys(("k", " thousand"), 3),
    **dict.fromkeys((" lakh",), 5),
    **dict.fromkeys(("m", "mn", " million", " Mio", " Mio."), 6),
    **dict.fromkeys((" crore",), 7),
    **dict.fromkeys(("bn", " billion", " Mrd", " mld"), 9),
    **dict.fromkeys((" tn", " trillion", " lakh crore"), 12),
}
MONEY_SCALES = {**SCALES, "M": 6, "MM": 6, "B": 9, "T": 12}
NUMBER = st.integers(1, 9999).map(lambda tenths: Decimal(tenths) / 10)


def bounds_of(text: str) -> tuple[Decimal | None, Decimal | None, str]:
    quantity = parse_quantity(text)
    return quantity.low, quantity.high, quantity.unit


@given(NUMBER, st.sampled_from(list(MONEY_SCALES)), st.sampled_from(["${}", "EUR {}", "{} EUR"]))
def test_an_amount_of_money_has_its_scale(number: Decimal, scale: str, template: str) -> None:
    value = number.scaleb(MONEY_SCALES[scale])
    unit = "USD" if "$" in template else "EUR"
    text = template.format(f"{number}{scale}")
    assert bounds_of(text) == (value, value, unit)
    assert bounds_of(f"-{text}" if "$" in template else f"at least {text}")[0] in (value, -value)
    at_least = template.format(f"{number}{scale}+")
    assert bounds_of(at_least) == (value, None, unit)


@given(NUMBER, st.sampled_from(list(SCALES)))
def test_a_number_has_its_scale_without_a_unit(number: Decimal, scale: str) -> None:
    value = number.scaleb(SCALES[scale])
    assert bounds_of(f"{number}{scale}") == (value, value, "")


@given(
    st.tuples(NUMBER, NUMBER).map(sorted),
    st.sampled_from(list(MONEY_SCALES)),
    st.sampled_from(["-", "–", " - ", " to "]),
)
def test_a_range_of_money_has_both_ends(pair: list[Decimal], scale: str, sign: str) -> None:
    low, high = (number.scaleb(MONEY_SCALES[scale]) for number in pair)
    forms = [f"${pair[0]}{sign}{pair[1]}{scale}", f"${pair[0]}{scale}{sign}${pair[1]}{scale}"]
    forms += [f"between {pair[0]} and {pair[1]}{scale} USD", f"{pair[0]}{sign}{pair[1]}{scale} USD"]
    for text in forms:
        assert bounds_of(text) == (low, high, "USD"), text
