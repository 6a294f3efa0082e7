"""What `diff` draws; the texts in `expected` were looked at."""

from __future__ import annotations

import io

import pytest
from view_store import HERE, expect

from autotimeline import formats
from autotimeline.api import Timeline
from autotimeline.plugins import load
from autotimeline.render.canvas import Canvas
from autotimeline.reports.store_diff import diff_stores
from autotimeline.text import escape_control
from autotimeline.views import diff

STORES = HERE.parent / "data" / "diff"


def drawn(old, new, width, *, colours=False, terminal=True, form="table"):
    sides = [Timeline([str(path)], cache=False).select() for path in (old, new)]
    out = io.StringIO()
    table = diff.table(list(diff_stores(*sides)), diff.DEFAULT_FIELDS)
    load(formats, form).write(table, out, Canvas(width, color=colours, is_terminal=terminal), frozenset())
    return out.getvalue()


@pytest.mark.parametrize("width", [120, 80, 40])
def test_a_terminal_is_shown_fact_by_fact(width):
    text = drawn(STORES / "old.toml", STORES / "new.toml", width)
    expect(f"diff-{width}", text)
    assert max(map(len, text.splitlines())) <= width


def test_marks_have_colour_and_sign():
    text = drawn(STORES / "old.toml", STORES / "new.toml", 80, colours=True)
    for coloured in ("\x1b[33m~ event\x1b[0m", "\x1b[31m- event\x1b[0m", "\x1b[32m+ event\x1b[0m"):
        assert coloured in text
    assert "\x1b[31m~1.5bn EUR\x1b[0m\x1b[2m → \x1b[0m\x1b[32m1.5bn EUR\x1b[0m" in text


def test_a_pipe_gets_no_footer_and_a_document_does():
    assert "9 facts" not in drawn(STORES / "old.toml", STORES / "new.toml", None, terminal=False)
    text = drawn(STORES / "old.toml", STORES / "new.toml", None, terminal=False, form="markdown")
    assert text.endswith("*9 facts: 1 added, 1 removed, 4 changed, 3 renamed*\n")


def test_what_a_store_holds_steers_no_terminal():
    for sides in ((HERE / "hostile.toml", "/dev/null"), ("/dev/null", HERE / "hostile.toml")):
        text = drawn(*sides, 60)
        assert "\\x1b[31m" in text
        assert escape_control(text, keep="\n") == text
        assert max(map(Canvas(None).measure, text.splitlines())) <= 60
