"""Merging of duplicates: what the merged entry has, what is reported, and what is refused."""

import re
import tomllib

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

import autotimeline
import store_strategies
from asking import ask
from autotimeline.errors import StoreError
from autotimeline.model import Figure
from autotimeline.store.toml_writer import format_block

pytestmark = pytest.mark.usefixtures("cache")

STORE = """\
[source.ft]
title = "FT"

[source.log]
title = "The log"

[actor.argo]
name = "Argo"

[actor.argo-ship]
name    = "The Argo"
aliases = ["Ἀργώ"]
kind    = "ship"
part_of = ["argo"]
note    = "From Iolcus."

[era.autumn]
name   = "Autumn"
period = "2023-09/2023-11"

[alias]
lost = "actor:argo-ship id:loss"

# The wreck.
[[event]]
id     = "wreck"
date   = "2023-10"  # in autumn
title  = "Argo is wrecked"
actors = { ship = "argo" }
tags   = ["sea"]
figures.loss = "~2m EUR"
sources = ["ft"]
links  = { related = ["loss"] }
note   = "One."

[[event]]
id    = "trial"
title = "A trial"
actors = ["argo", "argo-ship"]
figures.loss = "@loss"
sources = ["ft", { id = "log", quote = "gone" }]
links = { follows-from = ["loss", "wreck"] }

# Again.
[[event]]
id     = "loss"
date   = "2024-01-05"  # in winter
title  = "Loss of the Argo"
kind   = "loss"
status = "planned"
actors = { ship = ["argo-ship", "argo"], insurer = "argo" }
tags   = ["sea", "law"]
figures.loss = { value = "3m EUR", note = "x" }
figures.crew = "20 people"
places = ["Colchis"]
sources = [{ id = "log", quote = "gone" }]
note   = "Two."
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    return path


def errors(*lines):
    return "".join(f"autotimeline: {line}\n" for line in lines)


def test_an_event_takes_the_values_of_another_and_its_place(path):
    assert ask("-f", path, "merge", "wreck", "loss") == (
        0,
        "",
        errors(
            'event "loss": dropped the comment # in winter',
            'event "wreck": dropped links.related, which names the merged event',
            'event "loss": dropped title = "Loss of the Argo"; "wreck" keeps "Argo is wrecked"',
        ),
    )
    head = STORE[: STORE.index("# The wreck.")].replace("id:loss", "id:wreck")
    expected = """\
# The wreck.
[[event]]
id     = "wreck"
date   = "2023-10"  # in autumn
title  = "Argo is wrecked"
actors = { ship = ["argo", "argo-ship"], insurer = "argo" }
tags   = ["sea", "law"]
figures.loss = "~2m EUR"
figures.crew = "20 people"
sources = ["ft", { id = "log", quote = "gone", date = "2024-01-05", status = "planned",\
 figures = { loss = { value = "3m EUR", note = "x" } } }]
note   = "One. Two."
kind = "loss"
places = ["Colchis"]

[[event]]
id    = "trial"
title = "A trial"
actors = ["argo", "argo-ship"]
figures.loss = "@wreck"
sources = ["ft", { id = "log", quote = "gone" }]
links = { follows-from = ["wreck"] }

# Again.
"""
    assert path.read_text("utf-8") == head + expected
    assert ask("-f", path, "list", "is:disputed", "--fields", "id,disputed")[1] == "wreck\tdate; status; loss\n"
    assert ask("-f", path, "undo") == (0, "", "")
    assert path.read_text("utf-8") == STORE


def test_an_actor_gets_the_other_names(path):
    assert ask("-f", path, "merge", "argo", "argo-ship") == (0, "", "")
    text = path.read_text("utf-8")
    block = """\
[actor.argo]
name = "Argo"
aliases = ["The Argo", "Ἀργώ"]
kind = "ship"
note = "From Iolcus."

"""
    assert block in text
    assert "argo-ship" not in text
    assert 'lost = "actor:argo id:loss"' in text
    assert 'actors = ["argo"]' in text
    assert 'actors = { ship = ["argo"], insurer = "argo" }' in text


def test_a_source_keeps_its_title_and_its_citations(path):
    dropped = 'source "log": dropped title = "The log"; "ft" keeps "FT"'
    assert ask("-f", path, "merge", "ft", "log") == (0, "", errors(dropped))
    text = path.read_text("utf-8")
    assert "[source.log]" not in text
    assert text.count('sources = [{ id = "ft", quote = "gone" }]\n') == 2


def test_several_are_merged_at_once(path):
    what = 'actor "argo-ship" has no role, but actors of the other event have; give each a role, or none'
    refusal = errors(f'event "trial": {what}', "nothing was written")
    assert ask("-f", path, "merge", "trial", "wreck", "loss") == (4, "", refusal)
    assert ask("-f", path, "set", "trial", "actors=")[0] == 0
    assert ask("-f", path, "merge", "trial", "wreck", "loss")[0] == 0
    rows = ask("-f", path, "list", "--fields", "id,date,figures,links")[1]
    assert rows == "trial\t2023-10\tloss=~2m EUR; crew=20 people\t\n"


def test_the_duplicates_may_be_in_several_files(tmp_path):
    texts = {
        "a.toml": '[[event]]\nid = "a"\ntitle = "A"\ndate = "2023"\n',
        "b.toml": '[[event]]\nid = "b"\ntitle = "A"\nplaces = ["Colchis"]\n',
        "c.toml": '[[event]]\nid = "c"\ntitle = "C"\nlinks = { follows-from = "b" }\n',
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    code, out, err = ask("-f", tmp_path, "merge", "a", "b", "--dry-run")
    assert (code, err, out.count("+++ ")) == (0, "", 3)
    assert {name: (tmp_path / name).read_text() for name in texts} == texts
    assert ask("-f", tmp_path, "merge", "a", "b") == (0, "", "")
    assert (tmp_path / "a.toml").read_text() == texts["a.toml"] + 'places = ["Colchis"]\n'
    assert (tmp_path / "b.toml").read_text() == ""
    assert (tmp_path / "c.toml").read_text() == texts["c.toml"].replace('"b"', '"a"')
    assert ask("-f", tmp_path, "undo") == (0, "", "")
    assert {name: (tmp_path / name).read_text() for name in texts} == texts


@pytest.mark.parametrize(
    ("words", "code", "lines"),
    [
        ("wreck wreck", 2, ['"wreck" is given twice; write each id once']),
        ("wreck argo", 2, ['"argo" is actor, but "wreck" is event; merge entries of one kind']),
        ("autumn wreck", 2, ['"autumn" is era, which cannot be merged; change it with `autotimeline edit`']),
        ("wreck nobody", 2, ['no event, source, actor, era, metric, or rate "nobody"']),
        ("wreck", 2, ["missing argument 'OTHER...'; see `autotimeline merge --help`"]),
    ],
)
def test_what_cannot_be_merged(path, words, code, lines):
    assert ask("-f", path, "merge", *words.split()) == (code, "", errors(*lines))
    assert path.read_text("utf-8") == STORE


def test_contradictions_without_a_source_are_refused(path):
    assert ask("-f", path, "set", "loss", "sources=") == (0, "", "")
    before = path.read_bytes()
    rest = 'of "wreck", and no source of "loss" states it; cite one, or correct one of the two'
    assert ask("-f", path, "merge", "wreck", "loss") == (
        4,
        "",
        errors(
            f'event "loss": date = "2024-01-05" differs from "2023-10" {rest}',
            f'event "loss": status = "planned" differs from "happened" {rest}',
            f'event "loss": figures.loss = "3m EUR" differs from "~2m EUR" {rest}',
            "nothing was written",
        ),
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        # Equal figures are one, with the details of both.
        ('figures.a = "5"', 'figures.a = { value = "5", note = "n" }', 'figures.a = { value = "5", note = "n" }'),
        ('figures.a = "5"', 'figures.a = "5"', 'figures.a = "5"'),
        # Another period is another figure.
        (
            'figures.a = { value = "5", period = "2023" }',
            'figures.a = { value = "6", period = "2024" }',
            'figures.a = [{ value = "5", period = "2023" }, { value = "6", period = "2024" }]',
        ),
        # The period of an event is that of its figures.
        ('date = "2023"', 'period = "2024"\nfigures.a = "5"\nsources = ["s"]', None),
        ("", 'period = "2024"\nfigures.a = "5"', 'period = "2024"\nfigures = { a = "5" }'),
        # A compatible date of a source is its claim, and printed words go with their date.
        (
            'date = "2023"',
            'date = "2023-05"\nsources = ["s"]',
            'date = "2023"\nsources = [{ id = "s", date = "2023-05" }]',
        ),
        ('date = "2023"', 'date = "2023"\nprinted = "in 2023"', 'date = "2023"\nprinted = "in 2023"'),
        # Two quotes of a source are two citations, and a speaker stays with the quote.
        (
            'sources = [{ id = "s", quote = "q" }]',
            'sources = [{ id = "s", quote = "r" }]',
            'sources = [{ id = "s", quote = "q" }, { id = "s", quote = "r" }]',
        ),
        (
            'sources = [{ id = "s", quote = "q" }]',
            'sources = [{ id = "s", by = "Ann" }]',
            'sources = [{ id = "s", quote = "q" }, { id = "s", by = "Ann" }]',
        ),
        (
            'sources = [{ id = "s", quote = "q" }]',
            'sources = [{ id = "s", note = "n" }]',
            'sources = [{ id = "s", quote = "q", note = "n" }]',
        ),
        # Only the source of a figure states it.
        (
            'figures.a = "5"',
            'figures.a = { value = "6", source = "s" }\nsources = ["s", "t"]',
            'figures.a = "5"\nsources = [{ id = "s", figures = { a = "6" } }, "t"]',
        ),
        # A contradiction has a citation of its own: the source of both events states both values.
        (
            'date = "2023"\nsources = ["s"]',
            'date = "2024"\nsources = ["s"]',
            'date = "2023"\nsources = ["s", { id = "s", date = "2024" }]',
        ),
        (
            'figures.a = "5"\nsources = ["s"]',
            'figures.a = "6"\nsources = ["s"]',
            'figures.a = "5"\nsources = ["s", { id = "s", figures = { a = "6" } }]',
        ),
        (
            'figures.a = "~5"\nsources = ["s"]',
            'figures.a = "5"\nsources = ["s"]',
            'figures.a = "~5"\nsources = [{ id = "s", figures = { a = "5" } }]',
        ),
        ("actors = []", 'actors = ["x"]', 'actors = ["x"]'),
        ('actors = ["x"]', 'actors = { by = ["x", "y"] }', 'actors = { by = ["x", "y"] }'),
        ('tags = ["a"]', 'tags = "b"', 'tags = ["a", "b"]'),
        ('note = "Both."', 'note = "Both."', 'note = "Both."'),
    ],
)
def test_values_of_two_events(tmp_path, first, second, merged):
    path = tmp_path / "facts.toml"
    rest = '[source.s]\ntitle = "S"\n[source.t]\ntitle = "T"\n[actor.x]\nname = "X"\n[actor.y]\nname = "Y"\n'
    path.write_text(f'{rest}[[event]]\nid = "a"\ntitle = "A"\n{first}\n\n[[event]]\nid = "b"\ntitle = "A"\n{second}\n')
    message = ""
    if merged is None:
        message = errors('event "b": period = "2024" became a claim about the date of "a"')
        merged = (
            'date = "2023"\nfigures = { a = { value = "5", period = "2024" } }\nsources = [{ id = "s", date = "2024" }]'
        )
    assert ask("-f", path, "merge", "a", "b") == (0, "", message)
    assert path.read_text().removeprefix(f'{rest}[[event]]\nid = "a"\ntitle = "A"\n').strip() == merged


def test_details_that_stay_out_are_reported(tmp_path):
    path = tmp_path / "facts.toml"
    first = 'date = "2023"\nkind = "a"\nknown = "2024"\naccept = { undated = "x" }'
    second = 'date = "2023"\nprinted = "then"\nkind = "b"\nknown = "2025"\nreported = true\naccept = { undated = "y" }'
    path.write_text(
        f'[[event]]\nid = "a"\ntitle = "A"\nprinted = "in 2023"\n{first}\n[[event]]\nid = "b"\ntitle = "A"\n{second}\n'
    )
    assert ask("-f", path, "merge", "a", "b", "--dry-run")[2] == errors(
        'event "b": dropped printed = "then"; "a" keeps "in 2023"',
        'event "b": dropped accept.undated = "y"; "a" keeps "x"',
        'event "b": dropped known = "2025"; "a" keeps "2024"',
        'event "b": dropped kind = "b"; "a" keeps "a"',
        'event "b": dropped reported = true; "a" keeps false',
    )


def without_repeats(events):
    for each in events:
        for table in (each, *each.get("sources", [])):
            if "figures" in table:
                figures = table["figures"].items()
                table["figures"] = {name: value for name, value in figures if not str(value).startswith("@")}


def write(path, store):
    """Write the tables of a store as blocks, and return the bytes."""
    blocks = [format_block(kind, store[kind]) for kind in ("store", "alias")]
    for kind in ("source", "actor", "era"):
        blocks += [format_block(f"{kind}.{id}", body) for id, body in store[kind].items()]
    path.write_text("\n".join([*blocks, *(format_block("event", body) for body in store["event"])]), "utf-8")
    return path.read_bytes()


def read_events(path, query=""):
    with autotimeline.open(str(path)) as timeline:
        return {each.id: each for each in timeline.select(query).events()}


@st.composite
def two_events(draw):
    """A valid store with at least two events."""
    store = draw(store_strategies.stores().filter(lambda store: len(store["event"]) > 1))
    ids = [each["id"] for each in store["event"]]
    for each in store["event"]:
        links = {type: [id for id in linked if id in ids] for type, linked in each.get("links", {}).items()}
        each["links"] = {type: linked for type, linked in links.items() if linked}
        if each["id"] == "e1" and draw(st.integers(0, 4)):
            # Most have a source for what contradicts the first.
            each["sources"] = [*each.get("sources", []), "a"]
    return store


def is_stated(figure, event):
    """Return whether an event has a figure, itself or as the claim of a source, with all that it says."""
    stated = [(each, (None, each.source)) for each in event.figures]
    stated += [
        (claim, (None, claim.source, citation.source)) for citation in event.citations for claim in citation.figures
    ]
    details = [name for name in Figure.__slots__ if name not in ("metric", "source")]
    return any(
        each.metric == figure.metric
        and all(getattr(figure, name) in (None, getattr(each, name)) for name in details)
        and figure.source in sources
        for each, sources in stated
    )


@settings(max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(two_events())
def test_nothing_of_two_events_is_lost(tmp_path, store):
    path = tmp_path / "facts.toml"
    data = write(path, store)
    try:
        before = read_events(path)
    except StoreError:
        without_repeats(store["event"])
        data = write(path, store)
        before = read_events(path)
    code, out, err = ask("-f", path, "merge", "e0", "e1")
    assert out == ""
    event(f"exit code {code}")
    if code:
        *conflicts, last = err.splitlines()
        assert (code, last, path.read_bytes()) == (4, "autotimeline: nothing was written", data)
        conflict = r'autotimeline: event "e[01]": (.+ differs from .+|actor "." has no role, .+)'
        assert all(re.fullmatch(conflict, line) for line in conflicts), err
        return
    after = read_events(path)
    assert set(after) == set(before) - {"e1"}
    merged = after["e0"]
    for each in (before["e0"], before["e1"]):
        assert {citation.source for citation in each.citations} <= {citation.source for citation in merged.citations}
        quotes, merged_quotes = (
            {(c.source, c.quote, c.by) for c in e.citations if c.quote or c.by} for e in (each, merged)
        )
        assert quotes <= merged_quotes
        assert set(each.places) <= set(merged.places)
        assert set(each.tags) <= set(merged.tags)
        assert {actor.actor for actor in each.actors} <= {actor.actor for actor in merged.actors}
        assert (each.note or "") in (merged.note or "")
        assert each.status in {merged.status, *(citation.status for citation in merged.citations)}
        for name in ("title", "kind", "known", "printed", "reported"):
            is_kept = getattr(each, name) in (None, getattr(merged, name))
            assert is_kept or f"dropped {name} = " in err
        dates = {merged.date, *(citation.date for citation in merged.citations)}
        assert each.date in (None, *dates) or f"dropped {'period' if each.throughout else 'date'} = " in err
        figures = [*each.figures, *(claim for citation in each.citations for claim in citation.figures)]
        for figure in figures:
            assert figure.repeats in ("e0", "e1") or is_stated(figure, merged), figure
    first, second = before["e0"], before["e1"]
    if first.status != second.status:
        assert "status" in merged.disputed
    if first.date and second.date and not (first.throughout or second.throughout):
        is_apart = first.date.within[1] < second.date.within[0] or second.date.within[1] < first.date.within[0]
        assert not is_apart or "date" in merged.disputed
    for each in after.values():
        assert "e1" not in [link.event for link in each.links]
        assert "e1" not in [figure.repeats for figure in each.figures]
    assert "e0" not in [link.event for link in merged.links]
    assert ask("-f", path, "undo") == (0, "", "")
    assert path.read_bytes() == data


@settings(max_examples=30, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(two_events(), st.sampled_from(["actor", "source"]))
def test_nothing_names_a_merged_actor_or_source(tmp_path, store, kind):
    path = tmp_path / "facts.toml"
    without_repeats(store["event"])
    data = write(path, store)
    assert ask("-f", path, "merge", *(f"{kind}:{id}" for id in "abc"))[:2] == (0, "")
    for each in read_events(path).values():
        figures = [*each.figures, *(figure for citation in each.citations for figure in citation.figures)]
        named = {
            "actor": [*(actor.actor for actor in each.actors), *(figure.of for figure in figures)],
            "source": [*(citation.source for citation in each.citations), *(figure.source for figure in figures)],
        }
        assert set(named[kind]) <= {"a", None}
    remaining = tomllib.loads(path.read_text("utf-8"))[kind]
    assert list(remaining) == ["a"]
    if kind == "actor":
        names = {store["actor"][id]["name"] for id in "abc"}
        assert names <= {remaining["a"]["name"], *remaining["a"].get("aliases", [])}
        assert "a" not in remaining["a"].get("part_of", [])
    assert ask("-f", path, "undo") == (0, "", "")
    assert path.read_bytes() == data
