"""What differs between two stores is what they say, whatever they look like."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotimeline.api import Timeline
from autotimeline.reports import store_diff
from autotimeline.schema import KINDS
from autotimeline.store.blocks import parse_blocks
from program import STORY

HEAD = """
[source.first]
title = "First"
[source.second]
title = "Second"
published = "2020"
[actor.acme]
name = "Acme"
[actor.globex]
name = "Globex"
"""


def changes(old: str, new: str) -> list[store_diff.Change]:
    """Return what differs between two texts."""
    with tempfile.TemporaryDirectory() as folder:
        selections = []
        for name, text in (("old", old), ("new", new)):
            path = Path(folder) / f"{name}.toml"
            path.write_text(text, "utf-8")
            story = Timeline([str(path)], cache=False)
            story.check()
            selections.append(story.select())
        return list(store_diff.diff_stores(*selections))


def rows(old: str, new: str, head: str = HEAD) -> list[tuple[str, ...]]:
    """Return (id, field, change, old, new) of what differs between two texts behind one head, as text."""
    found = changes(head + old, head + new)
    return [
        (
            change.id,
            change.field,
            change.change,
            *(side and store_diff.change_to_text(side) for side in (change.old, change.new)),
        )
        for change in found
    ]


def event(*lines: str, id: str = "e") -> str:
    return "\n".join(("[[event]]", f'id = "{id}"', 'title = "E"', *lines, ""))


# ---------------------------------------------------------------- what means the same

SAME = [
    ('date = "2025Q3"', 'date = "2025-35"'),
    ('period = "2025H1"', 'period = "2025-40"'),
    ('date = "2025-03-25"', "date = 2025-03-25"),
    ('date = "25 Mar 2025"', "date = 2025-03-25"),
    ('date = "2011"', "date = 2011"),
    ('date = "about 2023"', 'date = "2023~"'),
    ('date = "by 2026-12"', 'date = "[..2026-12]"'),
    ('figures.sales = "68,000"', 'figures.sales = "68k"'),
    ('figures.sales = "68,000"', "figures.sales = 68000"),
    ('figures.cost = "1500m EUR"', 'figures.cost = "€1.5bn"'),
    ('figures.cost = "<=4bn EUR"', 'figures.cost = "up to 4bn EUR"'),
    ('figures.sales = "10 vehicles"', 'figures.sales = "10 vehicle"'),
    ('figures.sales = ["1", "2"]', 'figures.sales = ["2", "1"]'),
    ('figures = { a = "1", b = "2" }', 'figures = { b = [{ value = "2", basis = "actual" }], a = "1" }'),
    ('period = "2020"\nfigures.a = "1"', 'period = "2020"\nfigures.a = { value = "1", period = "2020" }'),
    ('actors = ["acme", "globex"]', 'actors = ["globex", "acme"]'),
    ('actors = { of = "acme", to = "globex" }', 'actors = { to = ["globex"], of = ["acme"] }'),
    ('places = "Rome"', 'places = ["Rome"]'),
    ('tags = ["a", "b"]', 'tags = ["b", "a"]'),
    ('sources = ["first", "second"]', 'sources = [{ id = "second" }, "first"]'),
    (
        'sources = [{ id = "first", figures.a = ["1 cars", "2"] }]',
        'sources = [{ id = "first", figures.a = ["2", "1 car"] }]',
    ),
    ('links = { related = ["x", "y"] }', 'links = { related = ["y", "x"] }'),
    ('accept = { a = "1", b = "2" }', 'accept = { b = "2", a = "1" }'),
    ('status = "happened"\nreported = false', ""),
    ('note = "one\\ttwo"', "note = 'one\ttwo'  # a comment"),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_another_spelling_is_no_difference(old, new):
    assert rows(event(old), event(new)) == rows(event(new), event(old)) == []


def test_neither_order_nor_layout_nor_a_split_is_a_difference():
    text = STORY.read_text("utf-8")
    head, *rest = (block.text for block, _ in parse_blocks(text, {}))
    turned = head + "\n\n# turned round\n".join(reversed(rest))
    assert turned != text
    assert changes(text, turned) == changes(turned, text) == changes(text, text) == []


# ---------------------------------------------------------------- what does not

CHANGED = [
    ('date = "2020"', 'date = "2020?"', [("date", "changed", "2020", "2020?")]),
    ('date = "2020"', "", [("date", "removed", "2020", None)]),
    ('date = "2020"', 'period = "2020"', [("date", "removed", "2020", None), ("period", "added", None, "2020")]),
    (
        'period = "2020"\nfigures.a = { value = "1", period = "2020" }',
        'period = "2021"\nfigures.a = { value = "1", period = "2020" }',
        [("period", "changed", "2020", "2021"), ("figures", "changed", "a=1", "a=1 | period=2020")],
    ),
    ('period = "2020"\nfigures.a = 1', 'period = "2021"\nfigures.a = 1', [("period", "changed", "2020", "2021")]),
    ("", 'status = "planned"', [("status", "changed", "happened", "planned")]),
    ("", "reported = true", [("reported", "added", None, "true")]),
    ('figures.a = "1 EUR"', 'figures.a = "1 USD"', [("figures", "changed", "a=1 EUR", "a=1 USD")]),
    ('figures.a = "10"', 'figures.a = "~10"', [("figures", "changed", "a=10", "a=~10")]),
    (
        'figures.a = "10"',
        'figures.b = "10"',
        [("figures", "removed", "a=10", None), ("figures", "added", None, "b=10")],
    ),
    (
        'figures.a = [{ value = "1", of = "acme" }, { value = "2", of = "globex" }]',
        'figures.a = [{ value = "2", of = "acme" }, { value = "1", of = "globex" }]',
        [
            ("figures", "changed", "a=1 | of=acme", "a=2 | of=acme"),
            ("figures", "changed", "a=2 | of=globex", "a=1 | of=globex"),
        ],
    ),
    (
        'figures.a = { value = "1", of = "acme", note = "n" }',
        'figures.a = { value = "1", of = "acme", basis = "target" }',
        [("figures", "changed", "a=1 | of=acme | note=n", "a=1 | of=acme | basis=target")],
    ),
    (
        'figures.a = [{ value = "1", of = "acme", holder = "globex" }, { value = "1", of = "acme" }]',
        'figures.a = [{ value = "2", of = "acme" }, { value = "3", of = "acme", holder = "globex" }]',
        [
            ("figures", "changed", "a=1 | of=acme", "a=2 | of=acme"),
            ("figures", "changed", "a=1 | of=acme | holder=globex", "a=3 | of=acme | holder=globex"),
        ],
    ),
    (
        'figures.a = { value = "1", of = "globex" }',
        'figures.a = { value = "1", of = "acme", holder = "globex" }',
        [("figures", "changed", "a=1 | of=globex", "a=1 | of=acme | holder=globex")],
    ),
    (
        'figures.a = { value = "1", printed = "one" }',
        'figures.a = { printed = "one" }',
        [("figures", "changed", "a=1 | printed=one", "a=one")],
    ),
    ('figures.a = ["1", "1"]', 'figures.a = "1"', [("figures", "removed", "a=1", None)]),
    (
        'figures.a = ["1", "2"]',
        'figures.a = ["3", "4"]',
        [
            ("figures", "removed", "a=1", None),
            ("figures", "removed", "a=2", None),
            ("figures", "added", None, "a=3"),
            ("figures", "added", None, "a=4"),
        ],
    ),
    ('actors = ["acme"]', 'actors = { buyer = "acme" }', [("actors", "changed", "acme", "acme@buyer")]),
    (
        'actors = ["acme"]',
        'actors = ["globex"]',
        [("actors", "removed", "acme", None), ("actors", "added", None, "globex")],
    ),
    ('tags = ["a"]', 'tags = ["a", "b"]', [("tags", "added", None, "b")]),
    ('places = ["Rome"]', 'places = ["Rom"]', [("places", "added", None, "Rom"), ("places", "removed", "Rome", None)]),
    (
        'sources = ["first"]',
        'sources = [{ id = "first", quote = "a|b" }]',
        [("sources", "changed", "first", "first | quote=a\\|b")],
    ),
    (
        'sources = [{ id = "first", quote = "a" }, { id = "first", quote = "b" }]',
        'sources = [{ id = "first", quote = "b" }]',
        [("sources", "removed", "first | quote=a", None)],
    ),
    ('links = { related = ["x"] }', 'links = { fulfils = ["x"] }', [("links", "changed", "related@x", "fulfils@x")]),
    ('accept = { a = "1" }', 'accept = { a = "2" }', [("accept", "changed", "a | reason=1", "a | reason=2")]),
    ('note = "a"', 'note = "A"', [("note", "changed", "a", "A")]),
]


@pytest.mark.parametrize(("old", "new", "found"), CHANGED)
def test_a_change_names_field_and_item(old, new, found):
    assert rows(event(old), event(new)) == [("e", *row) for row in found]


def test_what_repeats_a_figure_changes_with_it():
    again = event('figures.a = "@e"', id="f")
    assert [row[0] for row in rows(event('figures.a = "1"') + again, event('figures.a = "2"') + again)] == ["e", "f"]
    snapshot = event('figures.a = { value = "1", repeats = "e" }', id="f")
    assert rows(event('figures.a = "1"') + again, event('figures.a = "1"') + snapshot) == []


# ---------------------------------------------------------------- ids

RENAMED = [
    (kind, id)
    for kind, ids in {
        "source": ["turn-2025", "other-reporting"],
        "actor": ["stellantis", "dongfeng", "catl"],
        "era": ["tavares"],
        "event": ["leapmotor-deal", "catl-jv", "executive-visits"],
    }.items()
    for id in ids
]


@pytest.mark.parametrize(("kind", "id"), RENAMED)
def test_another_id_is_one_row_whoever_names_it(kind, id):
    text = STORY.read_text("utf-8")
    renamed = text.replace(f"[{kind}.{id}]", f"[{kind}.x-{id}]").replace(f'"{id}"', f'"x-{id}"')
    renamed = renamed.replace(f'"@{id}"', f'"@x-{id}"')
    (only,) = changes(text, renamed)
    assert only[:6] == (kind, f"x-{id}", "id", "renamed", id, f"x-{id}")


def test_another_id_is_told_as_one_only_where_that_is_certain():
    one, two = event(id="one"), event(id="two")
    both = [("one", "id", "removed"), ("two", "id", "removed")]
    found = [row[:3] for row in rows(one + two, event(id="three")) if row[1] == "id"]
    assert found == [both[0], ("three", "id", "added"), both[1]]
    found = [row[:3] for row in rows(one, event('kind = "k"', id="three")) if row[1] == "id"]
    assert found == [both[0], ("three", "id", "added")]


# ---------------------------------------------------------------- what always holds

DATES = [["2020"], ["2020Q3", "2020-35"], ["about 2021", "2021~"], ["2020-01", "Jan 2020"]]
SIZES = [["1"], ["68,000", "68k"], ["~2bn EUR", "about 2000m EUR"]]
WORDS = st.sampled_from(["a", "b", "c"])
FIGURES = st.tuples(
    st.sampled_from(["cost", "jobs"]), st.sampled_from(SIZES), st.sampled_from(["acme", "globex", None])
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "date": st.sampled_from(DATES),
        "status": st.sampled_from(["happened", "planned"]),
        "tags": st.lists(WORDS, unique=True, min_size=1),
        "actors": st.lists(st.sampled_from(["acme", "globex"]), unique=True, min_size=1),
        "figures": st.lists(FIGURES, min_size=1, max_size=4),
        "sources": st.lists(
            st.tuples(st.sampled_from(["first", "second"]), st.sampled_from(["q", "r", ""])), min_size=1
        ),
    },
)
STORES = st.dictionaries(st.sampled_from(["one", "two", "three", "four"]), FACTS)


def spelled(store: dict, draw=None) -> str:
    """Return the store as TOML: facts, keys, items and spellings in their order, or as they are drawn."""

    def mixed(items):
        items = list(items)
        return items if draw is None else draw(st.permutations(items))

    def one_of(spellings):
        return spellings[0] if draw is None else draw(st.sampled_from(spellings))

    def line(key, value):
        if key == "date":
            return f'date = "{one_of(value)}"'
        if key == "figures":
            by_metric: dict[str, list[str]] = {}
            for metric, sizes, of in mixed(value):
                whose = f', of = "{of}"' if of else ""
                by_metric.setdefault(metric, []).append(f'{{ value = "{one_of(sizes)}"{whose} }}')
            return "\n".join(f"figures.{metric} = [{', '.join(found)}]" for metric, found in by_metric.items())
        if key == "sources":
            return "sources = [{}]".format(
                ", ".join(f'{{ id = "{id}"' + (f', quote = "{q}"' if q else "") + " }" for id, q in mixed(value))
            )
        return f'{key} = "{value}"' if key == "status" else f"{key} = {mixed(value)}".replace("'", '"')

    found = [HEAD]
    for id, keys in mixed(store.items()):
        # With a title of its own no event is another one under a new id.
        lines = [f'id = "{id}"', f'title = "{id}"', *(line(key, value) for key, value in mixed(keys.items()))]
        found.append("\n".join(("[[event]]", *mixed(lines), "")))
    return "\n".join(found)


def mirrored(found: list[store_diff.Change]) -> list[store_diff.Change]:
    turned = {"added": "removed", "removed": "added"}
    return [
        change._replace(old=change.new, new=change.old, change=turned.get(change.change, change.change))
        for change in found
    ]


@settings(max_examples=25, deadline=None)
@given(STORES, st.data())
def test_a_store_that_is_only_written_anew_differs_in_nothing(store, data):
    assert changes(spelled(store), spelled(store, data.draw)) == []


def said(text: str) -> Counter:
    """Return all that a store says, as rows from nothing to it."""
    return Counter((c.kind, c.id, c.field, store_diff.change_to_text(c.new)) for c in changes("", text))


@settings(max_examples=40, deadline=None)
@given(STORES, STORES)
def test_the_changes_lead_from_the_old_store_to_the_new_one_and_back(old, new):
    old_text, new_text = spelled(old), spelled(new)
    forth, back = changes(old_text, new_text), changes(new_text, old_text)
    keyless = [[change._replace(date=None, title=None) for change in found] for found in (forth, mirrored(back))]
    assert Counter(map(repr, keyless[0])) == Counter(map(repr, keyless[1]))
    result = said(old_text)
    for change in forth:
        for side, sign in ((change.old, -1), (change.new, 1)):
            if side is not None:
                result[change.kind, change.id, change.field, store_diff.change_to_text(side)] += sign
    assert +result == said(new_text)
    assert not -result
    assert (forth == []) == (said(old_text) == said(new_text))
    order = [(KINDS.index(change.kind), change.id) for change in forth]
    assert order == sorted(order)
