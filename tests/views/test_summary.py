"""The store in a few lines, to the letter; of what there is much it names a few and counts the rest."""

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


def test_few_are_named(tmp_path):
    piped, drawn = summary(tmp_path, 1)
    assert piped == (
        "title\tA store\nevents\t2\nfirst\t2020\nlast\t2027\nundated\t0\noverdue\t0\n"
        "next\tplan 2027 A plan\ndisputed\te0 2020 Event 0\n"
    )
    assert drawn == (
        "A store\n2 events, the first 2020, the last 2027\n"
        "next      2027 A plan (plan)\n"
        "disputed  2020 Event 0 (e0)\n\n"
        "  autotimeline timeline\n  autotimeline list is:upcoming\n  autotimeline show e0\n"
    )


def test_many_are_counted(tmp_path):
    piped, drawn = summary(tmp_path, 8)
    named = [f"disputed\te{n} 202{n} Event {n}" for n in range(5)]
    assert piped.splitlines()[7:] == [*named, "disputed\tis:disputed 3 more"]
    assert "disputed  2024 Event 4 (e4)\ndisputed  3 more (is:disputed)\n\n" in drawn
