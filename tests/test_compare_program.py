"""`autotimeline compare`, as it is started: its rows, its errors to the letter, its options, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asking import ask

STORY = str(Path(__file__).parent.parent / "facts.toml")
pytestmark = pytest.mark.usefixtures("cache")


def asked(*arguments, store=STORY):
    return ask("-f", store, "--today", "2025-11-22", "compare", *arguments)


def rows(*arguments):
    code, out, err = asked(*arguments, "-O", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def values(found, section, what, *fields):
    return [tuple(row[name] for name in fields) for row in found if (row["section"], row["what"]) == (section, what)]


def test_the_gap_between_two_events_and_their_investments():
    found = rows("leapmotor-deal", "catl-jv")
    gap = values(found, "gap", "gap", "side", "against", "value", "low", "high", "unit")
    # From 13 to 15 months.
    assert gap == [(2, 1, "about 14 months", 397, 457, "days"), (1, 2, "about 14 months earlier", -457, -397, "days")]
    ratio = values(found, "ratio", "investment", "side", "against", "value", "low", "high", "basis")
    assert ratio[0] == (2, 1, "~up to 3.04", 0, 3.03703703703704, "expected")
    assert values(found, "change", "investment", "value")[0] == (
        "up to 4.1bn EUR against about 1.5bn EUR: direction not known",
    )
    code, out, _ = asked("leapmotor-deal", "catl-jv", "-O", "table")
    assert code == 0
    assert "  gap         about 14 months from leapmotor-deal to catl-jv\n" in out
    assert (
        "  investment  catl-jv: up to 4.1bn EUR, leapmotor-deal: about 1.5bn EUR"
        " · catl-jv: at most about 3.1 times as much as leapmotor-deal"
        " · catl-jv: between about 1.65bn EUR less and 2.75bn EUR more\n" in out
    )


def test_a_side_that_is_nearly_an_id_is_told_what_it_may_have_meant():
    code, out, err = asked("dongfeng", "leapmotor-dael", "-O", "plain")
    assert (code, out.split("\n")[1]) == (0, "side\tquery\t\t2\t\tleapmotor-dael\ttrue\t")
    told = 'no event has the word "leapmotor-dael"; did you mean "id:leapmotor-deal"?'
    assert err == f"autotimeline: {told}\n"
    assert asked("battery", "qqqq")[2] == 'autotimeline: no event has the word "qqqq"\n'


def test_numbers_of_two_eras():
    found = rows("tavares", "era:filosa")
    assert values(found, "side", "query", "side", "value") == [(1, "era:tavares"), (2, "era:filosa")]
    assert values(found, "events", "events", "value", "low", "high") == [("6–12", 6, 12), ("7–17", 7, 17)]
    assert values(found, "time", "first", "value") == [("2011",), ("2025H1, perhaps 2024-07",)]
    assert values(found, "state", "planned", "low", "high", "differs") == [(0, 0, True), (2, 3, True)]
    assert values(found, "actor", "stellantis", "name", "value") == [("Stellantis", "3–7"), ("Stellantis", "4–7")]
    sums = values(found, "figure", "investment", "side", "value", "low", "high", "unit", "basis", "why")
    assert sums == [
        (1, "~1.35bn..5.75bn EUR", 1350000000, 5750000000, "EUR", "expected", None),
        (2, None, None, None, None, "expected", None),
    ]
    assert values(found, "figure", "market-share", "value", "why")[0] == ("0.3%", "a percentage does not add")
    held = values(found, "event", "gac-fiat-chrysler-bankruptcy", "side", "value", "differs")
    assert held == [(1, "possible", False), (2, "possible", False)]


def test_a_row_of_plain_is_brief():
    code, out, _ = asked("leapmotor-deal", "catl-jv")
    assert code == 0
    assert "field\tdate\t\t2\t\t2024-12\ttrue\t\n" in out
    assert "gap\tgap\t\t2\t1\tabout 14 months\t\t\n" in out


def test_sort_reverse_limit_and_fields_are_about_the_rows():
    code, out, _ = asked("tavares", "filosa", "--fields", "section,value", "-n", "2", "-O", "tsv")
    assert (code, out) == (0, "section\tvalue\nside\tera:tavares\nside\tera:filosa\n")
    _, first, _ = asked("tavares", "filosa", "--sort", "high", "-r", "-n", "1", "--fields", "what,side")
    assert first == "investment\t1\n"
    code, _, err = asked("tavares", "filosa", "--sort", "hihg")
    assert (code, err.split(";")[0]) == (2, 'autotimeline: cannot sort by "hihg"')


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--since", "2025-06"],
        ["--since", "2025-06", "--certain"],
        ["--kind", "joint-venture"],
        ["--as-of", "2024-01"],
        ["--actor", "leapmotor", "--tag", "ev", "--until", "2024"],
    ],
)
def test_options_restrict_every_side_alike(options):
    sides = "actor:stellantis", "tag:ev"
    shared = ("-f", STORY, "--today", "2025-11-22", "list", *options, "-O", "json")
    listed = [json.loads(ask(*shared, side)[1]) for side in sides]
    found = rows(*sides, *options)
    assert values(found, "events", "events", "high") == [(len(events),) for events in listed]
    for side, events in enumerate(listed, 1):
        here = [row for row in found if row["section"] == "event" and row["side"] == side]
        held = [(row["what"], row["value"]) for row in here if row["value"]]
        assert held == [(event["id"], event["match"]) for event in events]


def test_an_event_that_does_not_match_is_a_side_without_any():
    found = rows("leapmotor-deal", "catl-jv", "--until", "2024-06")
    assert values(found, "events", "events", "value") == [("1",), ("0",)]
    assert values(found, "field", "date", "value", "differs") == [("2023-10", True), (None, True)]
    assert not values(found, "gap", "gap", "value")


def test_a_side_that_finds_nothing_says_so_and_the_other_is_shown():
    code, out, err = asked("kind:wedding", "leapmotor", "-O", "table", "-e")
    assert (code, err) == (0, 'autotimeline: no event has the kind "wedding"\n')
    assert " events nothing matches 4 " in " ".join(out.split())
    assert asked("tag:ev kind:merger", "tag:battery kind:merger", "-e")[0] == 1
    assert asked("tag:ev kind:merger", "tag:battery kind:merger")[0] == 0


def test_a_warning_is_given_once():
    code, _, err = asked("tavares", "filosa", "--kind", "dael")
    assert (code, err) == (0, 'autotimeline: no event has the kind "dael"; did you mean "deal"?\n')


def test_a_side_is_one_word_in_which_white_space_parts_terms():
    found = rows('kind:deal text:"buy about"', "since:2023 kind:deal")
    assert values(found, "events", "events", "value") == [("1",), ("1",)]
    assert values(found, "side", "query", "value")[1] == ("since:2023 kind:deal",)


def test_explain_tells_every_side():
    assert asked("tavares", "kind:deal since:last-year", "--tag", "ev", "--explain") == (
        0,
        "query: era:tavares tag:ev\n"
        "query: (kind:deal since:last-year) tag:ev\n"
        "era:tavares is ..2025-02-28 (surely ..2024-12-01)\n"
        "since:last-year is 2024-01-01..\n"
        "today is 2025-11-22\n"
        "certain and possible matches\n"
        "date terms do not match undated events\n"
        "in the order of dates\n",
        "",
    )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["tavares"], "compare: fewer than two sides; write autotimeline compare era:tavares era:filosa"),
        (["tavares", ""], "an empty side is no query; write one, or the id of an event, an era or an actor"),
        (["tavares", "kind:"], '"kind:" lacks a value; write kind:VALUE'),
        (["\udcff", "catl-jv"], '"\\udcff" is not UTF-8'),
        (["id:catl", "catl-jv"], 'no event "catl"; it is the id of an actor: write actor:catl'),
        (["era:tavarse", "filosa"], 'no era "tavarse"; did you mean "tavares"?'),
        (["tavares", "filosa", "-O", "jsno"], None),
    ],
)
def test_what_is_wrong_is_told_and_nothing_else(arguments, text):
    code, out, err = asked(*arguments)
    assert (code, out) == (2, "")
    assert err == f"autotimeline: {text}\n" if text else err.startswith('autotimeline: no format "jsno"')


def test_three_sides_and_more():
    found = rows("2023", "2024", "2025")
    assert values(found, "side", "query", "side", "value") == [(1, "2023"), (2, "2024"), (3, "2025")]
    pairs = {
        (row["against"], row["side"]) for row in rows("catl-jv", "leapmotor-deal", "hedmos-launch") if row["against"]
    }
    assert pairs == {(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)}
