"""What `count` shows: bars of one field, a cross table of two, to the letter."""

from __future__ import annotations

import io
import os
import re
import unicodedata

import pytest
from view_store import HERE, STORE, STORY, expect, opened

from autotimeline import formats
from autotimeline.plugins import load
from autotimeline.query.facets import COUNT_FIELDS, parse_fields
from autotimeline.render.canvas import Canvas
from autotimeline.render.table_layout import draw_bar
from autotimeline.views import count

WIDTHS = (120, 80, 40)
BY = ("year", "kind", "actor", "era", "year,kind", "actor,status")
SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.chdir(HERE)


def table(by, query="", *, store=STORY, **options):
    selection = opened(os.path.relpath(store, HERE)).select(query, **options)
    by = parse_fields(by)
    return count.table(selection, count.arrange_fields(count.FIELDS, by), by=by)


def draw(by, width, query="", *, form="table", store=STORY, colours=False, unicode=True, arranged=(None, False, None)):
    """Return what a terminal of that width gets; None is a pipe."""
    out = io.StringIO()
    made = table(by, query, store=store).arrange(count.arrange_fields(count.FIELDS, parse_fields(by)), *arranged)
    paper = Canvas(width, color=colours, unicode=unicode, is_terminal=width is not None)
    load(formats, form).write(made, out, paper, frozenset())
    return out.getvalue()


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("width", WIDTHS)
def test_on_a_terminal(by, width):
    expect(f"count-{by.replace(',', '-')}-{width}", draw(by, width))


@pytest.mark.parametrize("by", ["year", "year,kind"])
def test_in_ascii(by):
    expect(f"count-{by.replace(',', '-')}-80-ascii", draw(by, 80, "since:2023", unicode=False))


@pytest.mark.parametrize("by", ["era", "actor,status"])
def test_in_markdown(by):
    expect(f"count-{by.replace(',', '-')}-markdown", draw(by, 80, "since:2023", form="markdown"))
    # A document is as wide as it likes.
    assert draw(by, 20, form="markdown") == draw(by, None, form="markdown")


@pytest.mark.parametrize(
    ("by", "query", "told"),
    [
        ("year", "2022..2024", "2022\t1\t1\n2023\t2\t2\n2024\t2\t4\n"),
        ("quarter", "2023Q4..2024Q1", "2023Q4\t2\t2\n2024Q1\t1\t1\n"),
        ("month", "kind:departure", "2024-12\t0\t1\n2025-01\t0\t1\n2025-02\t0\t1\n"),
        ("era", "", "tavares\tTavares era\t6\t12\nfilosa\tFilosa era\t7\t17\n"),
        ("year,status", "2026", "2026\tplanned\t2\t3\n"),
        ("actor,kind", "kind:deal", "leapmotor\tLeapmotor\tdeal\t1\t1\nstellantis\tStellantis\tdeal\t1\t1\n"),
        ("", "since:2023", "14\t24\n"),
        ("tag", "kind:nonesuch", ""),
    ],
)
def test_in_a_pipe(by, query, told):
    assert draw(by, None, query, form="plain") == told


def test_data_has_typed_numbers_and_names_beside_ids():
    assert draw("year,actor", None, "kind:deal", form="json") == (
        "[\n"
        '{"year": 2023, "actor": "leapmotor", "actor_name": "Leapmotor", "certain": 1, "possible": 1},\n'
        '{"year": 2023, "actor": "stellantis", "actor_name": "Stellantis", "certain": 1, "possible": 1}\n'
        "]\n"
    )


def test_rows_are_arranged_in_the_picture_too():
    assert draw("year", 40, "since:2023", arranged=("possible", True, 2)).splitlines()[1:3] == [
        "2025    8–18  ████████░░░░░░░░░░",
        "2024     2–4  ██░░",
    ]
    rows = draw("year,status", 80, "since:2023", arranged=(None, True, None)).splitlines()[1:]
    assert [row[:4] for row in rows[:4]] == ["2026", "2025", "2024", "2023"]


def test_the_footer_counts_each_event_once():
    def footer(by, query="", **options):
        made = table(by, query, **options)
        return made.footer()

    assert footer("year") == [
        "34 events; 7 of them undated; an event may be in several rows; 2–4: 2 certain, at most 4"
    ]
    assert footer("tag") == ["34 events; 9 without a tag; an event may be in several rows"]
    assert footer("year,tag", "since:2023") == [
        "14–24 events; 2–5 without a tag; an event may be in several cells; 0–1: 0 certain, at most 1;"
        " 7 undated events left out"
    ]
    assert footer("era", "since:2023", certain=True) == [
        "14 events; 1 without an era; an event may be in several rows; 3–7: 3 certain, at most 7;"
        " 7 undated events left out"
    ]
    assert footer("year", "kind:nonesuch") == []
    assert footer("", "2023") == ["2 events; 7 undated events left out"]


@pytest.mark.parametrize("by", [*COUNT_FIELDS, "year,kind", "actor,status", "era,actor", "is,month", ""])
@pytest.mark.parametrize("width", [200, 120, 100, 80, 61, 40, 30])
@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("store", [STORE, STORY])
def test_no_line_is_wider_than_the_terminal(by, width, unicode, store):
    paper = Canvas(width)
    for line in draw(by, width, store=store, unicode=unicode).splitlines():
        assert paper.measure(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("by", ["actor", "year,actor"])
@pytest.mark.parametrize("width", [*WIDTHS, None, *range(1, 30, 4)])
def test_nothing_in_a_store_steers_the_terminal_however_narrow_it_is(by, width):
    text = draw(by, width, store=STORE)
    assert text
    assert not [c for c in text if c not in "\n\u200d" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]


@pytest.mark.parametrize("by", BY)
def test_colour_adds_colour_and_nothing_else(by):
    plain, coloured = draw(by, 80), draw(by, 80, colours=True)
    assert coloured != plain
    assert SGR.sub("", coloured) == plain


@pytest.mark.parametrize("room", [8, 20, 60])
def test_a_bar_is_to_scale_and_shows_whatever_there_is(room):
    for most in (1, 3, room, 5 * room, 1000 * room + 1):
        assert len(draw_bar(most, most, most, room)) <= room
        for certain, possible in ((0, 1), (1, 1), (1, 2), (0, most), (most, most), (1, most), (most // 2, most)):
            if certain > possible or possible > most:
                continue
            bar = draw_bar(certain, possible, most, room)
            assert bar.strip("█░") == ""
            assert bar == "█" * bar.count("█") + "░" * bar.count("░")
            assert bool(bar.count("█")) == bool(certain)
            assert bool(bar.count("░")) == (possible > certain)
