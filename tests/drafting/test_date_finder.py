"""Dates in running text: as precise as the words, and none where the words are not a date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.dates import edtf
from autotimeline.drafting.date_context import COMPARED, DEPENDS
from autotimeline.drafting.date_finder import DateFinder

FINDER = DateFinder(edtf.parse_date("2025-10-28"))  # a Tuesday

DATES = {
    # Points, with and without a part of them.
    "On October 8, 2025, it began.": "2025-10-08",
    "It began on 12 September 2024.": "2024-09-12",
    "It began on Monday, 8 January 2024.": "2024-01-08",
    "It was signed in October 2023.": "2023-10",
    "It was signed in late October 2023.": "2023-10",
    "It fell in the first half of 2025.": "2025H1",
    "It fell in the third quarter of 2025.": "2025Q3",
    "It fell in Q3 2025.": "2025Q3",
    "It opened in the summer of 2024.": "2024 summer",
    "It grew in the 1990s.": "199X",
    "It was built in the 19th century.": "18XX",
    "It was early 2024.": "2024",
    "The carmaker was established in 2011.": "2011",
    "2022 sales fell.": "2022",
    # Relative to the day of publication.
    "It began yesterday.": "2025-10-27",
    "It declined to comment on Monday.": "2025-10-27",
    "It will open on Monday.": "2025-11-03",
    "It closed on Thursday last week.": "2025-10-23",
    "It was more than $9 billion on June 30, 2025.": "2025-06-30",
    "It must be done before the end of 2027.": "[..2027]",
    "It will start after mid-2027.": "[2027..]",
    "By the end of the decade, it will be done.": "[..202X]",
    "Revenue in Q2 rose.": "2025Q2",
    "It closed in the last week of July.": "2025-07",
    "It closed last Friday.": "2025-10-24",
    "It closed last week.": "2025-10-20/2025-10-26",
    "It closed the week of October 6.": "2025-10-06/2025-10-12",
    "It closed last month.": "2025-09",
    "It closed in July last year.": "2024-07",
    "It was launched on March 25 this year.": "2025-03-25",
    "It closed in June and July last year.": "2024-06 2024-07",
    "It closed last year.": "2024",
    "It closed two years ago.": "2023~",
    "It closed a few years ago.": "[..2023]",
    "It closed a decade ago.": "2015~",
    "It rose in this year's third quarter.": "2025Q3",
    "That 1978 resolution calls for peace.": "1978",
    "The 11th century temple fell.": "10XX",
    "It will start in the first quarter.": "2026Q1",
    "It is supposed to end by May.": "[..2026-05]",
    "It closed three weeks ago.": "2025-10-06/2025-10-12",
    "Recently, it closed.": "2025-10~",
    "In recent days, it closed.": "2025-10~",
    "It closed in June.": "2025-06",
    "It closed in December.": "2024-12",
    "It will close in December.": "2025-12",
    "It will close in March.": "2026-03",
    "They will sell it in May.": "2026-05",
    "It was founded in May 2024 and began exports in September.": "2024-05 2024-09",
    "It was founded in 2015, and raised money last December.": "2015 2024-12",
    "It lost it since 2023, he wrote in a note dated Nov. 5.": "2023/.. 2025-11-05",
    "Its sales more than doubled in October.": "2025-10",
    "It will pay a premium to Monday's closing price.": "2025-10-27",
    "She had ruled it out as recently as March.": "2025-03",
    # Bounds and ranges.
    "It will start by the end of 2026.": "[..2026]",
    "It stayed until 2017.": "[..2017]",
    "It held it before 2020.": "[..2019]",
    "It has grown since 2023.": "2023/..",
    "Starting from 2026, it will be built.": "2026/..",
    "From 2026, it will be built.": "2026/..",
    "It is a report from 2023.": "2023",
    "It fell from 2019 to 2021.": "2019/2021",
    "It visited from May to June 2025.": "2025-05/2025-06",
    "It will be between 2024 and 2026.": "[2024..2026]",
    "It met on July 3-5, 2025.": "2025-07-03/2025-07-05",
    "It was about 2019.": "2019~",
    "It ran from June 3 to July 6, 2020.": "2020-06-03/2020-07-06",
    "It met between May and June 2020.": "[2020-05..2020-06]",
    "It grew in the early ’90s.": "199X",
    "It rose in the latter half of 2024.": "2024H2",
    "It rose in the final quarter of last year.": "2024Q4",
    "It rose in 2024's third quarter.": "2024Q3",
    "It closed on 3 March last year.": "2024-03-03",
    "It signed a June agreement.": "2025-06",
    "June sales fell.": "2025-06",
    "September was the worst month.": "2025-09",
    "It closed more than two years ago.": "[..2023]",
}
# Each was seen as a wrong date.
NO_DATES = (
    *("John Smith (American, 1968) spoke.", "The Act of 1934 applies.", "The Peugeot e - 2008 sold well."),
    *(
        "The Peugeot 2008 sold well.",
        "They made 2000 pieces.",
        "It is planned for 2015-32.",
        "It was done in 343 days.",
    ),
    *("They may sell it.", "It was on 10/11/2025.", "It will last beyond 2025.", "It happens over the next two years."),
    *("It costs $2024.", "He marched on.", "The 2,024 cars.", "Version 2.2024 works.", "About 2000 people came."),
    *("April Jones and Jan Smith met.", "In today's world, it is common.", "It is for the people of tomorrow."),
    *("He reads the Sunday Times.", "Mr. March spoke.", "The third quarter of the game.", "The April-Smith trial."),
    *("Every Monday it opens.", "It opens Monday to Friday.", "It was Black Friday.", "The 21st Century Fund sold it."),
    *("It is at 1600 Pennsylvania Avenue.", "A 2000-year-old city.", "A coil of spring steel in the fall of Rome."),
    *("Windows 2000 and ISO 2022 are old.", "He ran the 1500 m race.", "It was the class of 2020.", "About 2000 came."),
    *("The ratio is 1:2024.", "It is 1999 mm wide.", "The 1990s-style design.", "The iPhone 2007 edition is rare."),
    *(
        "April showers bring flowers.",
        "Happy Friday to all.",
        "The fourth quarter is usually strong.",
        "It fell to 1950.",
    ),
    *("See the annual report 2024.", "The Q3 is an Audi."),
    *("June Smith and April Jones met.", "The index closed at 1987.", "Call 1800 2020.", "Last it was 1500 Nm."),
    *("Sold at 10:30.", "https://example.org/2024/05 has it.", "See page 1999.", "It rose 12 percent.", "In 0000."),
)
# The words are a date, but not that of the event.
DOUBTS = {
    "It closed six months later.": DEPENDS,
    "It rose from a year earlier.": DEPENDS,
    "It fell in the year-ago third quarter.": DEPENDS,
    "Sales in the fiscal third quarter rose.": "a fiscal period has other days",
    "It rose in fiscal 2024.": "a fiscal period has other days",
    "It is for the quarter ended November 2.": "is the end of a period",
    "It was 68%, compared to 70% in 2022.": COMPARED,
    "It sold more than in 2022.": COMPARED,
    "It will last beyond 2025.": "has no end",
    "It rose to 5%, compared with the months from May to June 2024.": COMPARED,
    "It is in service until at least 2030.": "has no end",
    "In the year to March 31 it lost money.": "is the end of a period",
    "It is the lowest level since May 2019.": "is the date of a record",
    "It is the largest purchase since it was founded in 1987.": "is the date of a record",
    "It took a loan that matures in 2032.": "is when something is due",
    "It repaid a bond that was due in 2028.": "is when something is due",
}


@pytest.mark.parametrize(("text", "dates"), DATES.items())
def test_dates_are_as_precise_as_the_words(text: str, dates: str) -> None:
    found = [date.value for date in FINDER.find(text) if not date.doubt]
    assert found == dates.split(" ") if "summer" not in dates else found == [dates]


@pytest.mark.parametrize("text", NO_DATES)
def test_other_words_are_not_dates(text: str) -> None:
    assert [date.value for date in FINDER.find(text) if date.value and not date.doubt] == []


@pytest.mark.parametrize(("text", "doubt"), DOUBTS.items())
def test_other_dates_are_doubted(text: str, doubt: str) -> None:
    assert [date.doubt for date in FINDER.find(text)] == [doubt]


ANCHORED = {
    "It rose to $3 million in the third quarter, from $2 million in the year-earlier quarter.": "2024Q3",
    "It rose to $3 million in the third quarter of 2024, from $2 million a year earlier.": "2023Q3",
    "On May 22, 2020, he became a general, and the following year, an adviser.": "2021",
    "It was signed in October 2023, and six months later, it failed.": "2024-04",
    "It opened on May 22, 2020. The next plant opened two weeks later.": "2020-06-05",
    "It opened in 2020. The plant closed that day.": "",
    "It opened in 2020. The plant closed in May the following year.": "2021-05",
    "It was signed on May 22, 2020, and ended in June of the same year.": "2020-06",
    "It opened in 2020. It sold 5 cars, compared with 7 in 2019. It closed a year later.": "2021",
    "It rose from a year earlier.": "",
}


@pytest.mark.parametrize(("text", "value"), ANCHORED.items())
def test_a_date_that_depends_on_another_is_only_a_hint(text: str, value: str) -> None:
    *_, last = (date for dates in FINDER.find_all(text.split(". ")) for date in dates)
    assert (last.value, bool(last.anchor)) == (value, bool(value))
    assert last.doubt in (DEPENDS, COMPARED)


def test_a_period_is_one_if_it_lasted() -> None:
    found = {date.value: date.is_period for date in FINDER.find("It grew since 2023; it closes by 2026.")}
    assert found == {"2023/..": True, "[..2026]": False}


def test_the_words_are_where_they_are_said_to_be() -> None:
    text = "In May 2024, and by the end of 2026, and since last year."
    assert all(text[date.start : date.end] == date.text for date in FINDER.find(text))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0500", "9999"])
def test_no_day_is_outside_the_calendar(day: str) -> None:
    text = "It fell yesterday, tomorrow, last week, on Monday, two years ago, last year, next year, and next month."
    assert all(date.span for date in DateFinder(edtf.parse_date(day)).find(text) if date.value)


def test_a_month_of_publication_determines_no_days() -> None:
    text = "It closed on Monday, yesterday, last week, and last month, and in March."
    month, year = (DateFinder(edtf.parse_date(day)) for day in ("2025-10", "2025"))
    assert [date.value for date in month.find(text)] == ["2025-09", "2025-03"]
    assert [date.value for date in year.find(text + " It opened last year.")] == ["2024"]
    assert [date.value for date in DateFinder(edtf.parse_date("2025-10~")).find("Last month it fell.")] == ["2025-09~"]
    assert [date.value for date in DateFinder(edtf.parse_date("2025-10~")).find("Last year it fell.")] == ["2024"]
    assert [date.value for date in DateFinder(edtf.parse_date("2025-01~")).find("Last year it fell.")] == ["2024~"]


@given(st.text(alphabet="inthe of2025-MayOctober,.0139lastyearbyQ' s\n", max_size=80))
def test_each_value_is_a_date_of_the_store(text: str) -> None:
    for date in FINDER.find(text):
        assert not date.value or edtf.parse_date(date.value)
        assert text[date.start : date.end] == date.text
