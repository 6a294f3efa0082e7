"""A table on a terminal: columns are straight and no line is too long, at any width."""

from __future__ import annotations

import pyte
import pytest
from format_sample import render, strings
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.render.canvas import Canvas
from autotimeline.table import Table

IDS = ["leapmotor-deal", "stellantis-leapmotor-plant", "x"]
DATES = ["2023-10", "by 2026-12", "2025-01..2025-06"]
TITLES = [
    "Stellantis 日本語のタイトル e\u0301 plans to buy about 20% of 零跑汽车 by the end of next year",
    "🚗🚗🚗",
    "short",
]
LAST = ["|a", "|b", "|c"]


def rows():
    return [list(row) for row in zip(IDS, DATES, TITLES, LAST, strict=True)]


def screen_of(text: str, width: int) -> pyte.Screen:
    screen = pyte.Screen(width, 200)
    pyte.Stream(screen).feed(text.replace("\n", "\r\n"))
    return screen


def starts(screen: pyte.Screen, words: list[str]) -> set[int]:
    """Return the columns of the screen in which a line has one of the words, each a character wide or more."""
    found = set()
    for y in range(screen.lines):
        line = [screen.buffer[y][x].data for x in range(screen.columns)]
        for x in range(screen.columns):
            # The cell after a wide character is empty; a word is looked for from its first cell on.
            if any("".join(line[x:]).startswith(word) and line[x] for word in words):
                found.add(x)
    return found


@pytest.mark.parametrize("colours", [False, True])
@pytest.mark.parametrize("width", [120, 80])
def test_columns_are_straight(width, colours):
    text = render("table", strings(rows(), 4), paper=Canvas(width, color=colours, is_terminal=True))
    screen = screen_of(text, width)
    assert screen.cursor.y == text.count("\n")  # no line was broken by the terminal
    assert len(starts(screen, LAST)) == 1
    assert len(starts(screen, ["Stellantis 日", "🚗🚗🚗", "short"])) == 1
    assert starts(screen, DATES) == {28}  # dates and ids stay whole
    assert starts(screen, IDS[:2]) == {0}


@pytest.mark.parametrize("width", [40, 20])
def test_a_narrow_terminal_shows_everything(width):
    text = render("table", strings(rows(), 4), paper=Canvas(width, is_terminal=True))
    screen = screen_of(text, width)
    assert screen.cursor.y == text.count("\n")
    shown = "".join(line.strip() for line in text.splitlines()).replace(" ", "")
    for row in rows():
        for cell in row:
            assert cell.replace(" ", "") in shown


WORDS = st.text(st.sampled_from("abcdefgh   -日本🚗e\u0301\u202e\x1b\n"), max_size=80)


@given(st.lists(st.lists(WORDS, min_size=4, max_size=4), max_size=5), st.integers(20, 120), st.booleans())
def test_no_line_is_wider_than_the_terminal(rows, width, terminal):
    paper = Canvas(width, is_terminal=terminal)
    for line in render("table", strings(rows, 4), paper=paper).splitlines():
        assert paper.measure(line) <= width


@given(st.lists(st.lists(WORDS, min_size=4, max_size=4), max_size=5))
def test_off_a_terminal_a_row_is_a_line(rows):
    lines = render("table", strings(rows, 4)).splitlines()
    assert len(lines) == (len(rows) + 1 if rows else 0)


def test_long_tables_are_quick():
    wide = [[f"id-{i}", "2023-10", "A title of 日本 that is long " * 4, "x"] for i in range(1000)]
    assert render("table", strings(wide, 4), paper=Canvas(80)).count("id-") == 1000


def test_columns_with_nothing_in_them_are_not_shown_unless_all_are():
    assert render("table", strings([["", "x"], ["", "y"]], 2)) == "c1\nx\ny\n"
    assert render("table", strings([["", ""]], 2)) == "c0  c1\n\n"
    assert render("table", Table([], iter([]))) == ""
