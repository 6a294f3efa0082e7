"""`svg`: well-formed whatever it holds, whole in itself, and readable without colour."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from format_sample import FOOTER, HOSTILE, render, sample, strings
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.formats import svg
from autotimeline.render.canvas import FLAG_MARKS, STATUS_MARKS, STYLES, Canvas
from autotimeline.render.chart_layout import LEGEND_TEXTS, ChartLayout, Lane, TimeAxis
from autotimeline.render.text_chart import Chart
from autotimeline.render.text_layout import paragraph
from autotimeline.table import Column, Table
from autotimeline.text import escape_control

NAMESPACE = "{http://www.w3.org/2000/svg}"
ANY = st.text(st.one_of(st.sampled_from("<>&\"'\x00\x1b\u202e\ufffe\uffff]]> "), st.characters()))
TITLES = ["</text><script>alert(1)</script>", "]]>", "&amp;&#x1b;", "\x00\x1b[31m\x07", "\ufffe\uffff\ud800", HOSTILE]


def picture(title="x", *, label="lane", groups=None):
    """A table with a scene of one lane."""
    found = groups or [[0, 40, None, None, ("happened", "certain", False), 1, "2020", "id", title]]

    def scene(cells, room, with_titles):
        return ChartLayout(TimeAxis(730000, 740000, cells, room), [Lane(label, 3, 0, found, cells, room)], 735000)

    return Table([Column("id")], iter([["id"]]), footer=lambda: FOOTER, drawing=[Chart([("lane", 1)], scene)])


def parsed(written):
    return ElementTree.fromstring(written)  # noqa: S314  what we have written ourselves


def texts(written, tag="text"):
    return [element.text or "" for element in parsed(written).iter(NAMESPACE + tag)]


@pytest.mark.parametrize("hostile", TITLES, ids=ascii)
def test_hostile_text_stays_text(hostile):
    for table in (strings([[hostile]], 1), picture(hostile, label=hostile)):
        written = render("svg", table.replace(title=lambda: hostile))
        known = {"svg", "title", "desc", "style", "defs", "g", "rect", "text", "path", "circle", "use"}
        assert {element.tag.removeprefix(NAMESPACE) for element in parsed(written).iter()} <= known
        assert escape_control(written, keep="\n") == written


@given(st.lists(st.lists(ANY, min_size=3, max_size=3), max_size=4), ANY)
def test_any_text_gives_an_svg_that_a_parser_reads(rows, title):
    for table in (strings(rows, 3), picture(title, label=title)):
        assert parsed(render("svg", table.replace(title=lambda: title))).tag == NAMESPACE + "svg"


@given(ANY)
def test_what_a_text_says_is_there_to_be_read(text):
    shown = Canvas(100).sanitize(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    words = "".join("".join(texts(render("svg", strings([[text]], 1)))).split())
    assert "".join(shown.split()) in words
    told = ["".join(title.split()) for title in texts(render("svg", picture(text)), "title")]
    assert "".join(f"2020: {shown} (id)".split()) in told


def test_lines_are_those_of_the_drawn_table_each_word_at_its_column():
    written = render("svg", sample())
    head, *_, line = [line for line in written.splitlines() if ">title<" in line or "about 20%" in line]
    at = {text: float(x) for part in (head, line) for x, text in re.findall(r'<text x="([\d.]+)"[^>]*>([^<]*)', part)}
    assert at["title"] == at["Plans to buy about 20%"]
    assert at["id"] == at["deal"] < at["date"] == at["2023-10"] < at["title"]
    assert FOOTER[0] in texts(written)


def test_nothing_comes_from_outside_and_nothing_runs():
    for table in (sample(), picture()):
        written = render("svg", table)
        assert re.findall(r'https?://[^"]*', written) == ["http://www.w3.org/2000/svg"]
        assert all(target.startswith("#") for target in re.findall(r'href="([^"]*)"', written))
        assert not re.search(r"<script|<image|<foreignObject|@import|@font-face|url\(|\bon\w+=", written)


def test_it_is_told_to_those_who_do_not_see_it():
    tree = parsed(render("svg", picture().replace(title=lambda: "A story")))
    assert tree.get("role") == "img"
    named = {element.get("id"): element.text for element in tree if element.get("id")}
    assert tree.get("aria-labelledby", "").split() == list(named)
    assert named["title"] == "A story"
    assert named["about"] == "Lanes on a time axis from 1995-01-01 to 2027-01-19: lane (3)."
    assert parsed(render("svg", sample())).get("role") == "document"


def test_every_colour_has_one_for_light_and_one_for_dark():
    light, dark = render("svg", sample()).split("@media (prefers-color-scheme:dark)")
    for style, words in STYLES.items():
        colours = [word for word in words.split() if word in svg._COLORS]
        assert len(colours) == (0 if set(words.split()) <= {"bold", "italic"} else 1), style
        for colour in colours:
            assert f".{style}{{color:{svg._COLORS[colour][0]}}}" in light
            assert f".{style}{{color:{svg._COLORS[colour][1]}}}" in dark


def luminance(colour):
    """The relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("which", [0, 1], ids=["light", "dark"])
def test_every_colour_of_a_text_stands_out_from_the_paper(which):
    paper = luminance(svg._BACKGROUND_COLORS[which])
    for colours in (*svg._COLORS.values(), svg._TEXT_COLORS):
        low, high = sorted((paper, luminance(colours[which])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, colours


def test_marks_differ_in_form():
    assert set(svg._MARK_SHAPES) == set(STATUS_MARKS)
    assert len(set(svg._MARK_SHAPES.values())) == len(STATUS_MARKS)


def test_the_legend_shows_what_is_seen():
    groups = [
        [0, 9, 2, 5, ("happened", "possible", False), 1, "2020", "a", "A"],
        [20, 240, 30, 240, ("planned", "certain", True), 2, "2021", "b", "B"],
        [-1, 9, None, None, ("cancelled", "certain", False), 1, "2022", "c", "C"],
    ]
    written = render("svg", picture(groups=groups))
    seen = (
        "happened",
        "planned",
        "cancelled",
        "several",
        "core",
        "hollow",
        "reach",
        "open",
        "possible",
        "disputed",
        "today",
    )
    for name, words in LEGEND_TEXTS.items():
        assert (words in texts(written)) == (name in seen), name
    for sign in FLAG_MARKS.values():
        assert texts(written).count(sign) == 2  # beside a mark, and in the legend
    assert written.count('<rect class="hollow"') == 2


def test_counts_are_columns_behind_their_mark():
    groups = [[n, n + 40, None, None, ("happened", "certain", False), 1, "2020", f"e{n}", "E"] for n in range(12)]
    written = render("svg", picture(groups=groups))
    assert "happened: at most 12 that may be in one place" in texts(written, "title")
    line = next(line for line in written.splitlines() if "at most 12" in line)
    columns = [
        (float(x), float(high)) for x, high in re.findall(r'<rect [^>]*x="([\d.]+)"[^>]*height="([\d.]+)"', line)
    ]
    heights = [high for _, high in columns]
    assert heights[:12] == sorted(heights[:12])
    assert heights[11:] == sorted(heights[11:], reverse=True)


def test_without_rows_it_says_so():
    assert "nothing matches" in texts(render("svg", Table([], iter([]), drawing=[])))


def test_ascii_marks_where_they_are_asked_for():
    table = Table([], iter([]), drawing=[paragraph([("● x", "happened")])])
    assert "* x" in texts(render("svg", table, paper=Canvas(None, unicode=False)))
