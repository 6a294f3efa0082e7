"""A query in a page has the answer of the program, or the page refuses it by name (check 1)."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from base64 import b64decode
from random import Random

import pytest
import tomli_w

from autotimeline.api import Timeline
from autotimeline.errors import UsageError
from browser import FULL, TODAY, Visit, write_page
from page_queries import QueryMaker
from program import STORY, TOP
from query_draws import ACTORS, ERAS, SOURCES, crowd

ALIASES = {
    "early": "..2020-03 or is:undated",
    "nested": "not :early kind:deal",
    "relative": "since:last-year",
    "near": "near:@e1/2m",
    "money": "money:5..",
    "broken": "actor:nobody",
}
ASK = """queries => queries.map(query => {
  const encode = set => btoa(String.fromCharCode(...new Uint8Array(set.buffer)))
  try {
    const {possible, certain, undated} = page.ask(query)
    return [encode(possible), encode(certain), undated]
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return [error.message, error.refused]
  }
})"""


def crowd_store(folder, seed):
    eras = {id: {"name": id.title(), "period": period} for id, period in ERAS.items()}
    store = {"alias": {name: {"query": query} for name, query in ALIASES.items()} if 0 else ALIASES}
    store |= {"source": SOURCES, "actor": ACTORS, "era": eras, "event": list(crowd(Random(seed)))}
    path = folder / f"crowd{seed}.toml"
    path.write_text(tomli_w.dumps(store), "utf-8")
    return path


def generated_store(folder, size):
    path = folder / "generated.toml"
    text = subprocess.run([sys.executable, TOP / "bench/generate.py", str(size)], capture_output=True, check=True).stdout
    path.write_bytes(text + b'\n[alias]\nlate = "is:slipped or is:overdue"\nsold = "kind:sales not 2015..2020"\n')
    return path


def program_answer(timeline, query, positions):
    """The sets of the program as the page encodes them, or its error."""
    try:
        selection = timeline.select(query)
    except UsageError as error:
        return str(error)
    possible, certain = bytearray((len(positions) + 31) // 32 * 4), bytearray((len(positions) + 31) // 32 * 4)
    for id, match in selection.rows(("id", "match")):
        at = positions[id]
        possible[at >> 3] |= 1 << (at & 7)
        certain[at >> 3] |= (match == "certain") << (at & 7)
    return bytes(possible), bytes(certain), selection.undated()


def compare(browser, path, timeline, queries, base=""):
    """Assert that page and program agree, and return the refused queries with their reasons."""
    address = write_page(path, timeline, base)
    positions = {id: at for at, (id,) in enumerate(timeline.select(base).rows(("id",)))}
    with Visit(browser, address) as tab:
        answers = tab.evaluate(ASK, queries)
    refused = {}
    for query, answer in zip(queries, answers, strict=True):
        asked = f"({base}) ({query})" if base and query else query or base
        expected = program_answer(timeline, asked, positions)
        if len(answer) == 2:
            message, is_refusal = answer
            assert is_refusal or isinstance(expected, str), f"{query}: {message}"
            if is_refusal:
                refused[query] = message
        else:
            possible, certain, undated = answer
            assert (b64decode(possible), b64decode(certain), undated) == expected, query
    return refused


STORES = {"story": 700, "generated": 400, "crowd1": 300, "crowd2": 300, "crowd3": 300}
SHARE = 1 if FULL else 0.08


@pytest.mark.parametrize("name", STORES)
def test_a_page_answers_as_the_program_does(browser, tmp_path, name):
    if name == "story":
        path = STORY
    elif name == "generated":
        path = generated_store(tmp_path, 10_000 if FULL else 300)
    else:
        path = crowd_store(tmp_path, int(name[-1]))
    with Timeline([str(path)], today=TODAY, cache=False) as timeline:
        timeline.check()
        maker = QueryMaker(timeline, Random(name))
        count = int(STORES[name] * SHARE)
        queries = ["", *(maker.query() for _ in range(count))]
        refused = compare(browser, tmp_path / "page.html", timeline, queries)
    assert len(refused) < 0.3 * count + 2, refused
    # Each refusal names the term.
    assert all('"' in message for message in refused.values())
