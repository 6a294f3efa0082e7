"""Time passing on the command line: `--gap`, `--since-event`; and as of a day, in every command that queries."""

from __future__ import annotations

import csv
import io
import json

import pytest

import program
from asking import ask
from autotimeline import plugins
from autotimeline.cli import commands, options
from autotimeline.query.columns import COLUMNS, OPTIONAL_FIELDS

FIELDS = ("gap", "gap_low", "gap_high", "since", "since_low", "since_high")
ASKED = ["actor:leapmotor", "--gap", "--since-event", "catl-jv"]
COMMANDS = {name: plugins.load(commands, name).COMMAND for name in plugins.list_names(commands)}
# Whatever asks by a query; a new command is held to this as soon as it is there.
# The explorer needs a terminal.
QUERYING = [name for name, command in COMMANDS.items() if options.AS_OF in command.options and name != "explore"]
WORDED = [name for name in QUERYING if options.QUERY_ARGUMENT in COMMANDS[name].arguments]
BEFORE = {"names": ["actors"], "elapsed": ["fulfils"]}
STORE = """
[source.early]
title     = "Early"
published = 2024-02-01

[source.late]
title     = "Late"
published = 2025-02-01

[actor.acme]
name = "Acme"

[[event]]
id      = "plan"
date    = "2024-06"
title   = "A plan"
kind    = "plan"
status  = "planned"
actors  = ["acme"]
figures = { cost = "5 EUR" }
sources = ["early"]

[[event]]
id      = "done"
date    = 2024-09-10
title   = "It is done"
kind    = "plan"
actors  = ["acme"]
figures = { cost = "6 EUR" }
sources = ["late"]
links   = { fulfils = ["plan"] }
"""


@pytest.fixture(autouse=True)
def _here(cache, monkeypatch):
    monkeypatch.chdir(program.TOP)


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    return str(path)


# ---------------------------------------------------------------- the fields


@pytest.mark.parametrize("command", ["list", "timeline"])
def test_off_a_terminal_the_words_come_last(command):
    code, out, err = ask(command, *ASKED, "-n", "3", "--fields", "id,gap,since")
    assert (code, err) == (0, "")
    assert out == (
        "leapmotor-deal\t\tabout T−14 months\n"
        "leapmotor-international\torder not known\tabout T−14 months\n"
        "leapmotor-zaragoza\t26–39 months\tT+12–25 months\n"
    )
    plain = [line.split("\t") for line in ask(command, *ASKED, "-n", "3")[1].splitlines()]
    assert [line[-2:] for line in plain] == [line.split("\t")[1:] for line in out.splitlines()]
    assert [line[:-2] for line in plain] == [
        line.split("\t") for line in ask(command, ASKED[0], "-n", "3")[1].splitlines()
    ]


@pytest.mark.parametrize("command", ["list", "timeline"])
def test_data_holds_the_bounds_too_behind_every_other_field(command):
    events = json.loads(ask(command, *ASKED, "-O", "json")[1])
    assert all(tuple(event) == (*COLUMNS, *FIELDS) for event in events)
    assert [tuple(event[field] for field in FIELDS) for event in events] == [
        (None, None, None, "about T−14 months", -457, -397),
        ("order not known", -30, 30, "about T−14 months", -457, -397),
        ("26–39 months", 793, 1187, "T+12–25 months", 366, 760),
        (None, None, None, None, None, None),
    ]
    rows = list(csv.reader(io.StringIO(ask(command, *ASKED, "-O", "csv")[1], newline="")))
    assert rows[0] == [*COLUMNS, *FIELDS]
    assert rows[3][-6:] == ["26–39 months", "793", "1187", "T+12–25 months", "366", "760"]
    asked = ask(command, "actor:leapmotor", "-O", "json")[1]
    assert [list(event) for event in json.loads(asked)] == [list(COLUMNS)] * 4


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["list", "--since-event", "catl-jw"], 'no event "catl-jw"; did you mean "catl-jv"?'),
        (["list", "--since-event", "acme"], 'no event "acme"'),
        (
            ["timeline", "--since-event", "stellantis", "-O", "json"],
            'no event "stellantis"; it is the id of an actor: write actor:stellantis',
        ),
        (
            ["list", "--since-event", "french-brands-peak"],
            'event "french-brands-peak" is undated; name an event with a date',
        ),
        (
            ["list", "--since-event", "catl-jv", "--as-of", "2020"],
            'event "catl-jv" was not known then; name another, or a date',
        ),
        (["list", "--fields", "id,gap_low"], 'no field "gap_low" without --gap; add --gap'),
        (["timeline", "--gap", "--fields", "since"], 'no field "since" without --since-event; add --since-event'),
        (
            ["show", "catl-jv", "--fields", "gap"],
            f'no field "gap"; there are {", ".join(COLUMNS)}, slips, {", ".join(OPTIONAL_FIELDS)}',
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_told_is_refused(arguments, error):
    assert ask(*arguments) == (2, "", f"autotimeline: {error}\n")


def test_a_store_stays_a_store():
    assert ask("list", *ASKED, "-O", "toml")[1] == ask("list", ASKED[0], "-O", "toml")[1]


def test_as_of_a_day_the_gaps_are_those_of_what_was_known(store):
    def told(*more: str) -> str:
        return ask("-f", store, "list", "--gap", "--since-event", "plan", "--fields", "id,gap,since", *more)[1]

    assert told() == "plan\t\tT\ndone\t72–101 days\tT+72–101 days\n".replace("72–101 days", "2–3 months")
    assert told("--as-of", "2024-12") == "plan\t\tT\n"


# ---------------------------------------------------------------- as of a day, and near an event


@pytest.mark.parametrize("command", QUERYING)
def test_every_command_says_as_of_which_day_it_answers(command):
    words = ["is:overdue", "near:@catl-jv/90d"] if command in WORDED else ["catl-jv", "leapmotor-deal"]
    code, out, err = ask(command, *BEFORE.get(command, []), *words, "--as-of", "2025-09", "--explain")
    assert (code, err) == (0, "")
    assert "today is 2025-09-30\nas of 2025-09-30\n" in out
    if command in WORDED:
        assert out.startswith("query: is:overdue near:@catl-jv/90d\n")
        assert "near:@catl-jv/90d is 2024-09-02..2025-03-31 (surely 2024-10-02..2025-03-01)\n" in out


# A row of `elapsed` needs two events that are linked.
@pytest.mark.parametrize("command", [name for name in WORDED if name != "elapsed"])
@pytest.mark.parametrize(
    ("words", "there"),
    [
        (["is:overdue", "--as-of", "2024-06-30"], False),
        (["is:overdue", "--as-of", "2024-07-01"], True),
        (["is:upcoming", "--as-of", "2024-06-30"], True),
        (["is:upcoming", "--as-of", "2024-07-01"], False),
        # A day that is named beside it is the day to judge as of; what was known is still that of --as-of.
        (["is:overdue", "--as-of", "2025-01", "--today", "2024-06-30"], False),
        (["is:overdue", "--as-of", "2025-01-31"], True),
        (["is:overdue", "--as-of", "2025-02-01"], False),
        (["is:overdue"], False),
        (["near:@done/60d", "is:planned"], False),
        (["near:@done/72d", "is:planned"], True),
        (["near:@done/72d", "is:planned", "--certain"], False),
        (["near:@done/101d", "is:planned", "--certain"], True),
        (["near:@plan/90d", "status:planned", "--as-of", "2024-12"], True),
        (["near:@plan/90d", "status:happened", "--as-of", "2024-12"], False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_every_command_finds_it_then(command, words, there, store):
    code, _, err = ask("-f", store, command, *BEFORE.get(command, []), *words, "-e", "-O", "json")
    assert code == (0 if there else 1)
    assert err in ("", f"autotimeline: no event {words[0].replace(':', ' ')}\n")


@pytest.mark.parametrize("command", WORDED)
def test_near_what_was_not_known_then_is_refused(command, store):
    asked = ["-f", store, command, *BEFORE.get(command, []), "near:@done/90d", "--as-of", "2024-12"]
    assert ask(*asked) == (2, "", 'autotimeline: event "done" was not known then; name another, or a date\n')


@pytest.mark.parametrize(
    ("day", "mark"), [("2024-06-30", "○ planned"), ("2024-07-01", "◎ planned, overdue"), ("2025-02", "○ planned")]
)
def test_a_picture_judges_a_plan_as_of_the_day(day, mark, store):
    for command in (["show", "plan"], ["timeline"]):
        assert mark in ask("-f", store, *command, "--as-of", day, "-O", "table")[1]


def test_a_slip_is_data_of_both_events(store):
    one = {"plan": "plan", "event": "done", "planned": "2024-06", "happened": "2024-09-10"}
    one |= {"slip": "late by 2–3 months", "low": 72, "high": 101}
    for id in ("plan", "done"):
        code, out, _ = ask("-f", store, "show", id, "-O", "json")
        (event,) = json.loads(out)
        assert (code, list(event), event["slips"]) == (0, [*COLUMNS, "slips"], [one])
        out = ask("-f", store, "show", id, "-O", "plain")[1]
        assert f"{id}\tslips\tplan done late by 2–3 months\n" in out
        assert ask("-f", store, "show", id, "-O", "tsv", "--fields", "slips")[1].endswith(
            "plan done late by 2–3 months\n"
        )


def test_a_slip_is_told_only_once_it_is_known(store):
    def told(*more: str) -> bool:
        told = "planned 2024-06 · happened 2024-09-10 · late by 2–3 months"
        return told in ask("-f", store, "show", "plan", "-O", "table", *more)[1]

    assert told()
    assert told("--as-of", "2025-02-01")
    assert not told("--as-of", "2025-01-31")
