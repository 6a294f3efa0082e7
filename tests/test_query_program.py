"""The query language as people meet it: at a shell's prompt, with options, explained, and refused."""

from __future__ import annotations

import pytest

import program
from program import STORY, TOP, environment

TODAY = ("--today", "2025-11-22")
# From the issue, as it stands there; what is behind # is said of it, and what follows is what it prints.
MUST_BE_TRUE = """\
$ autotimeline list -p 2023Q4 --certain -O plain --fields id
leapmotor-deal
leapmotor-international
$ autotimeline list actor:catl not status:planned -O plain --fields id,date
catl-jv\t2024-12
$ autotimeline list investment:2bn.. -O plain --fields id          # 4.1bn, stated as "as high as": possible, so it is shown
catl-jv
$ autotimeline list investment:2bn.. --certain -O plain --fields id    # and certain it is not: prints nothing, exit 0
$ autotimeline list is:disputed -p 2024Q3 -O plain --fields match      # the disputed ruling: possible by both claims, certain by neither
possible
$ autotimeline list since:2022-06 -O plain --fields id | grep -c tavares-remark      # a 2022 date possibly falls after June
1
$ autotimeline list since:2022-06 --certain -O plain --fields id | grep -c tavares-remark
0
$ autotimeline list is:disputed -O plain --fields id | wc -l
1
$ autotimeline list actor:leapmoter; echo $?       # stderr: no actor "leapmoter"; did you mean "leapmotor"?
2
$ autotimeline list -O json | python3 -c 'import json,sys; e=json.load(sys.stdin); print(len(e) >= 29, sorted(e[0])[:3])'
True ['actors', 'date', 'disputed']
$ autotimeline list -O json > a.json; autotimeline list -O toml -o snap.toml; autotimeline -f snap.toml list -O json > b.json    # equal but for file and line; -f works before and after the command
$ autotimeline list | head -1 >/dev/null; echo ${PIPESTATUS[0]}   # no word on stderr
0
$ autotimeline compare leapmotor-deal catl-jv -O tsv | grep '^[gc][^m]' | cut -f 4,6-8
2\tabout 14 months\t397\t457
2\tup to 4.1bn EUR against about 1.5bn EUR: direction not known\t\t
1\tabout 14 months earlier\t-457\t-397
1\tabout 1.5bn EUR against up to 4.1bn EUR: direction not known\t\t
$ autotimeline figures --metric sales --per month -O plain --fields event,rate,change | grep french-brands-2
french-brands-2024\t5,667 vehicles/month\t
french-brands-2025h1\t<4,834 vehicles/month\tdown more than 14%
$ autotimeline list --as-of 2025-09 -O plain --fields id | grep -xE 'catl-jv|filosa-restructure'
catl-jv
$ autotimeline list --as-of 2025-09 -O plain is:disputed --fields id
$ autotimeline compare era:tavares kind:nothing -O plain 2>&- | grep ^events     # a side without events hides no other
events\tevents\t\t1\t\t6–12\ttrue\t
events\tevents\t\t2\t\t0\ttrue\t
"""  # noqa: E501  # word for word


def blocks():
    found = []
    for line in MUST_BE_TRUE.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line + "\n")
    return found


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    return environment(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with the story in it, to work in."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "facts.toml").write_bytes(STORY.read_bytes())
    return folder


def shell(script, cwd, env):
    """Run a line of bash in which `autotimeline` is this program."""
    return program.bash(f'autotimeline() {{ "${{PROGRAM[@]}}" "$@"; }}; PROGRAM=("$@"); {script}', cwd=cwd, env=env)


@pytest.mark.parametrize(("line", "printed"), blocks())
def test_what_must_be_true(line, printed, desk, env):
    done = shell(line, desk, env)
    assert done.stdout == "".join(printed)
    said = 'autotimeline: no actor "leapmoter"; did you mean "leapmotor"?\n' if "leapmoter" in line else ""
    if "is:disputed" in line and not printed:
        said = "autotimeline: no event is disputed\n"
    assert done.stderr == said


def test_a_snapshot_is_the_store_again(desk, env):
    import json

    shell("autotimeline list -O json > a.json; autotimeline list -O toml -o snap.toml", desk, env)
    shell("autotimeline -f snap.toml list -O json > b.json; autotimeline list -O json -f snap.toml > c.json", desk, env)
    first, second, third = (json.loads((desk / f"{name}.json").read_text("utf-8")) for name in "abc")
    for one in (*first, *second, *third):
        del one["file"], one["line"]
    assert first == second == third


def asked(*words, env, code=0, cwd=TOP):
    done = program.run("list", *words, *TODAY, cwd=cwd, env=env)
    assert done.returncode == code, done.stderr
    return done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    ("option", "term"),
    [
        (["--since", "-18m"], ["since:-18m"]),
        (["--since=-18m"], ["since:-18m"]),
        (["--until", "last year"], ["until:last-year"]),
        (["-p", "last-year"], ["last year"]),
        (["--period", "..2023-06"], ["date:..2023-06"]),
        (["-p", "2023,2025"], ["date:2023,2025"]),
        (["--since", "@catl-jv"], ["since:@catl-jv"]),
        (["-p", "tavares"], ["era:tavares"]),
        (["--actor", "Tavares"], ["actor:Tavares"]),
        (["--kind", "deal,visit"], ["kind:deal,visit"]),
        (["--tag", "ev", "--tag", "battery"], ["tag:ev", "tag:battery"]),
        (["--status", "planned"], ["status:planned"]),
        (["--source", "other-reporting"], ["source:other-reporting"]),
        (["--since", "2024", "--until", "2024"], ["since:2024", "until:2024"]),
    ],
)
def test_options_are_terms(option, term, env):
    assert asked(*option, env=env) == asked(*term, env=env)
    assert asked(*option, "kind:visit", "or", "kind:joint-venture", env=env) == asked(
        "(", "kind:visit", "or", "kind:joint-venture", ")", *term, env=env
    )


def test_what_a_relative_word_was_taken_to_mean_is_said_on_a_terminal_only(env):
    _, said = asked("since:-18m", "-p", "2025", "-O", "plain", env=env)
    assert said == ""
    words = ["list", "since:-18m", "-p", "2025", "near:@catl-jv/1m", "-O", "plain", "--fields", "id", *TODAY]
    code, shown = program.terminal(words, cwd=TOP, env=env)
    assert code == 0
    # What is plain by itself is not said.
    assert [line for line in shown.splitlines() if " is " in line] == [
        "since:-18m is 2024-05-22..",
        "near:@catl-jv/1m is 2024-11-01..2025-01-31 (surely 2024-11-30..2025-01-01)",
    ]


EXPLAINED = [
    (
        [],
        """\
query: everything
today is 2025-11-22
certain and possible matches
in the order of dates
""",
    ),
    (
        ["actor:Tavares", "not", "(", "era:filosa", "or", "since:last-year", ")", "--kind", "remark,departure"],
        """\
query: actor:Tavares not (era:filosa or since:last-year) (kind:remark or kind:departure)
"Tavares" is carlos-tavares
era:filosa is 2025-06-01.. (surely 2025-06-30..)
since:last-year is 2024-01-01..
today is 2025-11-22
certain and possible matches
date terms do not match undated events
in the order of dates
""",
    ),
    (
        [":dongfeng", "2023-10,zaragoza", "investment>=1bn", "--certain", "--sort", "title", "-r", "-n", "1"],
        """\
query: group:dongfeng (date:2023-10 or text:zaragoza) investment:1bn..
date:2023-10 is 2023-10-01..2023-10-31
today is 2025-11-22
certain matches only
date terms do not match undated events
in the order of title, reversed
at most 1 event
""",
    ),
    (
        ["is:overdue", "--as-of", "2025-09", "-n", "5"],
        """\
query: is:overdue
today is 2025-11-22
as of 2025-09-30
certain and possible matches
in the order of dates
at most 5 events
""",
    ),
]


@pytest.mark.parametrize(("words", "text"), EXPLAINED)
def test_a_query_is_explained(words, text, env):
    assert asked(*words, "--explain", env=env) == (text, "")


def test_without_a_today_of_its_own_the_past_is_judged_as_of_then(env):
    done = program.run("list", "--as-of", "2025-09", "--explain", cwd=TOP, env=env)
    assert "today is 2025-09-30\nas of 2025-09-30\n" in done.stdout.decode()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["kind:deal", "("], 'autotimeline: "(" without ")"\n'),
        (["(" * 5000 + "a"], "autotimeline: the query is nested too deep; write it with fewer parentheses and aliases"
            " within each other\n"),
        (["x" * 10_000], f'autotimeline: "{"x" * 40}…" is too long; a value has at most 1,000 characters\n'),
        (["--since", "soon"], 'autotimeline: "soon" is neither a date nor an era; `autotimeline names eras` lists what'
            " there is\n"),
        (["--kind", ","], 'autotimeline: "kind:" lacks a value; write kind:VALUE\n'),
        (["--sort", "titel"], 'autotimeline: cannot sort by "titel"; did you mean "title"?\n'),
        ([b"kind:\xff".decode("utf-8", "surrogateescape")], 'autotimeline: "\\udcff" is not UTF-8\n'),
        (["--status", "plan"], 'autotimeline: no status "plan"; did you mean "planned"?\n'),
    ],
)  # fmt: skip
def test_a_wrong_question_ends_with_2_and_one_line(words, text, env):
    assert asked(*words, env=env, code=2) == ("", text)


def test_a_warning_is_said_wherever_stderr_goes_and_is_no_failure(env):
    shown, said = asked("kind:dael", env=env)
    assert shown == ""
    assert said == 'autotimeline: no event has the kind "dael"; did you mean "deal"?\n'
    asked("kind:dael", "-e", env=env, code=1)
