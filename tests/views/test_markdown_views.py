"""Markdown of `list`, `timeline`, and `show`: figures in words, and sources as numbered notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from asking import ask

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
STORE = """
[source.a]
title = "The Gazette"
published = "2024-05-01"
url = "https://example.org/a"
[source.b]
title = "Notes"
[actor.x]
name = "Xavier"
[[event]]
id = "first"
date = "2024"
title = "One"
sources = ["a", { id = "b", quote = "Q", by = "x", date = "2024-03", status = "planned", figures.cost = "2bn EUR" }]
figures.cost = { value = "2bn EUR", basis = "expected" }
figures.stake = [{ value = "51%", of = "x" }, { value = "49%", holder = "x", period = "2025" }]
[[event]]
id = "second"
date = "2025"
title = "Two"
sources = ["a"]
"""
NOTES = """
[^1]: [The Gazette](https://example.org/a), 2024-05-01

[^2]: “Q” (Xavier), in Notes; states 2024-03, planned, cost 2bn EUR
"""
FIGURES = "cost 2bn EUR (expected); stake 51% (Xavier), 49% (held by Xavier, 2025)"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    return path


def markdown(store: Path, *arguments: str) -> tuple[list[list[str]], str]:
    """Return the rows of the table and what is below it."""
    code, out, err = ask("-f", store, *arguments, "-O", "markdown")
    assert (code, err) == (0, "")
    table, _, rest = out.partition("\n\n")
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]], "\n" + rest


def test_a_list_ends_with_its_sources(store):
    rows, notes = markdown(store, "list")
    assert [row[-1] for row in rows] == ["[^1] [^2]", "[^1]"]
    assert notes == NOTES


def test_a_timeline_has_figures_in_words(store):
    rows, notes = markdown(store, "timeline")
    assert [row[-2:] for row in rows] == [[FIGURES, "[^1] [^2]"], ["", "[^1]"]]
    assert notes == NOTES


def test_a_card_has_a_row_for_each_figure_and_note(store):
    rows, notes = markdown(store, "show", "first")
    values = [(field, value) for _, field, value in rows if field in ("figures", "sources")]
    figures = ["cost 2bn EUR (expected)", "stake 51% (Xavier)", "stake 49% (held by Xavier, 2025)"]
    assert values == [*(("figures", text) for text in figures), ("sources", "[^1]"), ("sources", "[^2]")]
    assert notes == NOTES


def test_named_fields_decide_whether_there_are_notes(store):
    assert markdown(store, "list", "--fields", "id,title")[1] == "\n"
    rows, notes = markdown(store, "list", "--fields", "sources,id", "-n", "1")
    assert rows == [["[^1] [^2]", "first"]]
    assert notes.startswith(NOTES)
