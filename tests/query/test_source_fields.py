"""The sources of an event: `source-title`, `source-url`, and the records of `sources`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from asking import ask

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
STORE = """
[source.a]
title = "First; of two"
url = "https://example.org/a"
origin = "agency"
[source.b]
title = "Second"
[[event]]
id = "both"
title = "T"
sources = ["b", { id = "a", quote = "Q" }, { id = "a", quote = "R" }]
[[event]]
id = "none"
title = "T"
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    return path


def rows(store: Path, *arguments: str) -> list[dict]:
    code, out, err = ask("-f", store, *arguments, "-O", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_source_has_its_title_and_its_address_once(store):
    for command in (["list"], ["timeline"], ["show", "both", "none"]):
        assert rows(store, *command, "--fields", "id,source-title,source-url") == [
            {"id": "both", "source-title": ["Second", "First; of two"], "source-url": ["https://example.org/a"]},
            {"id": "none", "source-title": [], "source-url": []},
        ]
    line = ("list", "--fields", "source-url,source-title", "-O", "plain")
    assert ask("-f", store, *line)[1] == "https://example.org/a\tSecond; First\\\\; of two\n\t\n"


def test_a_citation_ends_with_the_address_and_the_origin_of_its_source(store):
    second, first, again = rows(store, "list")[0]["sources"]
    assert list(second)[-3:] == ["figures", "url", "origin"]
    assert (second["url"], second["origin"]) == (None, None)
    for citation in (first, again):
        assert (citation["url"], citation["origin"]) == ("https://example.org/a", "agency")


def test_an_answer_can_be_imported(store, tmp_path):
    (tmp_path / "rows.json").write_text(json.dumps(rows(store, "list")), "utf-8")
    (tmp_path / "other.toml").write_text("", "utf-8")
    assert ask("-f", tmp_path / "other.toml", "import", tmp_path / "rows.json")[0] == 0
    assert rows(tmp_path / "other.toml", "list", "--fields", "id,sources") == rows(
        store, "list", "--fields", "id,sources"
    )


def test_a_list_is_not_a_field_to_sort_by(store):
    code, _, err = ask("-f", store, "list", "--sort", "source-title")
    assert code == 2
    assert err.startswith('autotimeline: cannot sort by "source-title"')
