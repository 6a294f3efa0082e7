"""Draw the views of a small store with everything in it that drawings must bear, and compare with what was seen."""

from __future__ import annotations

import io
import os
from functools import cache
from pathlib import Path

from autotimeline import formats, views
from autotimeline.api import Timeline
from autotimeline.plugins import load
from autotimeline.render.canvas import Canvas

HERE = Path(__file__).parent
STORE = HERE / "hostile.toml"
STORY = HERE.parent.parent / "facts.toml"
TODAY = "2025-11-22"
# Set, the texts in `expected` are written anew from what is drawn, to be looked at: git diff tests/views/expected
REWRITE = "AUTOTIMELINE_REWRITE_EXPECTED"


@cache
def opened(path):
    return Timeline([path], today=TODAY, cache=False)


def table(view, query="", *, store=STORE, fields=None, particulars=None, **options):
    selection = opened(os.path.relpath(store, HERE)).select(query, **options)
    shape = load(views, view)
    return shape.table(selection, fields or shape.DEFAULT_FIELDS, **(particulars or {}))


def draw(view, width, query="", *, store=STORE, colours=False, unicode=True, terminal=True, **options):
    """Return what a terminal of that width gets; None is a pipe."""
    out = io.StringIO()
    paper = Canvas(width, color=colours, unicode=unicode, is_terminal=terminal)
    load(formats, "table").write(table(view, query, store=store, **options), out, paper, frozenset())
    return out.getvalue()


def expect(name, text):
    """Compare with the text of that name, or write it where the environment says so."""
    path = HERE / "expected" / f"{name}.txt"
    if os.environ.get(REWRITE):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
