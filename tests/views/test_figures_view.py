"""Figures as people see them, to the letter: one by one, as rates, added up."""

from __future__ import annotations

import io
import os
import re
import tomllib
import unicodedata

import pytest
from view_store import HERE, STORE, STORY, expect, opened

from autotimeline import formats, views
from autotimeline.plugins import load
from autotimeline.render.canvas import Canvas

FIGURES = HERE.parent / "reports" / "figures.toml"
FORMS = {"figures": {}, "rates": {"per": "month"}, "sums": {}}
SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.chdir(HERE)


def draw(view, width, query="2023..", *, store=FIGURES, colours=False, unicode=True, terminal=True):
    shape = load(views, view)
    table = shape.table(opened(os.path.relpath(store, HERE)).select(query), shape.FIELDS, **FORMS[view])
    out = io.StringIO()
    paper = Canvas(width, color=colours, unicode=unicode, is_terminal=terminal)
    load(formats, "table").write(table, out, paper, frozenset())
    return out.getvalue()


@pytest.mark.parametrize("view", FORMS)
@pytest.mark.parametrize("width", [120, 80, 40])
def test_on_a_terminal(view, width):
    expect(f"{view}-{width}", draw(view, width))


@pytest.mark.parametrize("view", FORMS)
def test_in_ascii(view):
    expect(f"{view}-80-ascii", draw(view, 80, unicode=False))


@pytest.mark.parametrize("view", FORMS)
def test_in_a_pipe_nothing_wraps_and_no_footer_comes(view):
    expect(f"{view}-pipe", draw(view, None, terminal=False))


@pytest.mark.parametrize("view", FORMS)
@pytest.mark.parametrize("width", [120, 80, 40, None])
def test_colour_adds_colour_and_nothing_else(view, width):
    plain, coloured = draw(view, width), draw(view, width, colours=True)
    assert coloured != plain
    assert SGR.sub("", coloured) == plain


@pytest.mark.parametrize("view", FORMS)
@pytest.mark.parametrize("width", [200, 120, 100, 80, 60, 40, 30])
@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("store", [FIGURES, STORE, STORY])
def test_no_line_is_wider_than_the_terminal_and_nothing_steers_it(view, width, unicode, store):
    paper = Canvas(width)
    text = draw(view, width, "", store=store, unicode=unicode)
    for line in text.splitlines():
        assert paper.measure(line) <= width
        assert line == line.rstrip()
    assert not [c for c in text if c not in "\n\u200d" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
    if not unicode:
        data = str(tomllib.loads(store.read_text(encoding="utf-8")))
        assert not [c for c in text if not c.isascii() and c not in data]


@pytest.mark.parametrize("view", FORMS)
@pytest.mark.parametrize("width", range(1, 30))
def test_a_terminal_too_narrow_for_words_gets_something(view, width):
    assert draw(view, width)


@pytest.mark.parametrize("view", FORMS)
@pytest.mark.parametrize("store", [FIGURES, STORE, STORY])
def test_every_figure_is_drawn_once(view, store):
    # A reason may name another event, and so does what is repeated.
    drawn = draw(view, None, "", store=store).splitlines()
    lines = [re.sub("  repeats .*| · the figure of .*", "", line) for line in drawn]
    figures = list(opened(os.path.relpath(store, HERE)).select().figures())
    for figure in figures:
        # What the row of a figure tells: the figure, and in a column behind it its event.
        row = re.compile(
            rf"  {re.escape(Canvas(None).sanitize(figure.text))}  .* {re.escape(figure.event)}( · .*|  .*|)$"
        )
        same = [other for other in figures if (other.text, other.event) == (figure.text, figure.event)]
        found = [line for line in lines if row.search(line)]
        assert len(found) == len(same), figure.cells


@pytest.mark.parametrize("view", FORMS)
def test_nothing_is_drawn_where_there_is_no_figure(view):
    assert draw(view, 80, "2001") == ""
