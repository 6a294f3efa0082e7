"""Every kind of refusal, by its exact words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.dates.edtf import parse_date, try_parse_date
from autotimeline.errors import DateError, UsageError

GENERAL = "is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span of them, as 2025-01/2025-06"
YEARS = "is outside the years 0001 to 9999: omit the date, and keep the source's words in `printed`"
LEAVES = "has unknown digits: omit the date, and keep the source's words in `printed`"
NO_PART = "is not a part of a year: write 01 to 12, 21 to 24 (season), 33 to 36 (quarter), 40 or 41 (half)"

# The text, and the message after it.
WHOLE = [
    # times of day, basic format
    ("1985-04-12T23:20:30", "has a time of day: write only the day, 1985-04-12"),
    ("2025-03-25 10:00", "has a time of day: write only the day, 2025-03-25"),
    ("20050924T100000", "has a time of day: write only the day, 2005-09-24"),
    ("20050924", "is in basic format: write 2005-09-24"),
    ("200509", "is in basic format: write 2005-09"),
    # years
    ("0000", YEARS),
    ("0000-05", YEARS),
    ("000X", YEARS),
    ("-1985", YEARS),
    ("-1985-04", YEARS),
    ("12025", YEARS),
    ("Y170000002", YEARS),
    ("Y-17E7", YEARS),
    ("Y2025", "is a year in the long form: write 2025"),
    ("1950S2", "has significant digits: write 19XX"),
    ("1950S3", "has significant digits: write 195X"),
    ("9999-24", "ends after the year 9999: write its month, 9999-12"),
    # marks
    ("2004-06~-11", "marks a part of the date: put one mark at its end, 2004-06-11~"),
    ("?2004-06-~11", "marks a part of the date: put one mark at its end, 2004-06-11%"),
    ("2004?-06-11~", "marks a part of the date: put one mark at its end, 2004-06-11%"),
    ("2023~?", "marks a part of the date: put one mark at its end, 2023%"),
    ("?2023", "marks a part of the date: put one mark at its end, 2023?"),
    # sets
    ("{1960,1961-12}", "means all of several dates: write one event for each, or [1960,1961-12] for one of them"),
    ("[1667, 1668]", "has white space in a set: write [1667,1668]"),
    ("[1667", "is a set without its end: write it as [2023-10,2023-12]"),
    ("[1667]~", "has text after a set: write it as [2023-10,2023-12]"),
    # parts of a year
    ("2001-25", "is spring in the northern hemisphere: write 2001-21"),
    ("2001-28", "is winter in the northern hemisphere: write 2001-24"),
    ("2001-29", "is spring in the southern hemisphere: write its months, 2001-09/2001-11"),
    ("2001-30", "is summer in the southern hemisphere: write its months, 2001-12/2002-02"),
    ("2001-31", "is autumn in the southern hemisphere: write its months, 2001-03/2001-05"),
    ("2001-32", "is winter in the southern hemisphere: write its months, 2001-06/2001-08"),
    ("2025-Q3", "has an extra hyphen: write 2025Q3"),
    ("2025-h1", "has an extra hyphen: write 2025H1"),
    ("2001-37", "is a quadrimester: write its months, 2001-01/2001-04"),
    ("2001-39", "is a quadrimester: write its months, 2001-09/2001-12"),
    ("2001-00", NO_PART),
    ("2001-13", NO_PART),
    ("2001-42", NO_PART),
    # unspecified digits
    ("2004-XX", "has unknown digits: write the year, 2004"),
    ("1985-04-XX", "has unknown digits: write the month, 1985-04"),
    ("1985-XX-XX", "has unknown digits: write the year, 1985"),
    ("156X-12-25", "has unknown digits: write the decade, 156X"),
    ("15XX-12-25", "has unknown digits: write the century, 15XX"),
    ("1984-1X", "has unknown digits: write the year, 1984"),
    ("XXXX-12-XX", LEAVES),
    ("1XXX-12", LEAVES),
    # spans
    ("2024/2023", "ends before it starts: write 2023/2024"),
    ("2024..2023", "ends before it starts: write 2023..2024"),
    ("[2020,2024..2023]", "ends before it starts: write [2020,2023..2024]"),
    ("between 2025 and 2023", "ends before it starts: write between 2023 and 2025"),
    ("2023-2024", "has a dash for a span: write 2023/2024"),
    ("2023–2024", "has a dash for a span: write 2023/2024"),
    ("2023/present", "ends in a relative word: write 2023/.. if it continues, or its last day"),
    ("../..", "has no bound: omit the date"),
    ("/", "has no bound: omit the date"),
    ("..", "has no bound: omit the date"),
    ("[..]", "has no bound: omit the date"),
    # days that do not exist
    ("2025-02-30", "does not exist: write a day from 01 to 28, or the month, 2025-02"),
    ("2024-02-30", "does not exist: write a day from 01 to 29, or the month, 2024-02"),
    ("2025-12-32", "does not exist: write a day from 01 to 31, or the month, 2025-12"),
    ("2025-04-00", "does not exist: write a day from 01 to 30, or the month, 2025-04"),
    ("9999-12-32", "does not exist: write a day from 01 to 31, or the month, 9999-12"),
    ("30 Feb 2023", "does not exist: write a day from 01 to 28, or the month, 2023-02"),
    ("2025-13-01", "has no month 13: write 01 to 12"),
    # orders other than that of ISO 8601
    ("10/11/2025", "is ambiguous: write 2025-11-10 (10 November) or 2025-10-11 (11 October)"),
    ("10.11.2025", "is ambiguous: write 2025-11-10 (10 November) or 2025-10-11 (11 October)"),
    ("10-11-2025", "is ambiguous: write 2025-11-10 (10 November) or 2025-10-11 (11 October)"),
    ("25/03/2025", "is not in the order of ISO 8601: write 2025-03-25 (25 March)"),
    ("03/25/2025", "is not in the order of ISO 8601: write 2025-03-25 (25 March)"),
    ("5/5/2025", "is not in the order of ISO 8601: write 2025-05-05 (5 May)"),
    ("31/31/2025", "does not exist in any order: write the day as 2025-03-25"),
    ("10/11/25", "has no year of four digits: write the day as 2025-03-25"),
    ("2025/11/10", "is not in ISO 8601 format: write 2025-11-10"),
    ("2025-3-5", "is not in ISO 8601 format: write 2025-03-05"),
    ("11/2025", "is not in ISO 8601 format: write 2025-11"),
    ("2025-1", "is not in ISO 8601 format: write 2025-01"),
    ("March 25, 2025", "is not a supported format: write 2025-03-25"),
    ("25th March 2025", "is not a supported format: write 2025-03-25"),
    # not enough
    ("23", "is a bare number: write a year with four digits, as 2025"),
    ("5", "is a bare number: write a year with four digits, as 2025"),
    ("'23", "has no year of four digits: write it in full, as 2025"),
    ("Oct 23", "has no year of four digits: write one, as 2025-10"),
    ("25 Mar 25", "has no year of four digits: write one, as 2025-03"),
    ("October", "has no year of four digits: write one, as 2025-10"),
    ("Q3", "has no year of four digits: write one, as 2025Q3"),
    ("spring", "has no year of four digits: write one, as 2025 spring"),
    # other calendars, other words
    ("2025-W12", "is a week date: write its days, 2025-03-17/2025-03-23"),
    ("2025-W12-3", "is a week date: write 2025-03-19"),
    ("1994W185", "is a week date: write 1994-05-06"),
    ("2025-W60", "has no such week or day: write the days themselves, as 2025-03-17/2025-03-23"),
    ("9999-W52", "has no such week or day: write the days themselves, as 9999-03-17/9999-03-23"),
    ("9999-366", GENERAL),
    ("30 Feb 0000", YEARS),
    ("2025-084", "is a day of the year: write 2025-03-25"),
    ("today", "is a relative word: write the day itself, as 2025-03-25"),
    ("last year", "is a relative word: write the day itself, as 2025-03-25"),
    ("early 2025", "is vague: write the half, quarter or month that the source supports, as 2025H1"),
    ("١٩٩٤", "has digits other than 0 to 9: write 1994"),
    # nothing of all this
    ("soon", GENERAL),
    ("~", GENERAL),
    ("2023/2024/2025", GENERAL),
    ("[2023,,2024]", GENERAL),
]


@pytest.mark.parametrize(("text", "why"), WHOLE)
def test_a_refusal_names_the_text_and_the_remedy(text: str, why: str) -> None:
    with pytest.raises(DateError) as error:
        parse_date(text)
    assert str(error.value) == f'"{text}" {why}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2025-02-30/2026", '"2025-02-30" does not exist: write a day from 01 to 28, or the month, 2025-02'),
        ("[2023,2004-XX]", '"2004-XX" has unknown digits: write the year, 2004'),
        (
            "since 10/11/2025",
            '"10/11/2025" is ambiguous: write 2025-11-10 (10 November) or 2025-10-11 (11 October)',
        ),
        ("since 1950S2", '"1950S2" has significant digits: write 19XX'),
        ("2004-06-~01/2004-06", '"2004-06-~01" marks a part of the date: put one mark at its end, 2004-06-01~'),
    ],
)
def test_of_a_span_or_set_the_part_is_named(text: str, message: str) -> None:
    with pytest.raises(DateError) as error:
        parse_date(text)
    assert str(error.value) == message


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_text(text: str) -> None:
    with pytest.raises(DateError) as error:
        parse_date(text)
    assert str(error.value) == "the date is empty: write it as 2025-03-25, 2025-03 or 2025, or omit it"


def test_a_text_that_is_too_long_is_cut_in_the_message() -> None:
    members = ",".join(["2023"] * 30)
    with pytest.raises(DateError) as error:
        parse_date(f"[{members}]")
    assert str(error.value) == (
        '"[2023,2023,2023,2023,2023,2023,2023,202…" is too long for a date, 151 characters: keep the words in `printed`'
    )


def test_control_characters_do_not_reach_the_message() -> None:
    with pytest.raises(DateError) as error:
        parse_date("\x1b[31m2023")
    assert str(error.value) == f'"\\x1b[31m2023" {GENERAL}'


def test_a_refusal_ends_a_program_as_wrong_usage() -> None:
    with pytest.raises(UsageError) as error:
        parse_date("soon")
    assert error.value.exit_code == 2


PIECES = (
    "2025 0000 9999 1 12 31 366 000X 52 30 Feb dec Q3 W T S Y XX / .. - . , ~ ? % [ ] { spring ٣ – E7",
    "since | by | or | |",
)
PIECE = st.sampled_from([*PIECES[0].split(), *PIECES[1].split("|")])
ALMOST = st.lists(PIECE, max_size=8).map("".join) | st.text(max_size=120)


@given(ALMOST)
def test_any_text_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    if try_parse_date(text) is None:
        # Whatever it was, the message is one line that a terminal can be given.
        with pytest.raises(DateError) as error:
            parse_date(text)
        assert str(error.value).isprintable()
    else:
        assert parse_date(text) == try_parse_date(text)


@given(st.sampled_from([row for row in WHOLE if ": write " in row[1]]))
def test_what_a_refusal_says_to_write_can_be_written(row: tuple[str, str]) -> None:
    remedy = row[1].partition(": write ")[2].split(" (")[0]
    for word in remedy.replace(" or ", " ").split():
        if word[:4].isdigit() and len(word) > 3:
            assert try_parse_date(word.strip(","))
