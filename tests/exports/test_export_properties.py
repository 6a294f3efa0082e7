"""A snapshot of any store and any query, in every format: nothing is lost, nothing is added, its sum is right."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from datetime import date, timedelta
from typing import TYPE_CHECKING

import cells
import icalendar
import pytest
import tomli_w
import workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autotimeline
import generate
from asking import ask
from autotimeline import exports, plugins
from autotimeline.dates.edtf import parse_date
from autotimeline.reports.store_diff import diff_stores
from autotimeline.store import read
from autotimeline.text import escape_control
from program import STORY, TOP
from store_strategies import stores

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
FORMATS = plugins.list_names(exports)
GOOD = sorted((TOP / "tests/data/good").glob("*.toml"))
DAY = ("--today", "2026-03-01")
QUERIES = [(), ("status:happened",), ("actor:a",), ("since:2024",), ("-n", "2", "-r"), ("--as-of", "2025")]


def export(path: Path, into: Path, *query: str) -> Path:
    code, out, err = ask("-f", path, "export", *query, *DAY, "--force", "-o", into)
    assert (code, out) == (0, ""), err
    if into.suffix != ".ics":
        assert all(" omitted; " in line for line in err.splitlines())
    return into


def bodies(path: Path) -> list[tuple[str, str, str]]:
    """Every fact of a store as it is meant."""
    db = autotimeline.open(str(path)).select().db
    rows = db.execute(
        "SELECT kind, id, body FROM entity WHERE kind <> 'snapshot' AND body <> '{}' ORDER BY kind, id"
    ).fetchall()
    return [
        *rows,
        *db.execute(
            "SELECT 'event', id, body FROM event JOIN detail ON event = number"
            " ORDER BY sort_day, sort_tiebreak, position, id"
        ).fetchall(),
    ]


def holds(path: Path, folder: Path, *query: str) -> Path:
    """Return a snapshot of TOML; hold a snapshot of each format to what the query finds, and to what the others say."""
    snapshots = {form: export(path, folder / f"snapshot.{form}", *query) for form in FORMATS}
    toml = tomllib.loads(snapshots["toml"].read_text("utf-8"))
    assert json.loads(snapshots["json"].read_text("utf-8")) == {"event": [], **toml}
    beside = json.loads((folder / "snapshot.csv.meta.json").read_text("utf-8"))
    assert beside.keys() == {*toml, "csv"} - {"event"}
    for name in beside.keys() - {"csv"}:
        assert beside[name] == toml[name]
    facts = [read.event_from_body(event) for event in toml.get("event", [])]
    told = cells.events(snapshots["csv"].read_bytes().decode())
    assert [read.event_from_body(event) for event in told] == facts
    # What it says of itself.
    _, out, _ = ask("-f", path, "list", *query, *DAY, "-O", "json")
    found = json.loads(out)
    assert toml["snapshot"]["events"] == len(found)
    assert toml["snapshot"]["possible"] == sum(event["match"] == "possible" for event in found)
    # It is a store, that says the same of each event, and whose sum is right.
    code, out, err = ask("-f", snapshots["toml"], "list", *DAY, "-O", "json")
    assert code == 0, err
    mine = {event["id"]: event for event in json.loads(out)}
    for event in found:
        assert {**mine[event["id"]], **{key: event[key] for key in ("file", "line", "match")}} == event
    _, out, err = ask("-f", snapshots["toml"], "check", *DAY)
    assert (err, "snapshot:" in out) == ("", False)
    calendar(snapshots["ics"], found)
    database(snapshots["sqlite"], toml, found)
    spreadsheet(snapshots["xlsx"], toml, found)
    return snapshots["toml"]


def calendar(path: Path, found: list[dict]) -> None:
    """Hold a calendar to the events: all that have a first and a last day, over all of the days that they may be."""
    entries = {str(entry["uid"]): entry for entry in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")}
    # A plan without a first day has an entry on its last day.
    deadlines = {event["id"] for event in found if event["status"] == "planned" and not event["earliest"]}
    last_days = {id: date.fromordinal(parse_date(event["date"]).nominal[1]).isoformat()
                 for event in found if (id := event["id"]) in deadlines and event["latest"]}  # fmt: skip
    found = [event | dict.fromkeys(("earliest", "latest"), last_days.get(event["id"])) if event["id"] in deadlines
             else event for event in found]  # fmt: skip
    bounded = {f"{event['id']}@autotimeline": event for event in found if event["earliest"] and event["latest"]}
    assert entries.keys() == bounded.keys()
    for uid, event in bounded.items():
        entry, first, last = entries[uid], date.fromisoformat(event["earliest"]), date.fromisoformat(event["latest"])
        assert entry["dtstart"].params == {"VALUE": "DATE"}
        assert entry["dtstart"].dt == first
        if "dtend" in entry:
            assert entry["dtend"].dt - timedelta(1) == last
        else:
            assert last in (first, date.max)
        title = escape_control(event["title"].replace("\r\n", "\n"), keep="\n")
        doubt = ", disputed" if "date" in event["disputed"] else ""
        dated = f"{title} ({event['date']}{doubt})"
        assert str(entry["summary"]) in (title, dated)
        if doubt or event["id"] in deadlines or (first != last and event["extent"] == "within"):
            assert str(entry["summary"]) == dated


def database(path: Path, toml: dict, found: list[dict]) -> None:
    """Hold a database to the store: its keys fit, and each table has a row for each thing that there is."""
    db = sqlite3.connect(path)
    try:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

        def count(table: str) -> int:
            return db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608  our own names

        assert count("timeline") == count("events") == len(found)
        for table, kind in (("actors", "actor"), ("sources", "source"), ("eras", "era"), ("queries", "alias")):
            assert count(table) == len(toml.get(kind, {}))
        for table, field in (
            ("participants", "actors"), ("places", "places"), ("tags", "tags"), ("citations", "sources"),
            ("links", "links"), ("disputes", "disputed"),
        ):  # fmt: skip
            assert count(table) == sum(len(event[field]) for event in found)
        claims = sum(len(source["figures"]) for event in found for source in event["sources"])
        assert count("figures") == count("numbers") == claims + sum(len(event["figures"]) for event in found)
        rows = db.execute("SELECT id, title, date, edtf, earliest, latest, match, note FROM events ORDER BY position")
        names = ("id", "title", "date", "edtf", "earliest", "latest", "match", "note")
        assert rows.fetchall() == [tuple(event[name] for name in names) for event in found]
    finally:
        db.close()


def spreadsheet(path: Path, toml: dict, found: list[dict]) -> None:
    """Hold a workbook to the events and to the entries of the store."""
    sheets = {name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
              for name, rows in workbook.read_sheets(path).items()}  # fmt: skip
    fields = ("id", "date", "earliest", "latest", "status", "title", "note")
    assert [[str(event[field] or "") for field in fields] for event in sheets["Events"]] == [
        [escape_control(str(event[field] or "").replace("\r\n", "\n"), keep="\t\n") for field in fields]
        for event in found
    ]
    claims = sum(len(source["figures"]) for event in found for source in event["sources"])
    assert len(sheets["Figures"]) == claims + sum(len(event["figures"]) for event in found)
    for name, kind in (("Sources", "source"), ("Actors", "actor")):
        assert [entry["id"] for entry in sheets[name]] == list(toml.get(kind, {}))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(stores(), st.sampled_from(QUERIES))
def test_any_store_and_any_query(tmp_path_factory, cache, store, query):
    folder = tmp_path_factory.mktemp("store")
    path = folder / "facts.toml"
    path.write_text(tomli_w.dumps(store), encoding="utf-8")
    code, _, err = ask("-f", path, "list", "-O", "json")
    if code == 3:  # a figure that repeats nothing, as only the whole store shows
        assert "e0" in err or "e1" in err
        return
    holds(path, folder, *query)
    # Of everything, the snapshot is the store; and its snapshot is the snapshot.
    first = export(path, folder / "first.toml")
    assert bodies(first) == bodies(path)
    assert list(diff_stores(autotimeline.open(str(path)).select(), autotimeline.open(str(first)).select())) == []
    for form in FORMATS:
        again = export(first, folder / f"again.{form}")
        assert again.read_bytes() == export(path, folder / f"once.{form}").read_bytes()
    assert (folder / "again.csv.meta.json").read_bytes() == (folder / "once.csv.meta.json").read_bytes()


@pytest.mark.parametrize("query", [*QUERIES[:2], ("actor:catl",), ("is:undated",), *QUERIES[3:]], ids=" ".join)
def test_the_story(query, tmp_path):
    holds(STORY, tmp_path, *query)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_good_file(path, tmp_path):
    assert bodies(holds(path, tmp_path)) == bodies(path)


def test_a_large_realistic_store(tmp_path):
    store = tmp_path / "facts.toml"
    store.write_text("".join(generate.text(*block) for block in generate.blocks(400)), "utf-8")
    holds(store, tmp_path, "since:2015")
    assert bodies(export(store, tmp_path / "first.toml")) == bodies(store)
