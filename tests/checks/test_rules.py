"""Each rule of `check`: what it finds and what it does not, where, in which words, and whether it can be accepted."""

import pytest

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
HEAD = """\
[source.s]
title = "S"
published = "2024"
[source.t]
title = "T"
published = "2025"
"""
EVENT = '[[event]]\nid = "e"\ntitle = "E"\ndate = "2024-01"\n'


def found(tmp_path, text: str, *options: str) -> tuple[int, list[str]]:
    """The rows of `check`: line, level, rule, event, text."""
    path = tmp_path / "facts.toml"
    path.write_text(HEAD + text)
    code, out, err = ask("-f", path, "check", "-O", "plain", "--today", "2026-01-01", *options)
    assert err == ""
    place = f"{path}:"
    assert all(line.startswith(place) for line in out.splitlines())
    return code, [line.removeprefix(place).replace("\t", " | ") for line in out.splitlines()]


DISPUTED = 'in source "t"; keep one of them, or add accept.disputed = "why"'


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ('sources = ["s"]', []),
        ('sources = [{ id = "t", date = "2024" }, { id = "s", date = "2024-01-31" }]', []),
        ('sources = [{ id = "t", date = "2025-01" }]',
         [f"7 | problem | disputed | e | disputed: date 2024-01, but 2025-01 {DISPUTED}"]),
        ('sources = [{ id = "t", status = "planned" }]',
         [f"7 | problem | disputed | e | disputed: status happened, but planned {DISPUTED}"]),
        ('figures.cost = "<5 EUR"\nsources = [{ id = "t", figures.cost = "5 EUR" }]',
         [f"7 | problem | disputed | e | disputed: cost <5 EUR, but 5 EUR {DISPUTED}"]),
        ('figures.cost = "<=5 EUR"\nsources = [{ id = "t", figures.cost = "5 EUR" }]', []),
        ('figures.cost = "5 EUR"\nsources = [{ id = "t", figures.cost = "6 USD" }]', []),
        ('figures.sold = "5 vehicles"\nsources = [{ id = "t", figures.sold = "6 vehicle" }]',
         [f"7 | problem | disputed | e | disputed: sold 5 vehicles, but 6 vehicle {DISPUTED}"]),
        ('figures.rate = "100/month"\nsources = [{ id = "t", figures.rate = "24/year" }]',
         [f"7 | problem | disputed | e | disputed: rate 100/month, but 24/year {DISPUTED}"]),
        ('figures.rate = "2/month"\nsources = [{ id = "t", figures.rate = "24/year" }]', []),
        ('figures.rate = "2/month"\nsources = [{ id = "t", figures.rate = "1/day" }]', []),
        ('figures.rate = "2/month"\nsources = [{ id = "t", figures.rate = "3" }]', []),
        ('figures.cost = ["1 EUR", "2 EUR", "9 USD"]\nsources = [{ id = "t", figures.cost = "2 EUR" }]', []),
        ('figures.cost = ["1 EUR", "2 EUR", "9 USD"]\nsources = [{ id = "t", figures.cost = "3 EUR" }]',
         [f"7 | problem | disputed | e | disputed: cost 1 EUR, 2 EUR, but 3 EUR {DISPUTED}"]),
        ('figures.cost = "5 EUR"\nsources = [{ id = "t", figures.cost = { value = "6 EUR", basis = "target" } }]', []),
        ('sources = ["s"]\nlinks.leads-to = ["f"]',
         ['7 | problem | dangling | e | links.leads-to: no event "f"; correct it, or add accept.dangling = "why"']),
        ('sources = ["s"]\nlinks.leads-to = ["e"]',
         ['7 | problem | dangling | e | links.leads-to: the event links to itself; name another event, or add '
          'accept.dangling = "why"']),
        ('sources = ["s"]\nlinks.leads-to = ["f"]\n[[event]]\nid = "f"\nknd = "x"\n[[event]]\nid = "g"\ntitle = x',
         ['13 | error | form | f | title: missing; write title = "…"',
          '15 | error | form | f | knd: unknown key; did you mean "kind"?',
          '18 | error | form | g | missing quotes; write "x" (column 9)']),
        ('sources = ["s"]\n[actor.a]\nname = "A"\npart_of = ["a"]',
         ['12 | problem | dangling |  | actor "a": part_of: the actor is part of itself; name another, or remove it']),
        ('sources = ["s"]\n[actor.a]\nname = "A"\npart_of = ["b"]\n[actor.b]\nname = "B"\npart_of = ["c", "a"]\n'
         '[actor.c]\nname = "C"\n[actor.d]\nname = "D"\npart_of = ["a"]',
         [f'{line} | problem | dangling |  | actor "{one}": part_of: the actor is part of itself through {other}; '
          'correct one of them' for line, one, other in ((12, "a", "b"), (15, "b", "a"))]),
        ('sources = ["s"]\naccept.disputd = "x"',
         ['7 | problem | accepted | e | accept.disputd: no such rule; did you mean "disputed"?; correct it, or add '
          'accept.accepted = "why"']),
        ('sources = ["x"]', ['11 | error | unknown | e | sources: no source "x"']),
        ('sources = ["s"]\nknd = "x"', ['12 | error | form | e | knd: unknown key; did you mean "kind"?']),
    ],
)  # fmt: skip
def test_what_is_found(lines, rows, tmp_path):
    assert found(tmp_path, EVENT + lines + "\n") == (bool(rows), rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (EVENT, ['7 | note | unsourced | e | unsourced; write sources = ["…"], or add accept.unsourced = "why"']),
        (EVENT.replace('date = "2024-01"\n', 'sources = ["s"]\n'),
         ['7 | note | undated | e | undated; write date or period as soon as a source gives one, or add '
          'accept.undated = "why"']),
    ],
)  # fmt: skip
def test_notes_are_told_when_asked_for(text, rows, tmp_path):
    assert found(tmp_path, text) == (0, [])
    assert found(tmp_path, text, "--strict") == (1, rows)


@pytest.mark.parametrize(
    ("rule", "lines", "said"),
    [
        ("disputed", 'sources = [{ id = "t", status = "planned" }]',
         'disputed: status happened, but planned in source "t"; keep one of them'),
        ("dangling", 'sources = ["s"]\nlinks.related = ["f"]',
         'links.related: no event "f"; correct it'),
    ],
)  # fmt: skip
def test_what_is_accepted_is_a_note(rule, lines, said, tmp_path):
    text = f'{EVENT}{lines}\naccept = {{ {rule} = "so it is" }}\n'
    assert found(tmp_path, text) == (0, [])
    assert found(tmp_path, text, "--strict") == (1, [f"7 | note | {rule} | e | {said} (accepted: so it is)"])


def test_an_error_cannot_be_accepted(tmp_path):
    """Else `check` would be silent about a store that no other command reads."""
    code, rows = found(tmp_path, EVENT + 'sources = ["x"]\naccept = { unknown = "so it is" }\n')
    assert code == 1
    assert rows[0].startswith("7 | problem | accepted | e | accept.unknown: no such rule")
    assert rows[1] == '11 | error | unknown | e | sources: no source "x"'


def test_the_findings_of_several_files_come_in_the_order_of_their_places(tmp_path):
    (tmp_path / "z.toml").write_text('[[event]]\nid = "z"\ntitle = "Z"\nlinks.related = ["no"]\n')
    code, rows = found(tmp_path, EVENT + 'links.related = ["no"]\n' + EVENT.replace('"e"', '"f"') + "knd = 1\n")
    assert (code, [row[:5].strip() for row in rows]) == (1, ["7 | p", "16 |"])
    code, out, _ = ask("-f", tmp_path / "z.toml", "-f", tmp_path / "facts.toml", "check", "-O", "plain")
    assert (code, [line.split("\t")[0].rpartition(":")[2] for line in out.splitlines()]) == (1, ["7", "16", "1"])
