"""What people see, to the letter.

After a change that is meant, write the texts anew and look at the difference:

    AUTOTIMELINE_REWRITE_EXPECTED=1 pytest tests/views; git diff tests/views/expected
"""

from __future__ import annotations

import re
import tomllib
import unicodedata

import pytest
from view_store import HERE, STORE, STORY, draw, expect, table

from autotimeline.render.canvas import STATUS_MARKS, Canvas

VIEWS = ("timeline", "show")
PICTURES = (*VIEWS, "chart")
WIDTHS = (120, 80, 40)
SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.chdir(HERE)  # cards name the file as it was given


@pytest.mark.parametrize("view", PICTURES)
@pytest.mark.parametrize("width", WIDTHS)
def test_on_a_terminal(view, width):
    expect(f"{view}-{width}", draw(view, width))


@pytest.mark.parametrize("view", PICTURES)
def test_in_ascii(view):
    expect(f"{view}-80-ascii", draw(view, 80, unicode=False))


@pytest.mark.parametrize("view", PICTURES)
def test_in_a_pipe_nothing_wraps_and_no_footer_comes(view):
    expect(f"{view}-pipe", draw(view, None, "since:2023-06", terminal=False))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_of_the_story(width):
    text = draw("list", width, store=STORY)
    expect(f"list-{width}-story", text)
    # One or two lines for each of 34 events.
    assert width < 80 or text.count("\n") <= 75


def test_possible_matches_and_what_is_left_out():
    expect("timeline-80-possible", draw("timeline", 80, "since:2023-06 until:2025"))


@pytest.mark.parametrize("view", PICTURES)
@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_colour_adds_colour_and_nothing_else(view, width):
    plain, coloured = draw(view, width), draw(view, width, colours=True)
    assert "\x1b" not in plain
    assert coloured != plain
    assert SGR.sub("", coloured) == plain


@pytest.mark.parametrize("view", [*PICTURES, "list"])
@pytest.mark.parametrize("width", [200, 120, 100, 99, 80, 61, 60, 59, 40, 30])
@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("store", [STORE, STORY])
def test_no_line_is_wider_than_the_terminal(view, width, unicode, store):
    paper = Canvas(width)
    for line in draw(view, width, store=store, unicode=unicode).splitlines():
        assert paper.measure(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("view", PICTURES)
@pytest.mark.parametrize("width", range(1, 30))
def test_a_terminal_too_narrow_for_words_gets_something(view, width):
    assert draw(view, width)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_nothing_in_a_store_steers_the_terminal(view, width):
    text = draw(view, width)
    assert not [c for c in text if c not in "\n\u200d" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
    joined = "".join(text.split())
    assert r"[/foo][sic]:smile:\x1b]0;pwned\x07" in joined or width == 40


@pytest.mark.parametrize("view", PICTURES)
@pytest.mark.parametrize("width", [*WIDTHS, None])
@pytest.mark.parametrize("store", [STORE, STORY])
def test_ascii_has_no_marks_but_those_of_the_data(view, width, store):
    data = str(tomllib.loads(store.read_text(encoding="utf-8"))) + "\u200d"  # which str() writes as an escape
    assert not [c for c in draw(view, width, store=store, unicode=False) if not c.isascii() and c not in data]


@pytest.mark.parametrize("store", [STORE, STORY])
@pytest.mark.parametrize("width", [120, 80, 60])
@pytest.mark.parametrize("unicode", [True, False])
def test_titles_and_dates_stand_in_one_column(width, unicode, store):
    paper = Canvas(width, unicode=unicode)
    marks = tuple(map(paper.sanitize, STATUS_MARKS.values()))
    heads = [line for line in draw("timeline", width, store=store, unicode=unicode).splitlines() if line[6:7] in marks]
    starts = set()
    for line, (date, title) in zip(heads, table("timeline", store=store, fields=("date", "title")).rows, strict=True):
        signs, rest = line[6 : 6 + len(paper.sanitize("● ?≠"))], line[6 + len(paper.sanitize("● ?≠")) + 1 :]
        assert date is None or re.split("[/ ]", date)[0] == re.split("[/ ]", rest)[0]
        starts.add(paper.measure(line[: line.index(f"  {title[:1]}", 10)]))
        assert signs.startswith(marks)
    assert len(starts) == 1


@pytest.mark.parametrize("store", [STORE, STORY])
@pytest.mark.parametrize("view", VIEWS)
def test_every_event_is_drawn_once(view, store):
    text = draw(view, None, store=store)
    for id, title in table(view, store=store, fields=("id", "title")).rows:
        shown = Canvas(None).sanitize(title)
        if view == "timeline":
            assert len(re.findall(rf"  {re.escape(shown)}  {id}$", text, re.MULTILINE)) == 1
        else:
            assert f"\n{shown}\n{id} · " in f"\n{text}"
