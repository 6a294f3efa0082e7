"""Changes of all events that match a query: which events change, what is reported, and what is refused."""

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")

STORE = """\
[actor.argo]
name = "Argo"

[[event]]
id    = "launch"
date  = "2023-05"
title = "Argo is launched"
kind  = "launch"
tags  = ["sea"]  # by hand

[[event]]
id    = "wreck"
date  = "2023~"
title = "Argo is wrecked"
kind  = "wreck"

[[event]]
id    = "trial"
date  = "2024"
title = "A trial"
actors = { by = "argo" }
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    return path


def errors(*lines):
    return "".join(f"autotimeline: {line}\n" for line in lines)


def test_a_dry_run_shows_the_change_of_every_match(path):
    code, out, err = ask("-f", path, "set", "--where", "tag:sea or kind:wreck", "tags+=law", "kind=", "--dry-run")
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")] == [
        '-kind  = "launch"',
        '-tags  = ["sea"]  # by hand',
        '+tags  = ["sea", "law"]  # by hand',
        '-kind  = "wreck"',
        '+tags  = ["law"]',
    ]
    assert path.read_text("utf-8") == STORE


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--where", "kind:wreck mutiny", "kind=x"], 0, ["no event matches; nothing was written"]),
        (
            ["--where", "kind:wrek", "kind=x"],
            0,
            ['no event has the kind "wrek"; did you mean "wreck"?', "no event matches; nothing was written"],
        ),
        (["--where", "kind:launch", "tags+=sea"], 0, []),
        (["--where", "kind:launch", "tags-=law"], 0, []),
        (
            ["--where", "date:2023 kind:wreck", "kind=x"],
            0,
            ["possible matches unchanged: 1; change them too with --possible"],
        ),
        (["--where", "id:lauch", "kind=x"], 2, ['no event "lauch"; did you mean "launch"?']),
        (["--where", " ", "kind=x"], 2, ['--where " ": missing query; write one, such as kind:deal']),
        (["--where", "argo"], 2, ["missing argument 'FIELD=VALUE...'; see `autotimeline set --help`"]),
        (
            ["wreck", "--where", "argo", "kind=x"],
            2,
            ['"wreck": an id and --where exclude each other; remove one of them'],
        ),
        (["wreck", "--possible", "kind=x"], 2, ["--possible: missing query; add --where QUERY"]),
        # An assignment that is invalid for one event changes none.
        (
            ["--where", "argo", "actors+=argo"],
            2,
            [
                'event "trial": "actors+=argo": the actors have roles; write actors.ROLE+=argo; nothing was written',
            ],
        ),
        (
            ["--where", "tag:sea", "status=sunk"],
            4,
            [
                "nothing was written; the change would cause problems",
                'event "launch": status: "sunk" is not one of happened, planned, cancelled',
            ],
        ),
    ],
)
def test_nothing_is_changed(path, words, code, message):
    assert ask("-f", path, "set", *words) == (code, "", errors(*message))
    assert path.read_text("utf-8") == STORE
    assert ask("-f", path, "undo")[2] == errors(f"nothing to undo: no change of {path} is on record")


# How each date matches `date:2023`.
MATCHES = {"2023": 1, "2023-05": 1, "2023Q4": 1, "2023~": 0.5, "2023?": 0.5, "[2022,2023]": 0.5, "202X": 0.5, "2024": 0}
EVENT = st.fixed_dictionaries(
    {"date": st.sampled_from(list(MATCHES))},
    optional={
        "kind": st.sampled_from(["deal", "visit"]),
        "tags": st.lists(st.sampled_from(["sea", "law"]), unique=True, min_size=1),
    },
)
# Queries, and their matches: 1 certain, 0.5 possible, 0 none.
QUERIES = {
    "kind:deal": lambda event: event.get("kind") == "deal",
    "not tag:sea": lambda event: "sea" not in event.get("tags", []),
    "date:2023": lambda event: MATCHES[event["date"]],
    "not date:2023": lambda event: 1 - MATCHES[event["date"]],
    "date:2023 kind:visit": lambda event: min(MATCHES[event["date"]], event.get("kind") == "visit"),
}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.lists(EVENT, max_size=4), min_size=1, max_size=2),
    st.lists(st.sampled_from(list(QUERIES)), min_size=1, max_size=2),
    st.booleans(),
)
def test_only_matches_change_and_undo_restores_all(tmp_path_factory, stores, queries, possible):
    folder = tmp_path_factory.mktemp("store")
    expected, numbers, changes = [], iter(range(8)), 0
    for name, events in enumerate(stores):
        text = f"# {name}\n"
        for event in events:
            number = next(numbers)
            lines = "".join(f"{key} = {value!r}\n" for key, value in event.items())
            text += f'[[event]]\nid = "e{number}"\ntitle = "E"\n{lines}# {number}\n'
            match = min(QUERIES[query](event) for query in queries)
            event = {"id": f"e{number}", "title": "E", **event}
            if match == 1 or (match and possible):
                changes += event.get("kind") != "law" or "law" not in event.get("tags", [])
                event["kind"] = "law"
                event["tags"] = list(dict.fromkeys([*event.get("tags", []), "law"]))
            expected.append(event)
        (folder / f"{name}.toml").write_text(text)
    before = [path.read_bytes() for path in sorted(folder.glob("*.toml"))]
    where = [word for query in queries for word in ("--where", query)]
    words = [*where, "kind=law", "tags+=law", *(["--possible"] if possible else [])]
    code, out, _ = ask("-f", folder, "set", *words)
    assert (code, out) == (0, "")
    paths = sorted(folder.glob("*.toml"))
    assert [event for path in paths for event in tomllib.loads(path.read_text()).get("event", [])] == expected
    assert [line for path in paths for line in path.read_bytes().splitlines() if line.startswith(b"#")] == [
        line for data in before for line in data.splitlines() if line.startswith(b"#")
    ]
    if changes:
        assert ask("-f", folder, "undo") == (0, "", "")
    assert [path.read_bytes() for path in paths] == before
