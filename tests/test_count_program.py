"""`count` as a program: its answers in a pipe, its errors to the letter."""

import pytest

from asking import ask
from program import STORY, environment, terminal


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def asked(*arguments):
    return ask("-f", str(STORY), "--today", "2025-11-22", "count", *arguments)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["kind:deal"], "1\t1\n"),
        (["--by", "kinds", "actor:leapmotor", "-n", "2"], "production\t2\t2\ndeal\t1\t1\n"),
        (["--by", "year", "since:2023", "--sort", "possible", "-r", "-n", "1"], "2025\t8\t18\n"),
        (["--by", "year", "since:2023", "--fields", "possible,year", "-n", "1"], "2\t2023\n"),
        (["--by", "year", "since:2023", "--certain", "-n", "2"], "2023\t2\t2\n2024\t2\t2\n"),
        (
            ["--by", "year", "--as-of", "2024", "-O", "csv"],
            "year,certain,possible\r\n2022,1,1\r\n2023,1,1\r\n2024,2,2\r\n",
        ),
        (
            ["--by", "era", "2024", "-O", "jsonl", "-n", "1"],
            '{"era": "tavares", "era_name": "Tavares era", "certain": 1, "possible": 4}\n',
        ),
        (
            ["--by", "actor", "kind:remark", "-O", "tsv"],
            "actor\tactor_name\tcertain\tpossible\n"
            "carlos-tavares\tCarlos Tavares\t1\t1\nstellantis\tStellantis\t1\t1\n",
        ),
    ],
)
def test_what_it_answers(arguments, told):
    code, out, err = asked(*arguments)
    assert (code, err) == (0, "")
    assert out == told


def test_a_field_that_is_searched_as_a_word():
    code, out, err = asked("year")
    assert (code, out.split("\t")[0]) == (0, out.strip().split("\t")[1])
    assert err == 'autotimeline: "year" is searched as a word; to count by it write --by year\n'
    assert asked("year", "--by", "year")[2] == ""


TOLD = "nothing to show; 1 event; 1 of them undated\n"


def test_events_that_have_no_cell_are_no_lack_of_matches(tmp_path):
    store = tmp_path / "facts.toml"
    store.write_text('[[event]]\nid = "a"\ntitle = "A"\n')
    env = environment(tmp_path)
    assert terminal(["count", "--by", "year"], cwd=tmp_path, env=env) == (0, TOLD)
    assert terminal(["count", "--by", "year", "-e"], cwd=tmp_path, env=env) == (1, TOLD)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--by", "yaer"], 'cannot count by "yaer"; did you mean "year"?'),
        (
            ["--by", "investment"],
            'cannot count by "investment"; there are year, quarter, month, id, kind, status, actor, group, role,'
            " place, tag, source, era, metric, link, is",
        ),
        (
            ["--by", ","],
            'cannot count by ","; there are year, quarter, month, id, kind, status, actor, group, role,'
            " place, tag, source, era, metric, link, is",
        ),
        (
            ["--by", "kind,tag,year"],
            'cannot count by 3 fields, "kind,tag,year"; write one, or two with a comma between',
        ),
        (
            ["--by", "month,year"],
            'cannot count by "month,year": the one says what the other does; write one of them',
        ),
        (["--by", "year", "--sort", "kind"], 'cannot sort by "kind"; there are year, certain, possible'),
        (["--by", "year", "--fields", "date"], 'no field "date"; there are year, certain, possible'),
    ],
)
def test_what_it_refuses(arguments, told):
    assert asked(*arguments) == (2, "", f"autotimeline: {told}\n")


def test_it_explains_and_sets_the_exit_status():
    assert asked("--by", "kind", "kind:deal", "--explain")[1].startswith("query: kind:deal\n")
    assert asked("--by", "year", "2005", "-e")[0] == 1
