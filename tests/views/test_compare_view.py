"""Sides beside each other as people see them, to the letter: stories of two and three, events, a side without any."""

from __future__ import annotations

import io
import os
import re
import tomllib
import unicodedata

import pytest
from view_store import HERE, STORE, STORY, expect, opened

from autotimeline import formats
from autotimeline.plugins import load
from autotimeline.render.canvas import Canvas
from autotimeline.views import compare
from selecting import sides

SGR = re.compile(r"\x1b\[[0-9;]*m")
# What is compared, of the story that ships.
ASKED = {
    "eras": ("tavares", "filosa"),
    "actors": ("actor:dongfeng", "actor:leapmotor", "kind:visit"),
    "events": ("leapmotor-deal", "catl-jv"),
    "sales": ("french-brands-2024", "french-brands-2025h1", "french-brands-peak"),
    "nothing": ("kind:joint-venture", "kind:wedding"),
    "same": ("catl-jv", "catl-jv"),
}
# The same of the store with everything in it that drawings must bear.
HOSTILE = {
    "stories": ("status:happened", "status:planned", "not status:happened", "since:2024"),
    "two": ("status:happened", "since:1900"),
    "events": ("hostile", "spanning", "disputed"),
}


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.chdir(HERE)


def draw(width, words, *, store=STORY, colours=False, unicode=True, terminal=True):
    story = opened(os.path.relpath(store, HERE))
    out = io.StringIO()
    paper = Canvas(width, color=colours, unicode=unicode, is_terminal=terminal)
    load(formats, "table").write(compare.table(sides(story, *words), compare.FIELDS), out, paper, frozenset())
    return out.getvalue()


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("width", [120, 80, 40])
def test_on_a_terminal(asked, width):
    expect(f"compare-{asked}-{width}", draw(width, ASKED[asked]))


@pytest.mark.parametrize("asked", ["eras", "events"])
def test_in_ascii(asked):
    expect(f"compare-{asked}-80-ascii", draw(80, ASKED[asked], unicode=False))


@pytest.mark.parametrize("asked", ["eras", "actors", "events"])
def test_in_a_pipe_nothing_wraps_and_no_footer_comes(asked):
    expect(f"compare-{asked}-pipe", draw(None, ASKED[asked], terminal=False))


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("width", [120, 80, 40, None])
def test_colour_adds_colour_and_nothing_else(asked, width):
    plain, coloured = draw(width, ASKED[asked]), draw(width, ASKED[asked], colours=True)
    assert coloured != plain
    assert SGR.sub("", coloured) == plain


@pytest.mark.parametrize(
    ("store", "words"),
    [*((STORY, words) for words in ASKED.values()), *((STORE, words) for words in HOSTILE.values())],
)
@pytest.mark.parametrize("width", [200, 120, 100, 80, 60, 50, 43, 40, 30])
@pytest.mark.parametrize("unicode", [True, False])
def test_no_line_is_wider_than_the_terminal_and_nothing_steers_it(store, words, width, unicode):
    paper = Canvas(width)
    text = draw(width, words, store=store, unicode=unicode)
    for line in text.splitlines():
        assert paper.measure(line) <= width
        assert line == line.rstrip()
    assert not [c for c in text if c not in "\n\u200d" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
    if not unicode:
        data = str(tomllib.loads(store.read_text(encoding="utf-8")))
        assert not [c for c in text if not c.isascii() and c not in data + "\u200d"]


@pytest.mark.parametrize("words", [*ASKED.values()])
@pytest.mark.parametrize("width", range(1, 30))
def test_a_terminal_too_narrow_for_words_gets_something(words, width):
    assert draw(width, words)


@pytest.mark.parametrize("asked", ["eras", "actors", "nothing"])
def test_every_event_of_every_side_is_drawn_once(asked):
    text = draw(None, ASKED[asked])
    for word in ASKED[asked]:
        (side,) = sides(opened(os.path.relpath(STORY, HERE)), word)
        for (title,) in side.selection.rows(("title",)):
            assert len(re.findall(rf"[ ─]{re.escape(title)}( |$)", text, re.MULTILINE)) == 1
