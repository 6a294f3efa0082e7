"""As known on a day: what came out later does not show, against an oracle that goes through a store by hand."""

import json
from datetime import date, timedelta

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import ask
from autotimeline import api
from autotimeline.index.as_of import list_days_of_news
from autotimeline.query.columns import COLUMNS

pytestmark = pytest.mark.usefixtures("cache")
FIRST = date(2024, 1, 1)
DAYS = st.integers(0, 9)
EVENTS = [f"e{n}" for n in range(4)]


def day(number: int) -> str:
    return str(FIRST + timedelta(number))


NUMBERS = st.integers(1, 5).map("{} EUR".format)
FIGURE = st.fixed_dictionaries(
    {"value": NUMBERS},
    optional={"basis": st.sampled_from(["actual", "expected"]), "source": st.sampled_from("abc")},
)
FIGURES = st.dictionaries(st.sampled_from(["cost", "debt"]), FIGURE, max_size=2)
CLAIMED = st.dictionaries(st.sampled_from(["cost", "debt"]), st.fixed_dictionaries({"value": NUMBERS}), max_size=1)
STATUSES = st.sampled_from(["happened", "planned", "cancelled"])


@st.composite
def stores(draw) -> dict:
    sources = {id: {"title": id} | ({"published": day(draw(DAYS))} if draw(st.integers(0, 4)) else {}) for id in "abc"}
    events = []
    for id in EVENTS:
        event = {"id": id, "title": id, "date": day(draw(DAYS))}
        if not draw(st.integers(0, 3)):
            event["known"] = day(draw(DAYS))
        cited = draw(st.lists(st.sampled_from("abc"), unique=True, max_size=3))
        claim = st.fixed_dictionaries({}, optional={"date": DAYS.map(day), "status": STATUSES, "figures": CLAIMED})
        event["sources"] = [{"id": source, "quote": source, **draw(claim)} for source in cited]
        event["figures"] = draw(FIGURES)
        for metric, figure in event["figures"].items():
            others = [other["id"] for other in events if metric in other["figures"]]
            if others and draw(st.booleans()):
                figure["value"] = f"@{draw(st.sampled_from(others))}"
        event["links"] = {"related": [draw(st.sampled_from(EVENTS))]}
        events.append(event)
    return {"source": sources, "event": events}


def published(store: dict, source: str) -> str:
    return store["source"][source].get("published", "9999")


def known(store: dict, event: dict) -> str:
    dates = [store["source"][c["id"]].get("published") for c in event["sources"]]
    return event.get("known") or min(filter(None, dates), default="9999")


def repeated(store: dict, seen: dict, id: str, metric: str, today: str, passed: tuple = ()) -> str | None:
    """The value at the end of a chain of repetitions through events as they were known."""
    if id not in seen or id in passed:
        return None
    for name, figure in seen[id]:
        if name == metric:
            value = figure["value"]
            return value if value[0] != "@" else repeated(store, seen, value[1:], metric, today, (*passed, id))
    return None


def oracle(store: dict, today: str) -> dict[str, dict]:
    events = {e["id"]: e for e in store["event"] if known(store, e) <= today}
    told = {}
    for id, event in events.items():
        cited = sorted((c for c in event["sources"] if published(store, c["id"]) <= today),
                       key=lambda c: published(store, c["id"]))  # fmt: skip
        figures = [(m, f) for m, f in event["figures"].items()
                   if "source" not in f or published(store, f["source"]) <= today]  # fmt: skip
        seen = {"date": event["date"], "status": "happened"}
        for citation in cited:
            seen |= {key: citation[key] for key in ("date", "status") if key in citation}
            for metric, claim in citation.get("figures", {}).items():
                figures = [(m, f) for m, f in figures if m != metric or f.get("basis", "actual") != "actual"]
                figures.append((metric, claim))
        told[id] = (event, seen, figures)
    final = {id: figures for id, (_, _, figures) in told.items()}
    found = {}
    for id, (event, seen, figures) in told.items():
        values = []
        for metric, figure in figures:
            value = figure["value"]
            if value[0] == "@":
                value = repeated(store, final, value[1:], metric, today)
            if value:
                values.append((metric, value))
        found[id] = {
            "date": seen["date"],
            "status": seen["status"],
            "sources": [c["id"] for c in event["sources"] if published(store, c["id"]) <= today],
            "figures": sorted(values),
            "links": [other for other in event["links"]["related"] if other in events],
        }
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(stores(), DAYS)
def test_nothing_that_was_known_later_shows(tmp_path_factory, cache, store, number):
    path = tmp_path_factory.mktemp("store") / "facts.toml"
    path.write_text(tomli_w.dumps(store))
    today = day(number)
    code, out, err = ask("-f", path, "list", "--as-of", today, "-O", "json", "--no-cache")
    unknown = sum(known(store, event) == "9999" for event in store["event"])
    number = "1 event" if unknown == 1 else f"{unknown} events"
    note = f"autotimeline: --as-of {today}: {number} without a known date omitted; add known, or the date of a source\n"
    assert (code, err) == (0, note if unknown else "")
    found = {
        event["id"]: {
            "date": event["date"],
            "status": event["status"],
            "sources": [source["id"] for source in event["sources"]],
            "figures": sorted((figure["metric"], figure["text"]) for figure in event["figures"]),
            "links": [link["event"] for link in event["links"]],
        }
        for event in json.loads(out)
    }
    assert found == oracle(store, today)


STORE = """\
[source.early]
title = "E"
published = "2024-01"
[source.late]
title = "L"
published = "2025-01"
[source.undated]
title = "U"
[[event]]
id = "a"
title = "A"
date = "2024-03"
status = "planned"
sources = ["early", { id = "late", quote = "secret", date = "2024-05", figures.cost = "2 EUR" }]
figures.cost = "1 EUR"
figures.debt = "@b"
figures.gain = { value = "9 EUR", source = "late" }
links.leads-to = ["b"]
[[event]]
id = "b"
title = "B"
date = "2024-06"
sources = ["late"]
figures.debt = "7 EUR"
links.fulfils = ["a"]
[[event]]
id = "c"
title = "C"
sources = ["undated"]
"""


@pytest.mark.parametrize(
    ("query", "day", "ids"),
    [
        ((), "2024-01-30", ""),
        ((), "2024-01", "a"),  # a month counts by its last day
        ((), "2025-02-01", "ab"),
        (("secret",), "2024-12-31", ""),
        (("secret",), "2025-02-01", "a"),
        (("cost:1..",), "2024-12-31", "a"),
        (("debt:7",), "2024-12-31", ""),
        (("debt:7",), "2025-02-01", "ab"),
        (("gain:9",), "2024-12-31", ""),
        (("is:overdue",), "2024-12-31", "a"),
        (("is:overdue",), "2025-02-01", ""),
        (("link:@b",), "2025-02-01", "a"),
        (("date:2024-05",), "2024-12-31", ""),
        (("date:2024-05",), "2025-02-01", "a"),
    ],
)
def test_as_of(query, day, ids, tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE)
    code, out, err = ask("-f", path, "list", *query, "--as-of", day, "-O", "plain", "--fields", "id")
    # A metric that nobody knew of yet is none.
    assert (code, out.replace("\n", "")) == ((2, "") if "no field or metric" in err else (0, ids))


def test_a_snapshot_of_the_past_is_a_store(tmp_path):
    path, snap = tmp_path / "facts.toml", tmp_path / "snap.toml"
    path.write_text(STORE)
    code, _, err = ask("-f", path, "list", "--as-of", "2024-12-31", "-O", "toml", "-o", snap)
    note = "1 event without a known date omitted; add known, or the date of a source"
    assert (code, err) == (0, f"autotimeline: --as-of 2024-12-31: {note}\n")
    assert "secret" not in snap.read_text()
    assert ask("-f", snap, "check", "--today", "2024-01-01") == (0, "", "")


@pytest.mark.parametrize(
    ("own", "claimed", "seen"),
    [
        ('["100", "200"]', '"200"', "100 200"),
        ('["100", "200"]', '"300"', "300"),
        ('["100", "200"]', '"<300"', "100 200"),
        ('["100", "200"]', '["200", "150"]', "200 150"),
        ('["1 EUR", "2 USD"]', '"3 EUR"', "2 USD,3 EUR"),
        ('["~100", "900"]', '["95", "105"]', "900 95 105"),
        ('"105"', '"~100"', "~100"),
        ('"105"', '{ printed = "hundreds" }', "hundreds"),
        ('"105"', '{ value = "90", basis = "target" }', "105 90"),
        ('{ value = "105", period = "2023" }', '"90"', "90@2023"),
        ('[{ value = "1", period = "2023" }, { value = "2", period = "2024" }]', '"3"', "1@2023 2@2024 3"),
        ('[{ value = "1", period = "2023" }, { value = "2", period = "2024" }]', '"~2"', "1@2023 ~2@2024"),
        ('[{ value = "1", period = "2023" }, { value = "2", period = "2024" }]', '"<9"', "1@2023 2@2024"),
        ('[{ value = "1", period = "2023" }, "2"]', '{ value = "3", period = "2023" }', "2 3@2023"),
    ],
)
def test_a_claim_takes_the_place_of_what_it_restates_and_of_nothing_else(own, claimed, seen, tmp_path):
    path = tmp_path / "facts.toml"
    event = f'id = "a"\ntitle = "A"\ndate = "2024-03"\nfigures.sold = {own}\n'
    cited = f'sources = [{{ id = "early", figures.sold = {claimed} }}]\n'
    path.write_text(f'[source.early]\ntitle = "E"\npublished = "2024-01"\n[[event]]\n{event}{cited}')
    code, out, err = ask("-f", path, "list", "--as-of", "2024-12-31", "-O", "json", "--no-cache")
    assert (code, err) == (0, "")
    figures = json.loads(out)[0]["figures"]
    told = [figure["text"] + (f"@{figure['period']}" if figure["period"] else "") for figure in figures]
    assert told == (seen.split(",") if "," in seen else seen.split(" "))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stores())
def test_the_past_changes_only_on_days_of_news(tmp_path, store):
    path = tmp_path / "facts.toml"
    path.write_text(tomli_w.dumps(store), encoding="utf-8")
    with api.Timeline([str(path)], cache=False) as timeline:
        news = list_days_of_news(timeline.index)
        assert news == sorted(set(news))

        def state(ordinal: int) -> list[object]:
            timeline.set_as_of(ordinal)
            return [list(row) for row in timeline.select().rows(tuple(COLUMNS))]

        first, past = FIRST.toordinal() - 1, []
        for ordinal in range(first, first + 12):
            current = state(ordinal)
            assert current == past or ordinal in news
            past = current
        assert not state(first)
        assert len(past) + timeline.omitted_unknown == len(EVENTS)
