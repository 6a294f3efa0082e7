"""The holder of a figure: the actor that has a stake in `of`; the last field of every row and object."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
STORE = """\
[source.p]
title = "P"
published = "2024-05"
[source.q]
title = "Q"
published = "2025-05"
[actor.a]
name = "Alpha"
[actor.b]
name = "Beta"
[actor.c]
name = "Gamma"
[[event]]
id = "one"
date = "2024-02"
title = "Alpha buys a part of Beta"
actors = { buyer = "a", target = "b" }
figures.stake = [{ value = "20%", of = "b", holder = "a" }, { value = "30%", of = "b", holder = "c" }]
figures.income = [{ value = "4m EUR", of = "b", holder = "a", period = "2023" }]
sources = ["p", { id = "q", figures.stake = { value = "25%", holder = "a" } }]
[[event]]
id = "two"
date = "2025-03"
title = "Gamma holds it"
actors = ["c"]
figures.stake = { value = "@one", holder = "c" }
figures.income = [
    { value = "6m EUR", of = "b", holder = "a", period = "2024" },
    { value = "1m EUR", of = "b", holder = "c", period = "2024" },
    { value = "2m EUR", of = "b", period = "2024" },
]
sources = ["p"]
"""


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("facts.toml").write_text(STORE)
    return "facts.toml"


def answer(*arguments: str) -> str:
    code, out, err = ask(*arguments)
    assert (code, err) == (0, "")
    return out


def test_it_is_the_last_key_of_a_figure(name):
    one, two = json.loads(answer("list", "-O", "json"))
    claims = [figure for citation in one["sources"] for figure in citation["figures"]]
    figures = [*one["figures"], *claims, *two["figures"]]
    assert {list(figure)[-1] for figure in figures} == {"holder"}
    assert [figure["holder"] for figure in figures] == ["a", "c", "a", "a", "c", "a", "c", None]
    # The repeated figure has the same holder.
    assert (two["figures"][0]["text"], two["figures"][0]["of"]) == ("30%", "b")
    text = "stake=30% | of=b | holder=c; income=6m EUR | of=b | period=2024 | holder=a"
    assert text in answer("list", "id:two", "-O", "plain", "--fields", "figures")


def test_it_is_the_last_cell_of_each_row(name):
    head, *rows = (line.split("\t") for line in answer("figures", "-O", "tsv").splitlines())
    assert (head[-1], [row[-1] for row in rows]) == ("holder", ["a", "c", "a", "a", "c", "a", "c", ""])
    stake = ("figures", "--metric", "stake")
    assert (
        answer(*stake, "-O", "plain").splitlines()[0]
        == "stake\t20%\tb\t\tactual\tone\t2024-02\tcertain\tfalse\ttrue\ta"
    )
    head, first, *_ = (line.split("\t") for line in answer(*stake, "--sum", "-O", "tsv").splitlines())
    assert (head[-2:], first[-2:]) == (["why", "holder"], ["a percentage does not add", "a"])
    head, first, *_ = (line.split("\t") for line in answer(*stake, "--per", "year", "-O", "tsv").splitlines())
    assert (head[-2:], first[-2:]) == (["why", "holder"], ["a percentage is not a rate", "a"])
    for command in (("figures",), ("figures", "--sum"), ("figures", "--per", "year"), ("compare", "a", "c")):
        assert {list(row)[-1] for row in json.loads(answer(*command, "-O", "json"))} == {"holder"}


def test_figures_of_different_holders_do_not_add_and_are_not_compared(name):
    sums = answer("figures", "--metric", "income", "--sum", "-O", "plain", "--fields", "text,of,holder,events")
    assert sums == "10m EUR\tb\ta\tone; two\n1m EUR\tb\tc\ttwo\n2m EUR\tb\t\ttwo\n"
    changes = answer("figures", "--metric", "income", "--per", "year", "-O", "plain", "--fields", "rate,change,holder")
    assert changes == "4m EUR/year\t\ta\n6m EUR/year\tup 50%\ta\n1m EUR/year\t\tc\n2m EUR/year\t\t\n"
    fields = ("-O", "plain", "--fields", "section,what,side,value,of,holder")
    rows = [line.split("\t") for line in answer("compare", "one", "two", *fields).splitlines()]
    assert [row for row in rows if row[:3] == ["difference", "income", "2"]] == [
        ["difference", "income", "2", "2m EUR", "b", "a"]
    ]
    rows = [line.split("\t") for line in answer("compare", "2024", "2025", *fields).splitlines()]
    assert [row[2:] for row in rows if row[:2] == ["figure", "income"]] == [
        ["1", "", "b", ""],
        ["2", "2m EUR", "b", ""],
        ["1", "4m EUR", "b", "a"],
        ["2", "6m EUR", "b", "a"],
        ["1", "", "b", "c"],
        ["2", "1m EUR", "b", "c"],
    ]


def test_the_drawings_name_it(name):
    assert "stake 20% (Beta, held by Alpha), 30% (Beta, held by Gamma)" in answer("timeline", "id:one", "-O", "table")
    assert "20%  2024-02  Beta, held by Alpha  one\n" in answer("figures", "id:one", "-O", "table")
    assert "= 10m EUR, Beta, held by Alpha, 2023, 2024: 2 figures" in answer("figures", "--sum", "-O", "table")
    assert "Beta, held by Alpha: 4m EUR/year (2023)" in answer("figures", "--per", "year", "-O", "table")
    assert "held by Alpha" in answer("show", "one", "-O", "table")
    assert "held by Alpha" in answer("compare", "2024", "2025", "-O", "table")


@pytest.mark.parametrize("format", ["toml", "json", "csv"])
def test_an_export_reads_back(name, tmp_path, format):
    assert ask("export", "-o", f"out.{format}")[0] == 0
    other = tmp_path / "other.toml"
    other.write_text("")
    assert ask("-f", str(other), "import", f"out.{format}")[0] == 0
    assert ask("diff", name, str(other)) == (0, "", "")


@pytest.mark.parametrize("format", ["json", "csv"])
def test_a_list_of_events_may_change_it(name, format):
    Path(f"rows.{format}").write_text(answer("list", "id:two", "-O", format))
    changed = STORE.replace('"@one", holder = "c"', '"30%", holder = "b"')
    Path(name).write_text(changed)
    code, _, err = ask("import", f"rows.{format}")
    assert (code, "figures.stake" in err) == (4, True)
    assert ask("import", f"rows.{format}", "--update")[0] == 0
    assert '{ value = "30%", of = "b", holder = "c" }' in Path(name).read_text()


def test_a_database_and_a_calendar_have_it(name):
    assert ask("export", "-o", "out.sqlite")[0] == ask("export", "-o", "out.ics")[0] == 0
    with closing(sqlite3.connect("out.sqlite")) as db:
        assert [row[1] for row in db.execute("PRAGMA table_info(figures)")][-1] == "holder"
        assert [row[1] for row in db.execute("PRAGMA table_info(numbers)")][-1] == "holder"
        stakes = db.execute("SELECT text, of, holder FROM numbers WHERE metric = 'stake' AND NOT claimed").fetchall()
    assert stakes == [("20%", "Beta", "Alpha"), ("30%", "Beta", "Gamma"), ("30%", "Beta", "Gamma")]
    calendar = Path("out.ics").read_text().replace("\n ", "")
    assert r"\nstake: 20% (Beta\, held by Alpha)\nstake: 30% (Beta\, held by Gamma)\n" in calendar


def test_a_difference_between_two_stores(name):
    Path("new.toml").write_text(STORE.replace('"20%", of = "b", holder = "a"', '"20%", of = "b", holder = "b"'))
    code, out, _ = ask("diff", name, "new.toml", "-O", "plain", "--fields", "id,field,change,old,new")
    changed = "one\tfigures\tchanged\tstake=20% | of=b | holder=a\tstake=20% | of=b | holder=b\n"
    assert (code, out) == (1, changed)
    (row,) = json.loads(ask("diff", name, "new.toml", "-O", "json")[1])
    assert list(row["old"])[-1] == list(row["new"])[-1] == "holder"


def test_writers_set_and_rename_it(name):
    figure = ("figures.stake=5%", "figures.stake.of=b", "figures.stake.holder=c")
    assert ask("add", "Gamma sells", "--id", "three", *figure)[0] == 0
    assert 'stake = { value = "5%", of = "b", holder = "c" }' in Path(name).read_text()
    assert ask("rename", "c", "gamma")[0] == 0
    text = Path(name).read_text()
    assert (text.count('holder = "gamma"'), text.count('holder = "c"')) == (4, 0)
    code, _, err = ask("set", "three", "figures.stake.holder=nobody")
    assert (code, 'figures.stake.holder: no actor "nobody"' in err) == (4, True)


def test_what_a_source_says_of_a_holder_replaces_its_figure(name):
    fields = ("-O", "plain", "--fields", "figures,disputed")
    income = "income=4m EUR | of=b | period=2023 | holder=a"
    before = answer("list", "id:one", "--as-of", "2024-12", *fields)
    assert before == f"stake=20% | of=b | holder=a; stake=30% | of=b | holder=c; {income}\t\n"
    after = answer("list", "id:one", "--as-of", "2025-12", *fields)
    assert after == f"stake=30% | of=b | holder=c; {income}; stake=25% | of=b | holder=a\t\n"
    assert answer("list", "id:one", "-O", "plain", "--fields", "disputed") == "stake\n"
