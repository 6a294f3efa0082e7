"""Context: the events before and after each match, outside the selection and next to it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import program
from asking import ask

QUERIES = ["kind:visit", "since:2025", "tag:ev", "is:undated", "id:catl-jv", "not tag:ev", "kind:none", ""]
ORDERS = [[], ["-r"], ["--sort", "title"], ["--sort", "latest", "-r"], ["--certain"]]


@pytest.fixture(autouse=True)
def _here(cache, monkeypatch):
    monkeypatch.chdir(program.TOP)


def found(*arguments: str) -> list[dict[str, object]]:
    code, out, _ = ask("list", *arguments, "--today", "2025-11-22", "-O", "json")
    assert code == 0
    return json.loads(out)


@given(st.sampled_from(QUERIES), st.integers(0, 4), st.sampled_from(ORDERS), st.none() | st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_context_is_outside_the_selection_and_next_to_it(query, number, order, limit):
    words, certain = query.split(), [word for word in order if word == "--certain"]
    everything = [row["id"] for row in found(*[word for word in order if word != "--certain"])]
    matches = [row["id"] for row in found(*words, *order)]
    limited = ["-n", str(limit)] if limit is not None else []
    shown = matches[:limit]
    rows = found(*words, *order, *limited, "-C", str(number))
    places = [everything.index(id) for id in shown]
    # The first match beyond the limit ends the context.
    end = everything.index(matches[limit]) if matches[len(shown) :] else len(everything)
    expected = [
        id
        for place, id in enumerate(everything)
        if id in shown or (id not in matches and place < end and any(abs(place - other) <= number for other in places))
    ]
    assert [row["id"] for row in rows] == expected
    assert [row["id"] for row in rows if not row["context"]] == shown
    for row in rows:
        assert list(row)[-1] == "context"
        assert (row["match"] is None) is row["context"]
        assert not (certain and row["match"] == "possible")


def test_context_is_marked_and_dimmed_for_people():
    words = ["id:catl-jv", "-C", "1"]
    plain = [line.split("\t") for line in ask("list", *words)[1].splitlines()]
    assert [(line[0], line[2], line[-1]) for line in plain] == [
        ("gac-fiat-chrysler-bankruptcy", "", "true"),
        ("catl-jv", "certain", "false"),
        ("french-brands-2025h1", "", "true"),
    ]
    drawn = ask("list", *words, "-O", "table", "--color", "always")[1].splitlines()
    assert [line.startswith("\x1b[2m") for line in drawn] == [True, True, False, True]
    assert [line.removesuffix("\x1b[0m").endswith("context") for line in drawn] == [False, True, False, True]
    fields = ["--fields", "id,date,match"]
    assert [line.split()[-1] for line in ask("list", *words, *fields, "-O", "table")[1].splitlines()[1:]] == [
        "context",
        "2024-12",
        "context",
    ]
    assert ask("list", *words, *fields, "-O", "markdown")[1].count("context") == 2
    assert ask("list", *words, *fields)[1].splitlines()[0].endswith("2024-07\t")
    timeline = ask("timeline", *words, "-O", "table", "--color", "always")[1]
    assert "\x1b[2mCourt in Changsha announces the bankruptcy of GAC Fiat Chrysler\x1b[0m" in timeline
    assert timeline.count("context") == 2
    assert "\x1b[2mCATL" not in timeline


def test_a_store_and_a_count_of_matches_have_no_context():
    assert ask("list", "id:catl-jv", "-C", "3", "-O", "toml") == ask("list", "id:catl-jv", "-O", "toml")
    assert ask("list", "kind:none", "-C", "3", "-e")[:2] == (1, "")
    footer = ask("list", "since:2025-02", "-C", "1", "-O", "markdown")[1].splitlines()[-1]
    assert footer == ask("list", "since:2025-02", "-O", "markdown")[1].splitlines()[-1]


def test_gaps_count_from_the_row_above_which_may_be_context():
    row = found("id:hedmos-launch", "-C", "1", "--gap")[1]
    above = found("id:hedmos-launch,elkann-visit", "--gap")[1]
    assert (row["id"], row["gap"], row["gap_low"]) == ("hedmos-launch", "25–52 days", 25)
    assert row["gap"] == above["gap"]


def test_rows_sorted_by_their_gap():
    by_date = found("--gap")
    expected = sorted((row for row in by_date if row["gap_low"] is not None), key=lambda row: row["gap_low"])
    rest = [row for row in by_date if row["gap_low"] is None]
    assert found("--sort", "gap") == expected + rest
    longest = sorted((row for row in expected), key=lambda row: row["gap_low"], reverse=True)
    assert found("--sort", "gap", "-r", "-n", "3") == longest[:3]
    brief = ask("timeline", "--sort", "gap", "-r", "-n", "1", "-O", "table")[1].splitlines()
    assert (len(brief), brief[0].split()[-1], brief[1].split()[0]) == (2, "gap", "gac-fiat-chrysler-peak")
    words = ["list", "--sort", "gap", "--fields", "id,id", "-r", "-n", "1"]
    assert ask(*words)[1] == "gac-fiat-chrysler-peak\tgac-fiat-chrysler-peak\n"


@pytest.mark.parametrize(
    ("option", "fields"),
    [(["--gap"], ["gap", "gap_low", "gap_high"]), (["--since-event", "catl-jv"], ["since", "since_low", "since_high"])],
)
def test_every_field_of_elapsed_time_sorts(option, fields):
    rows = found(*option)
    for field in fields:
        key = fields[1] if field == fields[0] else field
        expected = sorted((row for row in rows if row[key] is not None), key=lambda row: row[key])
        expected += [row for row in rows if row[key] is None]
        assert found("--sort", field, *([] if option == ["--gap"] else option)) == expected


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["-C", "1"], ["in the order of dates", "with 1 event before and after each match"]),
        (["--sort", "gap", "-r", "-n", "3"], ["in the order of gap_low, reversed", "at most 3 rows"]),
        (["--sort", "title", "-n", "3"], ["in the order of title", "at most 3 events"]),
    ],
)
def test_the_explanation_has_the_context_and_the_order(arguments, lines):
    assert ask("list", *arguments, "--explain")[1].splitlines()[-len(lines) :] == lines


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--sort", "gap", "-C", "1"], "--sort gap: not with -C; remove one of them"),
        (["--sort", "since"], "--sort since: missing --since-event; add --since-event ID"),
        (
            ["--sort", "gap", "-O", "toml"],
            "--sort gap: not in toml; choose another format, such as json",
        ),
        (["--fields", "context"], 'no field "context" without -C; add -C 1'),
        (
            ["-C", "-1"],
            "invalid value for '-C' / '--context': -1 is not in the range x>=0; see `autotimeline list --help`",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments, error):
    assert ask("list", *arguments) == (2, "", f"autotimeline: {error}\n")


def test_near_a_date_is_the_period_widened():
    assert ask("list", "near:2024-12/1m")[1] == ask("list", "2024-11-01..2025-01-31")[1]
    error = 'autotimeline: "around:2024-12": missing distance; write around:@EVENT/90d or around:DATE/90d\n'
    assert ask("list", "around:2024-12") == (2, "", error)
