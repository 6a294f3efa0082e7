"""What was written can be read back, whatever it was; and it is written as it comes."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from format_sample import render, strings
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import autotimeline
from autotimeline import formats
from autotimeline.plugins import list_names, load
from autotimeline.render.canvas import Canvas
from autotimeline.table import Column, Table
from autotimeline.text import escape_control, unguard_formula

ANY = st.text(st.one_of(st.sampled_from("\t\r\n\\'\"=+-@,;|*_`<>&[]~$:#.5 \x1b\x85\u2028\u202e"), st.characters()))
ROWS = st.lists(st.lists(ANY, min_size=3, max_size=3), max_size=5)


@given(ROWS)
def test_csv_gives_the_cells_back(rows):
    raw = render("csv", strings(rows, 3), "raw")
    assert list(csv.reader(io.StringIO(raw, newline=""), strict=True))[1:] == rows
    guarded = list(csv.reader(io.StringIO(render("csv", strings(rows, 3)), newline=""), strict=True))[1:]
    assert [[unguard_formula(cell) for cell in row] for row in guarded] == rows
    for row in guarded:
        for cell in row:
            assert not re.match(r"'*[=+\-@\t\r]", cell) or cell[0] == "'" or re.fullmatch(r"[+-][\d.]+", cell)


@given(st.lists(st.lists(ANY, min_size=1, max_size=1), max_size=3))
def test_csv_of_one_column_gives_the_cells_back(rows):
    assert list(csv.reader(io.StringIO(render("csv", strings(rows, 1), "raw"), newline=""), strict=True))[1:] == rows


def unescape(cell):
    long = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    pattern = r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([tnr\\]))"
    return re.sub(pattern, lambda m: long[m[4]] if m[4] else chr(int(m[1] or m[2] or m[3], 16)), cell)


@given(ROWS, st.sampled_from(["plain", "tsv"]))
def test_plain_and_tsv_give_the_cells_back(rows, name):
    lines = render(name, strings(rows, 3)).split("\n")[name == "tsv" : -1]
    assert [[unescape(cell) for cell in line.split("\t")] for line in lines] == rows
    assert all(escape_control(line, keep="\t") == line for line in lines)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | ANY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY, inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(st.lists(JSON, min_size=2, max_size=2), max_size=4))
def test_json_gives_the_values_back(rows):
    def table():
        return Table([Column("a"), Column("b")], iter(rows))

    written = render("json", table())
    objects = json.loads(written, parse_float=Decimal)
    assert [list(each.values()) for each in objects] == rows
    assert escape_control(written, keep="\n") == written
    assert [json.loads(line, parse_float=Decimal) for line in render("jsonl", table()).splitlines()] == objects


WHOLE = st.text(st.characters(codec="utf-8"), max_size=60)
TOML = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates(date(1, 1, 1)) | WHOLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WHOLE, inner, max_size=4),
    max_leaves=20,
)
BLOCK = st.dictionaries(WHOLE, TOML, max_size=5)


@given(st.lists(BLOCK, max_size=3), BLOCK)
def test_toml_gives_the_blocks_back(events, source):
    blocks = [("source.x", source), *(("event", event) for event in events)]
    written = render("toml", Table([], iter([]), store_blocks=lambda: iter(blocks)))
    assert tomllib.loads(written).get("event", []) == events
    assert tomllib.loads(written)["source"]["x"] == source
    assert escape_control(written, keep="\n\t") == written


@given(ROWS.filter(len))
def test_markdown_shows_the_cells_literally(rows):
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(render("markdown", strings(rows, 3)))
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", line) for line in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)[1:]]
    paper = Canvas(None)
    shown = [["<br>".join(_html(paper.sanitize(line)) for line in cell.splitlines()) for cell in row] for row in rows]
    kept = [i for i in range(3) if any(row[i] for row in shown)] or range(3)
    # White space at the edges of a cell is not part of it, in Markdown.
    assert [[_even(row[i]) for i in kept] for row in shown] == [[_even(cell) for cell in row] for row in cells]


def _html(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _even(html):
    return "<br>".join(line.strip() for line in html.split("<br>")).strip()


@pytest.mark.parametrize("name", ["plain", "tsv", "csv", "json", "jsonl", "toml"])
def test_rows_are_written_as_they_come(name):
    out = io.StringIO()

    class EnoughError(Exception):
        pass

    def rows():
        for i in count():
            if i:
                assert "row-0" in out.getvalue()
            if i > 300:
                assert f"row-{i - 300}" in out.getvalue()
            if i == 2000:
                raise EnoughError
            yield [f"row-{i}"]

    with pytest.raises(EnoughError):
        load(formats, name).write(Table([Column("id")], rows()), out, Canvas(None), frozenset())
    if name in ("plain", "tsv", "csv"):
        out.seek(out.truncate(0))
        with pytest.raises(EnoughError):
            load(formats, name).write(Table([Column("id")], iter([]), text_rows=rows), out, Canvas(None), frozenset())


LIGHT = """
import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules)
import io, autotimeline.formats.{name}
from autotimeline.table import Column, Table
table = Table([Column("a"), Column("b", item_to_text=str)], iter([["x", None], ["\\t\\x1b\\u65e5", ["y"]]]))
autotimeline.formats.{name}.write(table, io.StringIO(), None, frozenset())
print(*sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize("name", ["plain", "tsv"])
def test_lines_for_pipes_import_next_to_nothing(name):
    source = Path(autotimeline.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LIGHT.format(name=name), source], capture_output=True, text=True, check=True
    )
    assert {module for module in done.stdout.split() if not module.startswith("autotimeline")} <= {
        "__future__",
        "itertools",
        "unicodedata",
    }


def test_files_of_the_folder_that_are_no_formats():
    assert list_names(formats) == ["csv", "json", "jsonl", "markdown", "plain", "svg", "table", "toml", "tsv"]
