"""What the rules about words, names and sources find."""

import json

import pytest

from rules import event, told

pytestmark = pytest.mark.usefixtures("cache")


def kinds(*several: str) -> str:
    return "".join(event(f"e{n}x{'i' * n}", f"kind = {json.dumps(kind)}") for n, kind in enumerate(several))


@pytest.mark.parametrize(
    "other",
    ["Joint-venture", "joint venture", "joint_venture", "joínt-venture", "joint\\u200b-venture", "joint‑venture"],
)
def test_spellings_that_questions_do_not_tell_apart(other, tmp_path):
    text = kinds("joint-venture").replace("e0x", "a") + kinds(
        "x", other.encode().decode("unicode_escape") if "\\" in other else other
    )
    rows = told(tmp_path, text, "variant")
    assert len(rows) == 1
    assert "in another spelling; use one of them everywhere, or add accept.variant" in rows[0]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ('tags = ["EV"]|tags = ["ev"]', 'tag "ev" (1 time) is "EV"'),
        ('places = ["Wuhan, China"]|places = ["CHINA"]', 'place "CHINA" (1 time) is "China"'),
        ('actors = { Buyer = "a" }|actors = { buyer = "a" }', 'role "buyer" (1 time) is "Buyer"'),
        ('figures.market-share = "1%"|figures.market_share = "1%"', 'metric "market_share" (1 time) is "market-share"'),
        ('figures.x = "1 Vehicle"|figures.x = "2 vehicles"', 'unit "vehicle" (1 time) is "Vehicle"'),
        ('figures.x = "1 vehicle"|figures.x = "2 vehicles"', ""),
        ('figures.x = "1 MW"|figures.x = "2 mW"', ""),
        ('figures.x = "1 GWh"|figures.x = "2 gwh"', 'unit "gwh" (1 time) is "GWh"'),
        ('kind = "deal"|kind = "deals"', ""),
    ],
)
def test_words_of_every_sort(lines, what, tmp_path):
    one, other = lines.split("|")
    rows = told(tmp_path, '[actor.a]\nname = "A"\n' + event("a", one) + event("b", other), "variant")
    assert [row.partition(" in another")[0] for row in rows] == ([f"b: the {what} (1 time)"] if what else [])


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("launch", "lauch", True),
        ("launch", "lanuch", True),
        ("launch", "launchs", True),
        ("launch", "lounch", True),
        ("launch", "haunch", False),
        ("launch", "lnch", False),
        ("deal", "dial", False),
        ("sales", "sale", True),
        ("model-408", "model-308", False),
        ("report-1", "report-11", False),
        ("joint venture", "joint ventur", True),
        ("big deal", "big dial", False),
        ("jointventure", "joint-venture", True),
        ("launch", "Launch", False),
    ],
)
def test_words_that_are_a_letter_apart(one, other, found, tmp_path):
    rows = told(tmp_path, kinds(one, one, other), "spelling")
    remedy = 'correct it if it is misspelled, or add accept.spelling = "why"'
    assert rows == ([f'e2xii: the kind "{other}" (1 time) is similar to "{one}" (2 times); {remedy}'] if found else [])


def test_ids_and_names_that_are_a_letter_apart(tmp_path):
    text = (
        '[actor.leapmotor]\nname = "Leapmotor"\naliases = ["Leapmotors"]\n[actor.leapmoter]\nname = "Dongfeng"\n'
        '[actor.dongfang]\nname = "Dong Fang Motor"\n[era.tavares]\nname = "T"\nperiod = "2020"\n'
        '[source.reuters]\ntitle = "R"\n[source.reuter]\ntitle = "R"\n'
    )
    rows = told(tmp_path, text + event("agreement-signed") + event("agreement-singed"), "spelling")
    assert [row.partition(";")[0] for row in rows] == [
        'the id of an actor "leapmotor" (1 time) is similar to "leapmoter" (1 time)',
        'the id of a source "reuters" (1 time) is similar to "reuter" (1 time)',
        'agreement-singed: the id of an event "agreement-singed" (1 time) is similar to "agreement-signed" (1 time)',
    ]


@pytest.mark.parametrize(
    ("names", "what"),
    [
        ('name = "FCA"|name = "Fca"', 'actor "b": "Fca" is also a name of the actor "a"; remove it from one of them'),
        (
            'name = "A"\naliases = ["X"]|name = "X"',
            'actor "b": "X" is also a name of the actor "a"; remove it from one of them',
        ),
        ('name = "B"|name = "Other"', 'actor "a": "B" is also a name of the actor "b"; remove it from one of them'),
        (
            'name = "Citroën"|name = "CITROEN"',
            'actor "b": "CITROEN" is also a name of the actor "a"; remove it from one of them',
        ),
        ('name = "One"\naliases = ["ONE"]|name = "Two"', ""),
    ],
)
def test_names_that_two_actors_have(names, what, tmp_path):
    one, other = names.split("|")
    assert told(tmp_path, f"[actor.a]\n{one}\n[actor.b]\n{other}\n", "ambiguous") == ([what] if what else [])


def test_actors_that_nothing_names(tmp_path):
    ids = ("by", "of", "holder", "whole", "part", "claimed", "none")
    text = "".join(f'[actor.{id}]\nname = "{id}"\n' + ('part_of = ["whole"]\n' if id == "part" else "") for id in ids)
    cited = 'sources = [{ id = "s", by = "by", quote = "q", figures.x = { value = "1", of = "claimed" } }]'
    text += '[source.s]\ntitle = "S"\n' + event("e", 'figures.x = { value = "1", of = "of", holder = "holder" }', cited)
    assert told(tmp_path, text, "unused") == [
        f'actor "{id}" is not used; name it in an event, or remove it' for id in ("part", "none")
    ]


SOURCES = """\
[source.a]
title = "A"
origin = "o"
[source.b]
title = "B"
origin = "o"
[source.c]
title = "C"
[source.r]
title = "R"
status = "retracted"
[source.k]
title = "K"
status = "corrected"
"""


@pytest.mark.parametrize(
    ("cited", "origin", "retracted"),
    [
        ('["a"]', False, False),
        ('["a", "b"]', True, False),
        ('["a", "b", "c"]', False, False),
        ('["a", { id = "a", quote = "q" }]', False, False),
        ('["r"]', False, True),
        ('["r", "c"]', False, False),
        ('["k"]', False, False),
        ("[]", False, False),
    ],
)
def test_sources_that_are_one_or_none(cited, origin, retracted, tmp_path):
    text = SOURCES + event("e", f"sources = {cited}")
    one = 'e: its sources a, b have one origin and count as one; cite another, or add accept.origin = "why"'
    assert told(tmp_path, text, "origin") == ([one] if origin else [])
    none = 'e: all sources are retracted: r; cite another source, or add accept.retracted = "why"'
    assert told(tmp_path, text, "retracted") == ([none] if retracted else [])


def test_characters_that_steer(tmp_path):
    text = (
        '[store]\ntitle = "S\\u2066"\n[alias]\nx = "text:\\u001bx"\n'
        '[source.s]\ntitle = "S"\nnote = "bell\\u0007"\n[actor.a]\nname = "A"\naliases = ["\\u200fA"]\n'
        + event("e", 'tags = ["one", "\\u202etwo"]', 'note = "line\\nand\\ttab, \\u200d\\u200c and é, 零, \\u00a0"')
        + event("f", 'figures.x = { printed = "\\u007f \\u0080 \\u0081 \\u0082 \\u0083" }')
        + event("g", 'actors = { "b\\u202dy" = "a" }')
    )  # fmt: skip
    what = "is invisible and changes what is shown; remove it"
    assert told(tmp_path, text, "characters") == [
        f"store: title: \\u2066 (left-to-right isolate) {what}",
        f'alias "x": query: \\x1b {what}',
        f'source "s": note: \\x07 {what}',
        f'actor "a": aliases: \\u200f (right-to-left mark) {what}',
        f'e: tags: \\u202e (right-to-left override) {what}, or add accept.characters = "why"',
        f'f: figures.x.printed: \\x7f, \\x80, \\x81 and 2 more {what}, or add accept.characters = "why"',
        f'g: actors.b\\u202dy: \\u202d (left-to-right override) {what}, or add accept.characters = "why"',
    ]


def test_of_many_twins_a_few_are_told(tmp_path):
    actor = '[actor.a]\nname = "A"\n[source.s]\ntitle = "S"\n'
    events = [event(f"e{n}", 'date = "2024-05"', 'actors = ["a"]', title="A visit to the plant") for n in range(6)]
    rows = told(tmp_path, actor + "".join(events), "twins")
    assert len(rows) == 1 + 2 + 3 + 3 + 3
    seen = 'e5: possibly the same as e2 (2024-05, "A visit to the plant") and 2 more: the same title'
    assert rows[-1] == f'{seen}; merge them, link them, or add accept.twins = "why"'
    assert " more: " not in rows[5]
