"""The words of imported dates and amounts: `printed` keeps those that the store has in another form."""

from __future__ import annotations

import json
import tomllib

import pytest

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
MAPPED = ("--map", "title=title", "--map", "date=date", "--map", "figure.price=price")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_bytes(b"")
    return tmp_path


def imported(folder, name, text, *options):
    """Import a file, and return the only event without its id and title, and the messages."""
    (folder / name).write_text(text, "utf-8")
    code, out, err = ask("import", name, *options)
    assert (code, out) == (0, ""), err
    (event,) = tomllib.loads((folder / "facts.toml").read_text("utf-8"))["event"]
    return {key: value for key, value in event.items() if key not in ("id", "title")}, err.splitlines()


@pytest.mark.parametrize(
    ("date", "options", "stored"),
    [
        ("Oct 2024", (), {"date": "2024-10", "printed": "Oct 2024"}),
        (" Oct. 17, 2017 ", (), {"date": "2017-10-17", "printed": "Oct. 17, 2017"}),
        ("c. 1850", (), {"date": "1850~", "printed": "c. 1850"}),
        ("2024-10", (), {"date": "2024-10"}),
        ("~2024-10", (), {"date": "2024-10~"}),
        ("by 2026", (), {"date": "[..2026]"}),
        # A notation has no words.
        ("1999–2005", (), {"date": "1999/2005"}),
        ("2017-04-22T00:00:00Z", (), {"date": "2017-04-22"}),
        ("+1952-00-00T00:00:00Z", (), {"date": "1952"}),
        ("10/11/2019", ("--date-format", "%d/%m/%Y"), {"date": "2019-11-10"}),
        ("10 Nov, 2019", ("--date-format", "%d %b, %Y"), {"date": "2019-11-10", "printed": "10 Nov, 2019"}),
    ],
)
def test_the_words_of_a_date_are_kept(folder, date, options, stored):
    cells = f'title,date,price\nA,"{date}",\n'
    assert imported(folder, "in.csv", cells, *MAPPED, *options) == (stored, ["autotimeline: 1 new, 0 unchanged"])
    (folder / "facts.toml").write_bytes(b"")
    assert imported(folder, "own.csv", f'title,date\nA,"{date}"\n', *options)[0] == stored


@pytest.mark.parametrize(
    ("columns", "cells", "stored"),
    [
        ("date=a end=b", "Oct 2017,2018", {"period": "2017-10/2018", "printed": "Oct 2017 – 2018"}),
        ("date=a end=b", "2017,2018", {"period": "2017/2018"}),
        ("period=a", "first half of 2022,", {"period": "2022H1", "printed": "first half of 2022"}),
        ("earliest=a latest=b", "Oct 2017,Oct 2017", {"date": "2017-10", "printed": "Oct 2017"}),
        ("date=a printed=b", "Oct 2017,October 2017", {"date": "2017-10", "printed": "October 2017"}),
        ("date=a known=b", "2017,Oct 2017", {"date": "2017", "known": "2017-10"}),
    ],
)
def test_the_words_of_several_columns(folder, columns, cells, stored):
    options = [word for column in f"title=t {columns}".split() for word in ("--map", column)]
    assert imported(folder, "in.csv", f"t,a,b\nA,{cells}\n", *options)[0] == stored


@pytest.mark.parametrize(
    ("price", "stored"),
    [
        ("€1.5bn", {"value": "1.5bn EUR", "printed": "€1.5bn"}),
        ("about 1.5 billion", {"value": "~1.5bn", "printed": "about 1.5 billion"}),
        ("68000", "68,000"),
        ("~1.5bn EUR", "~1.5bn EUR"),
        ("n/a", {"printed": "n/a"}),
    ],
)
def test_the_words_of_an_amount_are_kept(folder, price, stored):
    event = {"figures": {"price": stored}}
    assert imported(folder, "in.csv", f"title,date,price\nA,,{price}\n", *MAPPED)[0] == event
    rows = {
        "in.json": json.dumps([{"title": "A", "figures": [{"metric": "price", "text": price}]}]),
        "own.csv": f"title,figures\nA,price={price}\n",
        "in.toml": f"[[event]]\nid = 'a'\ntitle = 'A'\nfigures.price = {price!r}\n",
    }
    for name, text in list(rows.items())[: 2 if price == "n/a" else 3]:
        (folder / "facts.toml").write_bytes(b"")
        assert imported(folder, name, text)[0] == event


def test_the_words_of_a_store_and_of_a_claim_are_kept(folder):
    claim = "{ id = 's', date = '2024', figures = { price = '€1bn' } }"
    text = f"[source.s]\ntitle = 'S'\n[[event]]\nid = 'a'\ntitle = 'A'\ndate = 'Oct 2024'\nsources = [{claim}]\n"
    figures = {"price": {"value": "1bn EUR", "printed": "€1bn"}}
    sources = [{"id": "s", "date": "2024", "figures": figures}]
    assert imported(folder, "in.toml", text)[0] == {"date": "2024-10", "printed": "Oct 2024", "sources": sources}


def test_words_of_the_same_values_change_nothing(folder):
    row = "title,date,price\nA,{},{}\n"
    plain, _ = imported(folder, "in.csv", row.format("2024-10", "1.5bn EUR"), *MAPPED)
    again = imported(folder, "in.csv", row.format("Oct 2024", "€1.5bn"), *MAPPED)
    assert again == (plain, ["autotimeline: 0 new, 1 unchanged"])


@pytest.mark.parametrize(
    ("date", "price", "stored"),
    [
        (
            "Nov 2024",
            "€2bn",
            {"date": "2024-11", "printed": "Nov 2024", "figures": {"price": {"value": "2bn EUR", "printed": "€2bn"}}},
        ),
        ("2024-11", "2bn EUR", {"date": "2024-11", "figures": {"price": "2bn EUR"}}),
        # The words still say the month.
        ("~2024-10", "", {"date": "2024-10~", "printed": "Oct 2024"}),
    ],
)
def test_the_words_of_an_old_value_go_with_it(folder, date, price, stored):
    row = "id,title,date,price\na,A,{},{}\n"
    options = (*MAPPED, "--map", "id=id")
    imported(folder, "in.csv", row.format("Oct 2024", price and "€1.5bn"), *options)
    assert imported(folder, "in.csv", row.format(date, price), *options, "--update")[0] == stored


def test_words_that_the_source_has_otherwise_stay(folder):
    (folder / "facts.toml").write_text("[[event]]\nid = 'a'\ntitle = 'A'\ndate = '2024'\nprinted = 'last year'\n")
    event, _ = imported(folder, "in.csv", "id,title,date\na,A,2023\n", "--update")
    assert event == {"date": "2023", "printed": "last year"}


def test_an_amount_in_our_csv_that_cannot_be_read_is_reported(folder):
    event, told = imported(folder, "in.csv", "title,figures\nA,loss=1.500\n")
    assert event == {"figures": {"loss": {"printed": "1.500"}}}
    assert told[0] == 'autotimeline: in.csv: column "figures": no value in 1 cell: "1.500" (row 1)'


def test_add_suggests_no_option_that_it_lacks(folder, monkeypatch):
    (folder / "in.csv").write_text('[{"title": "A", "date": "10/11/2019"}, {"title": "B", "date": "1857-61"}]')
    with (folder / "in.csv").open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        code, out, err = ask("add", "-")
    assert (code, out) == (4, "")
    assert err.splitlines() == [
        '-:1: row 1, column "date": "10/11/2019" is ambiguous: '
        "write 2019-11-10 (10 November) or 2019-10-11 (11 October)",
        '-:1: row 2, column "date": "1857-61" is not a part of a year: if these are two years, write 1857/1861',
        "autotimeline: nothing was written: 2 invalid records of 2; fix them",
    ]
