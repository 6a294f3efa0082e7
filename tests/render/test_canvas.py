from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.render.canvas import STYLES, Canvas

ANY = st.text(st.characters())
PAGE = Canvas(80)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("one\r\n  two\tthree\n", "one two three"),
        ("  kept  as is ", "  kept  as is "),
        ("👩\u200d👧   ", "👩\u200d👧   "),
        ("[/foo] :smile: \x1b[31m\u202e", r"[/foo] :smile: \x1b[31m\u202e"),
    ],
)
def test_clean(text, clean):
    assert PAGE.sanitize(text) == clean


@given(ANY, st.booleans())
def test_clean_text_is_one_line_and_stays_as_it_is(text, unicode):
    paper = Canvas(80, unicode=unicode)
    clean = paper.sanitize(text)
    assert len(clean.splitlines()) <= 1
    assert paper.sanitize(clean) == clean


def test_ascii_paper_has_marks_of_its_own():
    assert Canvas(80, unicode=False).sanitize("● 3 → 5 … ≠") == "* 3 -> 5 ... !="


def test_ink():
    assert PAGE.stylize("x\x1b", "title") == r"x\x1b"
    assert Canvas(80, color=True).stylize("x\x1b", "title") == "\x1b[1mx\\x1b\x1b[0m"
    assert Canvas(80, color=True).stylize("", "title") == ""
    assert Canvas(80, color=True).stylize("x") == "x"


def test_every_style_has_a_code_that_is_switched_off_again():
    paper = Canvas(80, color=True)
    for style in STYLES:
        inked = paper.stylize("x", style)
        assert inked.startswith("\x1b[")
        assert inked.endswith("x\x1b[0m")


def test_measure_pad_and_cut_count_columns_not_characters():
    assert PAGE.measure("日本 e\u0301") == 6
    assert PAGE.pad("日本", 6) == "日本  "
    assert PAGE.pad("too long", 3) == "too long"
    assert PAGE.truncate("日本語です", 6) == "日本…"
    assert PAGE.truncate("short", 5) == "short"
    assert Canvas(80, unicode=False).truncate("abcdefgh", 6) == "abc..."
    assert Canvas(None).truncate("abcdefgh", 3) == "abcdefgh"


def test_wrap():
    assert PAGE.wrap("one two  three", 8) == ["one two", "three"]
    assert PAGE.wrap("a 日本語です", 6) == ["a", "日本語", "です"]
    assert PAGE.wrap("", 5) == [""]
    assert PAGE.wrap("one two ", 7) == ["one two"]
    assert Canvas(None).wrap("one two three", 5) == ["one two three"]


@given(st.text("ab 日e\u0301🚗"), st.integers(2, 30))
def test_wrapped_text_fits_and_is_all_there(text, width):
    lines = PAGE.wrap(text, width)
    assert all(PAGE.measure(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
