"""The store in a few lines, and how certain its facts are."""

import json
import shlex

import program
from program import environment

EVENT = """
[[event]]
id = "e{n}"
title = "Event {n}"
date = "202{n}"
sources = [{{ id = "s", date = "201{n}" }}]
"""
STORE = '[store]\ntitle = "A store"\n[source.s]\ntitle = "S"\npublished = "2021"\n'
PLAN = '\n[[event]]\nid = "plan"\ntitle = "A plan"\ndate = "2027"\nstatus = "planned"\n'


def summary(tmp_path, events: int) -> tuple[str, str]:
    """What the program says bare, in a pipe and on a terminal."""
    (tmp_path / "facts.toml").write_text(STORE + "".join(EVENT.format(n=n) for n in range(events)) + PLAN)
    env = environment(tmp_path / "cache", NO_COLOR="1")
    words = ["--today", "2025-11-22"]
    piped = program.run(*words, cwd=tmp_path, env=env)
    assert (piped.returncode, piped.stderr) == (0, b"")
    return piped.stdout.decode(), program.terminal(words, cwd=tmp_path, env=env, columns=60)[1]


COUNTS = ("sourced", "single-source", "quoted", "verified", "disputed", "approximate", "undated", "overdue")


def test_the_summary_counts_how_certain_the_facts_are(tmp_path):
    piped, drawn = summary(tmp_path, 1)
    program_name = "autotimeline --today 2025-11-22"
    assert piped == (
        f"title\tA store\t\nevents\t2\t{program_name} list\nfirst\t2020\t\nlast\t2027\t\n"
        f"sourced\t1\t{program_name} list not is:unsourced\n"
        f"single-source\t1\t{program_name} list is:single-source\n"
        f"quoted\t0\t{program_name} list is:quoted\n"
        f"verified\t0\t{program_name} list is:verified\n"
        f"disputed\t1\t{program_name} list is:disputed\n"
        f"approximate\t0\t{program_name} list is:approximate\n"
        f"undated\t0\t{program_name} list is:undated\n"
        f"overdue\t0\t{program_name} list is:overdue\n"
        f"next\tplan 2027 A plan\t{program_name} show plan\n"
    )
    assert drawn.startswith("A store\n2 events, the first 2020, the last 2027\nsourced        1  autotimeline --today")
    assert "next      2027 A plan (plan)\n\n" in drawn
    assert drawn.endswith(f"  {program_name} timeline\n  {program_name} list is:upcoming\n  {program_name} show e0\n")


def test_each_command_of_the_summary_lists_what_it_counts(tmp_path):
    summary(tmp_path, 8)
    (tmp_path / "copy.txt").write_text("They said: “We must grow”, and left.")
    (tmp_path / "a store.toml").write_text((tmp_path / "facts.toml").read_text() + QUOTED)
    env = environment(tmp_path / "cache")
    asked = ["-f", "a store.toml", "--today", "2030"]
    rows = json.loads(program.run(*asked, "check", "--summary", "-O", "json", cwd=tmp_path, env=env).stdout)
    assert rows[0] == {"what": "title", "value": "A store", "command": None}
    for command in ([], ["check", "--summary"]):
        plain = program.run(*asked, *command, cwd=tmp_path, env=env).stdout.decode()
        found = {what: (value, line) for what, value, line in (row.split("\t") for row in plain.splitlines())}
        assert [what for what in found if what in COUNTS] == list(COUNTS)
        assert {what: found[what][0] for what in ("verified", "quoted", "overdue")} == {
            "verified": "1",
            "quoted": "2",
            "overdue": "1",
        }
        for what in COUNTS:
            number, line = found[what]
            listed = program.run(*shlex.split(line)[1:], cwd=tmp_path, env=env)
            assert (listed.returncode, listed.stdout.decode().count("\n")) == (0, int(number)), what


QUOTED = """
[source.copied]
title = "Copied"
file = "copy.txt"
[[event]]
id = "verified"
title = "Verified"
sources = [{ id = "copied", quote = "we must grow" }]
[[event]]
id = "misquoted"
title = "Misquoted"
sources = [{ id = "copied", quote = "we must grow" }, { id = "copied", quote = "we will grow" }]
"""


def test_the_summary_of_check_counts_findings(tmp_path):
    (tmp_path / "facts.toml").write_text(STORE + PLAN)
    env = environment(tmp_path / "cache")

    def check(*words: str) -> tuple[int, list[str]]:
        done = program.run("check", "--summary", *words, cwd=tmp_path, env=env)
        return done.returncode, [line.rpartition("\t")[0] for line in done.stdout.decode().splitlines()[-3:]]

    assert check("--today", "2025-11-22") == (0, ["errors\t0", "problems\t0", "notes\t1"])
    assert check("--today", "2025-11-22", "--strict")[0] == 1
    (tmp_path / "facts.toml").write_text(STORE + PLAN + PLAN)
    assert check("--today", "2025-11-22")[0] == 1
