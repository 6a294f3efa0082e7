"""Every problem of a store: the file, the exact line, the event, what is wrong and what to write instead."""

import difflib
from pathlib import Path

import pytest

from asking import ask
from autotimeline.text import Suggester

SOURCE = '[source.s]\ntitle = "S"\n'
EVENT = '[[event]]\nid = "e"\ntitle = "E"\n'


def refused(tmp_path: Path, text: str, *more: str) -> str:
    (tmp_path / "facts.toml").write_bytes(text.encode())
    code, out, err = ask("-f", tmp_path / "facts.toml", *more, "list", "-O", "plain", "--no-cache")
    assert (code, out) == (3, "")
    return err.replace(f"{tmp_path}/", "").rstrip("\n")


@pytest.mark.parametrize(
    ("lines", "line", "what"),
    [
        # what stands there, its line after the three of the event, and what is said
        ('knd = "x"', 4, 'knd: unknown key; did you mean "kind"?'),
        ("kind = 1", 4, "kind: must be text in quotes, not a number"),
        ('note = " "', 4, "note: is empty; write a text, or remove the key"),
        ('status = "plan"', 4, 'status: "plan" is not one of happened, planned, cancelled; did you mean "planned"?'),
        ("reported = 1", 4, "reported: must be true or false, not a number"),
        ("tags = 1", 4, 'tags: must be a list of texts, like ["…", "…"], not a number'),
        ('tags = ["a", ""]', 4, 'tags: must be a list of texts, like ["…", "…"], not a list'),
        ('tags = ["a", "b", "b", "a"]', 4, 'tags: duplicate "a"; remove one\ntags: duplicate "b"; remove one'),
        ('tags = "ev, market"', 4, 'tags: comma in a tag; write ["ev", "market"]'),
        ('tags = ["ev, market", "ev"]', 4, 'tags: comma in a tag; write ["ev", "market"]'),
        ('actors = ["A b"]', 4, 'actors: "A b" is not an id; use a-z, 0-9, and single hyphens, like "a-b"'),
        ('kind = "x"\nactors.buyer = ["s", "A"]', 5,
         'actors.buyer: "A" is not an id; use a-z, 0-9, and single hyphens, like "a"'),
        ('date = "2024"\n\nperiod = "2025"', 6,
         "period: date and period exclude each other; keep date (some time within) or period (throughout)"),
        ("figures = 1", 4, 'figures: must be a table, like { investment = "~1.5bn EUR" }, not a number'),
        ('figures.Stake = "1%"', 4, 'figures: "Stake" is not a metric; begin with a letter, and use a-z, 0-9, - and _'),
        ('figures.a = "1"\nfigures.stake = true', 5,
         'figures.stake: must be a quantity in quotes, like "~1.5bn EUR", not true or false'),
        ('figures.stake = "@A"', 4,
         'figures.stake: "@A" is not the id of an event; use a-z, 0-9, and single hyphens, like "a"'),
        ("figures.stake = {}", 4,
         'figures.stake: missing; write value = "…", or printed = "…" if the source gives no number'),
        ('figures.stake = [\n  { value = "1%" },\n  { value = "2%", bass = "actual" },\n]', 6,
         'figures.stake.bass: unknown key; did you mean "basis"?'),
        ('figures.stake = [\n  { value = "1%" },\n  { value = "2%",\n    of = "A" },\n]', 6,
         "invalid TOML: invalid initial character for a key part (column 18)"),
        ('[event.figures]\nid = "1"\n\nstake = { value = "2%", of = "A" }', 7,
         'figures.stake.of: "A" is not an id; use a-z, 0-9, and single hyphens, like "a"'),
        ('[[event.figures.stake]]\nvalue = "1%"\n[[event.figures.stake]]\nbasis = "hope"\nvalue = "2%"', 7,
         'figures.stake.basis: "hope" is not one of actual, expected, target'),
        ('sources = [1, "s"]', 4,
         'sources: must be a list of source ids, or of tables like { id = "…" }, not a number'),
        ('sources = [\n  "s",\n  { id = "s", quote = "sources = ", by = "x" },\n  { quote = "q" },\n]', 7,
         'sources.id: missing; write id = "…"'),
        ('[[event.sources]]\nid = "s"\n[[event.sources]]\nid = "s"\nstatus = "x"', 8,
         'sources.status: "x" is not one of happened, planned, cancelled'),
        ('sources = [{ id = "s", figures.a = 1, figures.b = "1,5" }]', 4,
         'sources.figures.b: "1,5": "1,5" can be read as 1.5 or as 15; write it that way'),
        ('[event.links]\nled-to = ["e"]', 5,
         'links.led-to: unknown link type; did you mean "leads-to"?'),
        ('links = ["e"]', 4, 'links: must be a table, like { leads-to = ["…"] }, not a list'),
        ("accept.disputed = true", 4, "accept.disputed: must be text in quotes, not true or false"),
        ("date = 2025-03-25T10:00:00", 4,
         "date: 2025-03-25 10:00:00 has a time of day: write only the day, 2025-03-25"),
        ('known = "soon"', 4,
         'known: "soon" is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span of them,'
         ' as 2025-01/2025-06'),
    ],
)  # fmt: skip
def test_a_problem_of_an_event(lines, line, what, tmp_path):
    said = refused(tmp_path, SOURCE.replace("\n", "\r\n") + "\n" + EVENT + lines + "\n").split("\n")
    assert said == [f'facts.toml:{line + 3}: event "e": {one}' for one in what.split("\n")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[event]]\ntitle = 'E'\n[event.figures]\nid = '1'\n", '1: id: missing; write id = "…"'),
        ("# x\n[[event]]\nid = 'e'\n", '2: event "e": title: missing; write title = "…"'),
        ("[[event]]\nid = 'E 1'\ntitle = 'E'\n",
         '2: event "E 1": id: "E 1" is not an id; use a-z, 0-9, and single hyphens, like "e-1"'),
        ("[[event]]\nid = 1\ntitle = 'E'\n", "2: id: must be text in quotes, not a number"),
        ("event = 1\n", "1: each event needs a header with double brackets; write [[event]]"),
        ("\n[event]\nid = 'e'\n", '2: event "e": each event needs a header with double brackets; write [[event]]'),
        ("\nsource = 1\n", '2: "source" must be a table; write [source.ID], with a different id for each'),
        ("[source]\nx = 1\n", '2: key "x" without a header; write [source.ID] above it, with a new id'),
        ("\n[sorce.x]\n", '2: unknown table or key "sorce"; did you mean "source"?'),
        ("\n[source.X]\ntitle = 'X'\n",
         '2: source "X": invalid id; use a-z, 0-9, and single hyphens, like "x"'),
        ("\n[source.x]\nurl = 'X'\n", '2: source "x": title: missing; write title = "…"'),
        ("[source.x]\ntitle = 'X'\nstatus = 'new'\n",
         '3: source "x": status: "new" is not one of retracted, corrected'),
        ("\n[actor.x]\nname = 'X'\npart_of = ['Y']\n",
         '4: actor "x": part_of: "Y" is not an id; use a-z, 0-9, and single hyphens, like "y"'),
        ("[era.x]\nname = 'X'\n", '1: era "x": period: missing; write period = "2023/2025-06"'),
        ("[alias]\na = 'x'\njv = 1\n", '3: alias "jv": query: must be text in quotes, not a number'),
        ("[store]\nformat = 2\n",
         "2: store: format: 2 is not supported (the newest is 1); install a newer autotimeline"),
        ("[store]\ntitel = 'x'\n", '2: store: titel: unknown key; did you mean "title"?'),
        ("[store]\nformat = 0\n", "2: store: format: must be 1; write format = 1"),
        ("event = [\n  { id = 'a', title = 'A' },\n  { id = 'b', title = 'B', knd = 'x' },\n]\n",
         '3: event "b": knd: unknown key; did you mean "kind"?'),
        # between blocks
        ("[alias]\na = 'x'\n[alias]\nb = 'x'\n", "3: duplicate table [alias]; merge it into facts.toml:1"),
        (EVENT + "\n" + EVENT,
         '5: event "e": duplicate id "e" (also facts.toml:1); choose another'),
        ("[actor.x]\nname = 'X'\n" * 2, '3: duplicate id "x" (also facts.toml:1); choose another'),
        (EVENT + "actors = ['leapmoter']\n[actor.leapmotor]\nname = 'L'\n",
         '4: event "e": actors: no actor "leapmoter"; did you mean "leapmotor"?'),
        (EVENT + "sources = [{ id = 's', by = 'nobody-here', figures.a = { value = '1', of = 'x' } }]\n" + SOURCE,
         '4: event "e": sources.by: no actor "nobody-here"\n4: event "e": sources.figures.a.of: no actor "x"'),
        (EVENT + "figures.stake = [\n  { value = '1%' },\n  { value = '2%', of = 'x' },\n]\n\n[event.actors]\n"
         "seller = 'e'\nbuyer = ['x',\n  'y']\n[actor.e]\nname = 'x'\n",
         '6: event "e": figures.stake.of: no actor "x"\n11: event "e": actors.buyer: no actor "x"\n'
         '12: event "e": actors.buyer: no actor "y"'),
        ("[actor.x]\nname = 'X'\npart_of = ['y']\n", '3: actor "x": part_of: no actor "y"'),
        (EVENT + "figures.a = '@f'\n", '4: event "e": figures.a: no event "f"'),
        (EVENT + "figures.a = '@e'\n", '1: event "e": figures.a: event "e" has no such figure to repeat'),
        (EVENT + "figures.a = '@f'\n" + EVENT.replace('"e"', '"f"') + "figures.b = '1'\n",
         '1: event "e": figures.a: event "f" has no such figure to repeat'),
        # what is no TOML names the event too
        (SOURCE + EVENT + "kind = deal\n",
         '6: event "e": missing quotes; write "deal" (column 8)'),
    ],
)  # fmt: skip
def test_a_problem(text, said, tmp_path):
    assert refused(tmp_path, text).split("\n") == [f"facts.toml:{one}" for one in said.split("\n")]


def test_all_problems_are_told_at_once(tmp_path):
    text = (
        "[source.x]\n\n[[event]]\nid = 'a'\nkind = x\n\n[[event]]\nid = 'b'\nsources = ['q']\ntitle = 'T'\ntag = 'x'\n"
    )
    text += "\n[[event]]\nid = 'c'\ntitle = 'C'\nactors = ['q']\n\n[actor.q]]\n"
    assert refused(tmp_path, text).split("\n") == [
        'facts.toml:1: source "x": title: missing; write title = "…"',
        'facts.toml:5: event "a": missing quotes; write "x" (column 8)',
        'facts.toml:11: event "b": tag: unknown key; did you mean "tags"?',
        "facts.toml:18: invalid TOML: expected newline or end of document after a statement (column 10)",
    ]


def test_check_tells_them_too_and_fails(tmp_path):
    (tmp_path / "facts.toml").write_text(EVENT + "knd = 'x'\n")
    code, out, err = ask("-f", tmp_path / "facts.toml", "check", "-O", "plain", "--no-cache")
    assert (code, err) == (1, "")
    assert 'event "e"' not in out  # the event has a column
    assert out.endswith('\terror\tform\te\tknd: unknown key; did you mean "kind"?\n')


# ---------------------------------------------------------------- several files


def test_ids_that_stand_in_two_files(tmp_path):
    (tmp_path / "b.toml").write_text("\n[actor.x]\nname = 'X'\n\n" + EVENT)
    text = "[actor.x]\nname = 'X'\n" + EVENT
    assert refused(tmp_path, text, "-f", str(tmp_path / "b.toml")).split("\n") == [
        'b.toml:2: duplicate id "x" (also facts.toml:1); choose another',
        'b.toml:5: event "e": duplicate id "e" (also facts.toml:3); choose another',
    ]


def test_several_files_and_a_folder_are_one_store(tmp_path):
    (tmp_path / "b.toml").write_text("[actor.x]\nname = 'X'\n[store]\ntitle = 'B'\n[alias]\nb = 'kind:b'\n")
    (tmp_path / "a.toml").write_text(EVENT + "actors = ['x']\n[store]\ntitle = 'A'\n[alias]\na = 'kind:a'\n")
    (tmp_path / ".hidden.toml").write_text("nonsense")
    (tmp_path / "notes.txt").write_text("nonsense")
    both = ["-f", tmp_path / "a.toml", "-f", tmp_path / "b.toml"]
    assert ask(*both, "list", "--fields", "id", "--no-cache")[:2] == (0, "e\n")
    assert ask("-f", tmp_path, "list", "--fields", "id", "--no-cache")[:2] == (0, "e\n")
    assert ask("-f", tmp_path / "a.toml", "list", "--no-cache")[0] == 3
    assert ask(*both, *both[:2], "list") == (
        2, "", f"autotimeline: {tmp_path}/a.toml is named twice; name each file of the store once\n"
    )  # fmt: skip


def test_a_folder_without_a_store(tmp_path):
    said = f"{tmp_path}: no *.toml in this directory; start a store with `autotimeline init {tmp_path}/facts.toml`"
    assert ask("-f", tmp_path, "list") == (3, "", f"autotimeline: {said}\n")


def test_a_missing_file(tmp_path):
    remedy = "name a store with -f FILE, or start one with `autotimeline init`"
    said = f"autotimeline: {tmp_path}/no.toml: no such file or directory; {remedy}\n"
    assert ask("-f", tmp_path / "no.toml", "list") == (3, "", said)


def test_what_is_defined_with_a_problem_is_not_unknown_as_well(tmp_path):
    text = "[actor.a]\n\n[source.s]\ntitle = x\n\n[[event]]\nid = 'f'\ntitle =\n\n[[event]]\nid = 'g'\n\n"
    text += EVENT + "actors = ['a']\nsources = ['s']\nfigures = { a = '@f', b = '@g' }\n"
    assert refused(tmp_path, text).split("\n") == [
        'facts.toml:1: actor "a": name: missing; write name = "…"',
        'facts.toml:4: missing quotes; write "x" (column 9)',
        'facts.toml:8: event "f": missing value; write one, or remove the line (column 8)',
        'facts.toml:10: event "g": title: missing; write title = "…"',
    ]


@pytest.fixture
def compared(monkeypatch):
    """Return the words for which the known ones were gone through; to find no one like them takes the most time."""
    words = []
    monkeypatch.setattr(difflib, "get_close_matches", lambda word, known, **_: words.append(word) or [])
    return words


def test_a_thousand_mistakes_are_not_compared_with_a_thousand_names_each(compared, tmp_path):
    numbers = range(1000)
    known = "".join(f'[actor.known-{n}]\nname = "K"\n' for n in numbers)
    events = "".join(f'[[event]]\nid = "e{n}"\ntitle = "E"\nactors = ["actor-{n}"]\n' for n in numbers)
    said = refused(tmp_path, known + events)
    assert said.count(': no actor "actor-') == 1000
    # In the order of the store, whatever has changed in it.
    assert compared == [f"actor {n}" for n in range(20)]


def test_many_unknown_keys_are_compared_with_those_there_are_for_a_while(compared, monkeypatch, tmp_path):
    monkeypatch.setattr(Suggester, "MAX_COMPARISONS", 50)
    assert refused(tmp_path, EVENT + "".join(f"key-{n} = 1\n" for n in range(100))).count("unknown key") == 100
    assert 0 < len(compared) < 10


def test_links_that_lead_nowhere_are_compared_as_little(compared, tmp_path):
    events = "".join(f'[[event]]\nid = "e{n}"\ntitle = "E"\nlinks.leads-to = "x{n}"\n' for n in range(1000))
    (tmp_path / "facts.toml").write_text(events)
    code, out, _ = ask("-f", tmp_path / "facts.toml", "check")
    assert (code, out.count("links.leads-to: no event")) == (1, 1000)
    assert len(compared) == 20
