from __future__ import annotations

import io

import pytest
from view_store import HERE, draw, table

from autotimeline import formats
from autotimeline.plugins import load
from autotimeline.render.canvas import Canvas
from autotimeline.views import show


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.chdir(HERE)


def card(id, width=100):
    """Return the lines of a card by their label."""
    found = {}
    for line in draw("show", width, f"id:{id}").splitlines()[3:]:
        if label := line[:11].strip():
            found[label] = []
        if line:
            found[next(reversed(found))].append(line[11:])
    return found


def test_long_rows_are_id_field_and_one_value():
    found = table("show", "id:spanning")
    assert [column.name for column in found.columns] == list(show.DEFAULT_FIELDS)
    rows = [tuple(row) for row in found.text_rows()]
    assert {row[0] for row in rows} == {"spanning"}
    assert [row[1:] for row in rows] == [
        ("date", "2015-01/2019-06"),
        ("edtf", "2015-01/2019-06"),
        ("extent", "throughout"),
        ("earliest", "2015-01-01"),
        ("latest", "2019-06-30"),
        ("match", "certain"),
        ("status", "happened"),
        ("kind", "building"),
        ("title", "Acme builds a plant that takes years to finish"),
        ("actors", "acme@builder"),
        ("actors", "lingpao@builder"),
        ("actors", "evil@payer"),
        ("places", "Zürich, Switzerland"),
        ("places", "上海"),
        ("tags", "one"),
        ("tags", "two"),
        ("figures", "cost=~1.5bn EUR | of=acme | period=2015-01/2019-06 | basis=expected"),
        ("figures", "cost=2bn EUR | of=lingpao | period=2018 | source=second | basis=target"),
        ("figures", "people=<29,000 people | period=2015-01/2019-06"),
        ("sources", 'first | quote=It is "done" | by=acme'),
        ("links", "leads-to@disputed"),
        ("links", "related@nowhere"),
        ("known", "2020-02-01"),
        ("printed", "for years"),
        ("note", "Ends with an escape: \x1b[31m"),
        ("file", "hostile.toml"),
        ("line", "34"),
    ]


def test_a_flag_has_a_row_only_where_it_is_set():
    assert ("rumour", "reported", "true") in [tuple(row) for row in table("show", "id:rumour").rows]


def test_plain_is_one_fact_a_line_for_grep():
    out = io.StringIO()
    load(formats, "plain").write(table("show", "id:late"), out, Canvas(None), frozenset())
    assert "late\tstatus\tplanned\n" in out.getvalue()


def test_with_fields_rows_are_events():
    found = table("show", "id:late,open", fields=("id", "status"))
    assert [list(row) for row in found.rows] == [["late", "planned"], ["open", "planned"]]


@pytest.mark.parametrize(
    ("id", "date"),
    [
        ("hostile", "2019-12-31"),
        ("disputed", "2021-03 · some time within 2021-03-01..2021-03-31"),
        ("spanning", "2015-01/2019-06 · starts 2015-01-01..2015-01-31 · ends 2019-06-01..2019-06-30"),
        ("ancient", "until 2001-06 · no start · ends 2001-06-01..2001-06-30"),
        ("open", "from 2026 · starts 2026-01-01..2026-12-31 · no end"),
        ("rumour", "2024-05-20? · uncertain"),
        ("promise", "by 2026-12 · some time within 2025-10-01..2026-12-31"),
        ("whenever", "by 2003 or 2030 or later · no day is the earliest or the latest"),
        ("undated", "undated"),
    ],
)
def test_a_date_is_told_in_days(id, date):
    assert card(id)["date"] == [date]


def test_links_are_told_from_both_ends():
    assert card("spanning")["links"][1] == "leads to    2021-03  Output falls, or so one says (disputed)"
    assert card("disputed")["links"][0].startswith("follows from  2015-01/2019-06  Acme builds a plant")
    assert card("promise")["links"][0].startswith("fulfils  2024-05-20?  ")
    assert card("rumour")["links"][0].startswith("fulfilled by  by 2026-12  ")


def test_a_source_says_where_it_differs_and_where_it_cannot_be_true_too():
    assert card("disputed")["sources"] == [
        "First paper · first · published 2020-02-01",
        "date 2021-03-05",
        "output 101 cars",
        "[/foo] in a note",
        "https://example.org/first",
        "Second \\u202epaper [sic] · second · published ~2021 · RETRACTED",
        "“零跑汽车 sells :smile:” — Jane Doe",
        "≠ disputed: date — 2022",
        "≠ disputed: status — cancelled",
        "≠ disputed: figures — output >200 cars",
    ]
    assert card("disputed")["accepted"] == ["disputed: both papers stand"]


def test_cards_are_parted_by_a_rule():
    assert draw("show", 80, "id:late,open").split("\n\n" + "─" * 80 + "\n\n")[1].startswith("Cars are built")
