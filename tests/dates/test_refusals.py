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
NO_PART = "is not a part of a year: write a month from 01 to 12, or a part such as {0}Q1, {0}H1 or {0} spring"

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
    ("2045-25", "is spring in the northern hemisphere: write 2045 spring"),
    ("2001-28", "is winter in the northern hemisphere: write 2001 winter; if these are two years, write 2001/2028"),
    ("2045-29", "is spring in the southern hemisphere: write its months, 2045-09/2045-11"),
    ("2045-30", "is summer in the southern hemisphere: write its months, 2045-12/2046-02"),
    ("2045-31", "is autumn in the southern hemisphere: write its months, 2045-03/2045-05"),
    ("2045-32", "is winter in the southern hemisphere: write its months, 2045-06/2045-08"),
    ("2045-37", "is a quadrimester: write its months, 2045-01/2045-04"),
    ("2045-39", "is a quadrimester: write its months, 2045-09/2045-12"),
    ("1999-00", "has no month 00: write the year, 1999; if these are two years, write 1999/2000"),
    ("2014-13", NO_PART.format(2014)),
    ("2043-42", NO_PART.format(2043)),
    ("1857-61", "is not a part of a year: if these are two years, write 1857/1861"),
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
    ("2024-2023", "ends before it starts: write 2023/2024"),
    ("28 December – 3 January 2024", "starts after it ends: write the year of both days"),
    ("2023/present", "ends in a relative word: write 2023/.. if it continues, or its last day"),
    ("../..", "has no bound: omit the date"),
    ("/", "has no bound: omit the date"),
    ("..", "has no bound: omit the date"),
    ("[..]", "has no bound: omit the date"),
    # days that do not exist
    ("2025-02-30", "does not exist: write a day from 01 to 28, or the month, 2025-02"),
    ("2024-02-30", "does not exist: write a day from 01 to 29, or the month, 2024-02"),
    ("2025-12-32", "does not exist: write a day from 01 to 31, or the month, 2025-12"),
    ("2025-00-05", "has no month 00: write the year, 2025"),
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
    (
        "10/11/25",
        "has a year of two digits: write 2025-11-10 (10 November) or 2025-10-11 (11 October), or the same in 1925",
    ),
    ("2025/11/10", "is not in ISO 8601 format: write 2025-11-10"),
    ("2025-3-5", "is not in ISO 8601 format: write 2025-03-05"),
    ("11/2025", "is not in ISO 8601 format: write 2025-11"),
    ("2025-1", "is not in ISO 8601 format: write 2025-01"),
    # not enough
    ("79", "is not a year of four digits: write 0079, or with its century, as 1979"),
    ("5", "is not a year of four digits: write 0005, or with its century, as 1905"),
    ("437", "is not a year of four digits: write 0437"),
    ("AD 79", "is not a year of four digits: write 0079"),
    ("'23", "has a year of two digits: write 2023 or 1923"),
    ("Oct '23", "has a year of two digits: write 2023-10 or 1923-10"),
    ("Oct 23", "has a year of two digits: write 2023-10 or 1923-10 or the day with its year"),
    ("25 Mar 25", "has a year of two digits: write 2025-03-25 or 1925-03-25"),
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
    ("early 2025", "is vague: write what the source supports, 2025H1, 2025Q1 or 2025"),
    ("mid-2025", "is vague: write what the source supports, 2025Q2, 2025Q3 or 2025"),
    ("late 2025", "is vague: write what the source supports, 2025H2, 2025Q4 or 2025"),
    ("end of 2025", "is vague: write what the source supports, 2025Q4, 2025-12 or 2025"),
    ("late October 2023", "is vague: write what the source supports, 2023-10"),
    ("the late 1850s", "is vague: write what the source supports, 185X"),
    ("1900's", "is ambiguous: write 190X for the decade, or 19XX for the century"),
    ("19th century", "is a century: write 18XX, for 1800 to 1899"),
    ("FY2023", "is a fiscal year: write its first and last month, as 2022-10/2023-09"),
    ("-437", YEARS),
    ("437 BC", YEARS),
    ("+1952", "starts with a plus sign: write 1952"),
    ("20170422100000", "has a time of day: write only the day, 2017-04-22"),
    ("20170422000000", "is in basic format: write 2017-04-22"),
    ("1508198400", "is a number, not a date: write it as 2025-03-25"),
    ("1860/70", "has a year of two digits: if these are two years, write 1860/1870"),
    ("1860–70", "has a year of two digits: if these are two years, write 1860/1870"),
    ("1998/02", "is not in ISO 8601 format: write 1998-02"),
    ("2010/11", "is ambiguous: write Nov 2010; if these are two years, write 2010/2011"),
    ("1903–11", "is ambiguous: write Nov 1903; if these are two years, write 1903/1911"),
    ("2024-06/07", "omits a part of its end: write 2024-06/2024-07"),
    ("Monday, October 26, 2023", "is not a Monday: 2023-10-26 is a Thursday; correct one"),
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
            assert try_parse_date(word.strip(",;"))
