"""A query in a page has the answer of the program, or the page refuses it by name (check 1)."""

from __future__ import annotations

import re
from base64 import b64decode
from random import Random

import pytest
import tomli_w
from browser import FULL, TODAY, Visit, generated_store, write_page
from page_queries import QueryMaker

from autotimeline.api import Timeline
from autotimeline.errors import UsageError
from autotimeline.text import fold, search_words
from program import STORY
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
    store = {"alias": ALIASES}
    store |= {"source": SOURCES, "actor": ACTORS, "era": eras, "event": list(crowd(Random(seed)))}  # noqa: S311
    path = folder / f"crowd{seed}.toml"
    path.write_text(tomli_w.dumps(store), "utf-8")
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
            if isinstance(expected, tuple) and base:
                # The program also counts those that the dates of the other query leave out.
                undated = expected[-1]
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
        maker = QueryMaker(timeline, Random(name))  # noqa: S311
        count = int(STORES[name] * SHARE)
        queries = ["", *(maker.query() for _ in range(count))]
        refused = compare(browser, tmp_path / "page.html", timeline, queries)
    assert len(refused) < 0.3 * count + 2, refused
    # Each refusal names the term.
    assert all('"' in message for message in refused.values())


PIECES = [
    "(",
    ")",
    '"',
    "and",
    "or",
    "not",
    "AND",
    ":",
    ",",
    "kind:deal",
    "kind:jv,deal",
    "x",
    "68,000",
    "[a,b]",
    "<",
    ">",
    "=",
    "~",
    "!",
    "\\",
    '\\"',
    "date>2025",
    "date<=2024Q1",
    "date>=",
    "since:2023",
    "kind>3",
    "!kind",
    "title~x",
    "kind!=deal",
    ":jv",
    ":JV",
    ":none",
    ":money,jv",
    "actor:",
    "actor:Stellantis",
    "is:Overdue",
    "status:none",
    'text:"closed',
    'doors"',
    '"battery',
    'plant"',
    "link:",
    "link:@",
    "link:@none",
    "link:nope",
    "id:@catl-jv",
    'place:"zaragoza,',
    'spain"',
    "text:not",
    "date:2025-02-30",
    "date:0000",
    "date:2025Q5",
    "2025-13",
    "era:Filosa",
    "date:filosa..2025",
    '"kind:deal',
    'tag:ev"',
    '"not',
    'x"',
    "place:-",
    "kind:-",
    "text:--",
    "group:dongfeng@",
    "actor:@buyer",
    "role:buyer,venture",
    "Ｄeal",
    "kind:ＤEAL",
    "actor:citroën",
    "Œuvre",
    "l’oréal",
    "tag:e-v",
    "date:2023..2022",
    "date:..",
    "until:after-2024",
    "known:before-2024",
    'date:"since',
    '2024"',
    "(kind:deal)",
    "not(not(x))",
    "metric:none",
]
DATES = [
    "today",
    "yesterday",
    "tomorrow",
    "last-year",
    "next-week",
    "last",
    "next",
    "this",
    "last-stand",
    "since-today",
    "in-house",
    "in-2-weeks",
    "3-months-ago",
    "ago",
    "-18m",
    "+2w",
    "-3",
    "2025",
    "2025-10",
    "2025.10",
    "10/11/2025",
    "2021-22",
    "oct-2023",
    "october",
    "2023-oct",
    "2020s",
    "1990's",
    "19th-century",
    "20XX",
    "202x",
    "2025?",
    "~2025",
    "about-2025",
    "c.2025",
    "2025H1",
    "h1",
    "q4",
    "Q42025",
    "2025-W05",
    "20250101",
    "12345",
    "408",
    "3.5",
    "1,000",
    "68,000",
    "spring-2024",
    "may",
    "may-5",
    "monday",
    "2024/2025",
    "[2024,2025]",
    "..2024",
    "2024..",
    "@catl-jv",
    "@none",
    "@",
    "2025-10-31T00:00",
    "by-2026",
    "before",
    "after-2024",
    "mid-2024",
    "first-half-of-2025",
    "y12345",
    "century",
    "2000-ad",
    "1-1-1",
    "24-26-october-2023",
    "catl-2024",
    "peugeot-408",
    "2024-model",
    "5-days",
    "100",
    "1000",
    "x408",
    "model-3",
    "２０２５",
    "二〇二五",
    "2025年",
    "2025-1",
    "25-10",
    "0001",
    "9999",
    "0000",
    "late-2024",
    "early-2024",
    "end-of-2024",
    "fy2024",
    "2024e",
]


def test_every_piece_of_the_grammar_is_read_alike(browser, tmp_path):
    chance = Random(18)  # noqa: S311
    words = [*PIECES, *DATES, '"first half of 2025"', '"since Oct 26, 2023"', '"in 2 weeks"', '"May 5"', '"2 of 3"']
    queries = [*words, *(f"{field}:{word}" for field in ("date", "since", "known") for word in DATES)]
    queries += [" ".join(chance.choices(PIECES, k=chance.randint(2, 6))) for _ in range(2000 if FULL else 300)]
    queries += ["(" * depth + "x" + ")" * depth for depth in (19, 20, 21, 22)] + ["x" * 1000, "x" * 1001]
    queries += ["not " * 50 + "x", "x or (y " * 19 + "z" + ")" * 19]
    with Timeline([str(STORY)], today=TODAY, cache=False) as timeline:
        compare(browser, tmp_path / "page.html", timeline, queries)


@pytest.mark.parametrize("base", ["since:2024-06", "not kind:visit actor:stellantis", "is:undated or 2025"])
def test_a_page_of_a_query_answers_within_it(browser, tmp_path, base):
    with Timeline([str(STORY)], today=TODAY, cache=False) as timeline:
        maker = QueryMaker(timeline, Random(base))  # noqa: S311
        queries = ["", *(maker.query() for _ in range(200 if FULL else 40))]
        compare(browser, tmp_path / "page.html", timeline, queries, base)


ODD_TEXTS = [
    *(
        "L’Oréal—Œuvre Łódź ŒUVRE ÆØÅ ſtraße İstanbul ıI ð þorn №5 ﬁne ½ Ⅷ ① ²",
        "한국어 자동차 각 한",
        "財新 零部件　ＡＢＣ ｶﾞ カ゛",
    ),
    *("বাংলা কো নি", "ελλάς ΣΊΣΥΦΟΣ ά", "Ё й Й", "a\u0301\u0327 e\u0300\u0316", "x\u200dy\u00adz\ufeff", "👩‍👩‍👧 🏴 ☃"),
    *("tab\tnew\nline\x85end", "_-'`´‘’‛′ʹʻʼ⁃−", "naïve café naïve", "ǆ ǅ Ǆ ŉ ẞ ﷺ", "१२३ ٣٤", "\U0001d400\U0001d7d8"),
]


def test_texts_fold_as_in_the_program(browser, tmp_path):
    events = [
        {"id": f"e{n}", "title": f"T {text}", "kind": text.split()[0], "tags": [text.split()[-1]], "note": text}
        for n, text in enumerate(ODD_TEXTS)
    ]
    path = tmp_path / "odd.toml"
    path.write_text(tomli_w.dumps({"event": events}), "utf-8")
    chance = Random(5)  # noqa: S311
    characters = [c for text in ODD_TEXTS for c in text]
    samples = [*ODD_TEXTS, *characters, *("".join(chance.choices(characters, k=4)) for _ in range(500))]
    with Timeline([str(path)], today=TODAY, cache=False) as timeline:
        with Visit(browser, write_page(tmp_path / "odd.html", timeline)) as tab:
            found = tab.evaluate("texts => texts.map(text => [page.fold(text), page.searchWords(text)])", samples)
        assert found == [[fold(text), search_words(text)] for text in samples]
        words = [word for text in samples for word in text.split() if not re.search(r'[()":,<>=~!@\[]', word)]
        chosen = words if FULL else chance.sample(words, 100)
        queries = [f"{field}:{word}" for word in chosen for field in ("text", "kind", "tag")]
        compare(browser, tmp_path / "page.html", timeline, queries)
