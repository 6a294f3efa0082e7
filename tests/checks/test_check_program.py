"""`check` as a program: its files, its formats, completion, and what must hold whatever the order of a store."""

import json
import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import program
import rules
from asking import ask
from autotimeline.cli.completion.command_line import candidates
from rules import RULES, rule

pytestmark = pytest.mark.usefixtures("cache")


def test_files_stand_behind_the_command_too(tmp_path):
    (tmp_path / "a.toml").write_text(rules.bad("anachronism"))
    (tmp_path / "b.toml").write_text(rules.bad("future").partition("\n\n")[2].replace('"plant', '"other-plant'))
    (tmp_path / "c.toml").write_text('[source.s]\ntitle = "S"\n')
    a, b, c = (str(tmp_path / name) for name in ("a.toml", "b.toml", "c.toml"))
    line = ["check", "--today", rules.TODAY, "-O", "plain"]
    alone = ask(*line, a)
    assert alone[0] == 1
    assert alone == ask("-f", a, *line)
    together = ask(*line, a, b, c)
    assert [row.split("\t")[2] for row in together[1].splitlines()] == ["anachronism", "future"]
    assert together == ask("-f", a, *line, b, c) == ask("-f", a, *line, "-f", b, c)
    assert ask("check", c) == (0, "", "")
    code, out, err = ask("check", str(tmp_path / "none.toml"))
    assert (code, out) == (3, "")
    assert "none.toml" in err
    assert ask("-f", a, "check", a)[0] == 2


def test_findings_as_json(tmp_path):
    (tmp_path / "facts.toml").write_text(rules.bad("shares"))
    code, out, err = ask("check", str(tmp_path / "facts.toml"), "-O", "json")
    assert (code, err) == (1, "")
    assert json.loads(out) == [
        {
            "file": str(tmp_path / "facts.toml"),
            "line": 10,
            "level": "problem",
            "rule": "shares",
            "event": "venture",
            "text": 'stake adds up to more than 100% (50% + >50%); correct one, or add accept.shares = "why"',
        }
    ]
    assert ask("check", str(program.STORY), "-O", "json", "--today", rules.TODAY) == (0, "[]\n", "")


def test_the_story_is_well_but_for_what_is_open():
    """Whenever it is asked: what its time makes of a plan is a note, and so is what its sources leave open."""
    for day in ("2025-11-22", "2026-11-22", "2040-01-01"):
        assert ask("-f", program.STORY, "check", "--today", day) == (0, "", "")
    _, out, _ = ask("-f", program.STORY, "check", "--today", "2025-11-22", "--strict", "-O", "json")
    assert {row["rule"] for row in json.loads(out)} == {"undated", "disputed"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (["check", "--explain", "tw"], ["twins"]),
        (["check", "--explain", "twins", "un"], ["undated", "unknown", "unsourced", "unused"]),
        (["check", "--expl"], ["--explain"]),
        (["check", "--str"], ["--strict"]),
        (["check", "--explain", ""], RULES),
    ],
)
def test_the_names_of_rules_are_completed(line, found):
    assert [word for word, _ in candidates(line)] == found


def test_files_are_completed_as_paths():
    assert candidates(["check", "fa"]) is None
    assert candidates(["check", "a.toml", "fa"]) is None


def test_an_explanation_fits_a_terminal(tmp_path):
    env = program.environment(tmp_path, NO_COLOR="1")
    for columns in (40, 80):
        code, out = program.terminal(["check", "--explain", "undated"], cwd=tmp_path, env=env, columns=columns)
        prose = [line for line in out.splitlines() if not line.startswith("    ")]
        assert code == 0
        assert max(map(len, prose)) <= columns
        _, out = program.terminal(["check", "--explain"], cwd=tmp_path, env=env, columns=columns)
        assert max(map(len, out.splitlines())) <= 80


def test_without_docstrings_rules_are_explained_all_the_same(tmp_path):
    command = [sys.executable, "-OO", "-m", "autotimeline", "check", "--explain", "twins"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=program.environment(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "None" not in done.stdout


# ---------------------------------------------------------------- whatever the order, and whatever the names

_STARTS = re.compile(r"^(?=\[)", re.MULTILINE)
# Each with ids of its own, so that they are one store that has something of every rule that is not about a whole file.
EXAMPLES = [
    (name, rules.bad(name))
    for name in RULES
    if rule(name).LEVEL != "error" and name not in ("quote", "alias", "snapshot")
]


def everything() -> list[str]:
    """The tables of all bad examples as one store, each with ids and names of its own."""
    found = []
    for at, (_, text) in enumerate(EXAMPLES):
        apart = re.sub(r'^((?:\[(?:actor|source)\.|id = ")[a-z-]+)', rf"\1-{at}q", text, flags=re.MULTILINE)
        for id in re.findall(r'^(?:\[(?:actor|source)\.|id = ")([a-z-]+)', text, re.MULTILINE):
            apart = re.sub(rf'(?<=[\[{{,= ])"{id}"(?!-)', f'"{id}-{at}q"', apart)
        found += _STARTS.split(apart)
    return [table for table in found if table.strip()]


TABLES = everything()


def findings(folder, tables: list[str]) -> list[tuple[str, ...]]:
    """What is found: everything but lines, and the order."""
    rows = json.loads(rules.found(folder, "".join(tables), {}, "-O", "json"))
    return sorted((row["level"], row["rule"], row["event"] or "", row["text"]) for row in rows)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.permutations(TABLES))
def test_the_order_of_a_store_changes_no_finding(tmp_path, tables):
    expected = findings(tmp_path, TABLES)
    assert {name for _, name, _, _ in expected} >= {name for name, _ in EXAMPLES}
    assert findings(tmp_path, tables) == expected


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.from_regex(r"[a-z]{3,6}", fullmatch=True))
def test_other_ids_change_no_finding_but_their_names(tmp_path, head):
    # What comes before all ids alike changes neither their order nor how much they differ.
    text = "".join(TABLES)
    ids = set(re.findall(r'^id = "([^"]+)"', text, re.MULTILINE))
    renamed = re.sub(r'"([a-z0-9-]+)"', lambda m: f'"{head}-{m[1]}"' if m[1] in ids else m[0], text)

    def back(found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        return sorted(tuple(part.replace(f"{head}-", "") for part in row) for row in found)

    assert back(findings(tmp_path, [renamed])) == back(findings(tmp_path, [text]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.tuples(st.sampled_from(["", "<", ">", "<=", ">=", "~"]), st.integers(1, 40)), min_size=2, max_size=6
    )
)
def test_a_contradiction_is_told_where_two_bounds_have_nothing_in_common(tmp_path, values):
    """Against brute force: all pairs of the events' own figures, as citations of an event are compared."""
    from autotimeline.model import Figure, figures_agree
    from autotimeline.quantities.parse import parse_quantity

    texts = [f"{mark}{number} cars" for mark, number in values]
    head = '[source.s]\ntitle = "S"\n[actor.a]\nname = "A"\n'
    said = [
        rules.event(f"e{n}", 'period = "2024"', 'actors = ["a"]', f'figures.x = {{ value = "{t}", of = "a" }}')
        for n, t in enumerate(texts)
    ]
    told = {row.split(":")[0] for row in rules.told(tmp_path, head + "".join(said), "contradiction")}
    figures = [Figure("x", parse_quantity(text)) for text in texts]
    expected = {
        f"e{n}" for n, one in enumerate(figures) if any(figures_agree(one, other) is False for other in figures[:n])
    }
    assert told == expected


@pytest.mark.skipif(sys.platform == "win32", reason="pipes with names")
def test_a_snapshot_from_a_pipe_is_verified_without_reading_it_again(tmp_path):
    snapshot = tmp_path / "snapshot.toml"
    assert ask("-f", program.STORY, "export", "-o", snapshot)[0] == 0
    done = subprocess.run(
        ["sh", "-c", 'cat snapshot.toml | "$@"', "sh", *program.PROGRAM, "check", "/dev/stdin", "--today", rules.TODAY],
        cwd=tmp_path,
        env=program.environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
