"""The store that ships, its schema, and the reader: all three have to tell the same good from the same bad."""

import contextlib
import datetime
import json
import re
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from asking import ask

TOP = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
SCHEMA = json.loads((TOP / "facts.schema.json").read_text("utf-8"))
FACTS = tomllib.loads((TOP / "facts.toml").read_text("utf-8"))
EVENTS = {event["id"]: event for event in FACTS["event"]}

GOOD = sorted((DATA / "good").glob("*.toml"))
BAD = sorted((DATA / "bad").glob("*.toml"))
BAD_TO_READER = sorted((DATA / "bad-to-reader").glob("*.toml"))


def by_name(path: Path) -> str:
    return path.stem


def as_json(value: object) -> object:
    """What an editor hands to the schema: TOML's dates and times as ISO text."""
    match value:
        case dict():
            return {key: as_json(item) for key, item in value.items()}
        case list():
            return [as_json(item) for item in value]
        case datetime.date() | datetime.time():  # a datetime is a date
            return value.isoformat()
    return value


def refusals(path: Path) -> list[tuple[str, str]]:
    """What the schema has against a file, and where. TOML takes a byte order mark, tomllib does not."""
    store = as_json(tomllib.loads(path.read_text("utf-8-sig")))
    return [(error.json_path, error.message) for error in Draft7Validator(SCHEMA).iter_errors(store)]


def check(path: Path, *options: str) -> tuple[int, str, str]:
    return ask("-f", path, "check", "--no-cache", *options)


# ---------------------------------------------------------------- the schema by itself


def test_schema_is_valid_draft_07():
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_the_file_is_what_the_program_prints():
    assert ask("schema") == (0, (TOP / "facts.schema.json").read_text("utf-8"), "")


def tables(schema: object, path: str = "#"):
    """Every schema of a table with keys of its own, and where it stands."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield path, schema
        for key, item in schema.items():
            yield from tables(item, f"{path}/{key}")
    elif isinstance(schema, list):
        for number, item in enumerate(schema):
            yield from tables(item, f"{path}/{number}")


def test_every_key_has_a_description_and_no_table_takes_others():
    found = list(tables(SCHEMA))
    assert {path.rpartition("/")[2] for path, _ in found} >= {
        "#", "store", "source", "actor", "era", "event", "figure", "citation", "links",
    }  # fmt: skip
    for path, table in found:
        assert table["additionalProperties"] is False, path
        for key, schema in table["properties"].items():
            if list(schema) == ["$ref"]:
                schema = SCHEMA["definitions"][schema["$ref"].rpartition("/")[2]]
            assert schema.get("description"), f"{path}/{key}"


def test_every_definition_is_used():
    used = set(re.findall(r'"#/definitions/(\w+)"', json.dumps(SCHEMA)))
    assert used == set(SCHEMA["definitions"])


# ---------------------------------------------------------------- the schema and the files


def test_there_are_cases():
    assert (len(GOOD), len(BAD), len(BAD_TO_READER)) >= (25, 50, 30)


def test_schema_takes_the_store_that_ships():
    assert refusals(TOP / "facts.toml") == []


@pytest.mark.parametrize("path", GOOD, ids=by_name)
def test_schema_takes(path: Path):
    assert refusals(path) == []


@pytest.mark.parametrize("path", BAD, ids=by_name)
def test_schema_refuses(path: Path):
    assert len({where for where, _ in refusals(path)}) == 1, "each file has one defect"


@pytest.mark.parametrize("path", BAD_TO_READER, ids=by_name)
def test_schema_cannot_know(path: Path):
    """Should it learn to, the file belongs into bad/."""
    with contextlib.suppress(tomllib.TOMLDecodeError):  # no TOML at all: nothing that a schema would see
        assert refusals(path) == []


# ---------------------------------------------------------------- the reader and the same files


@pytest.mark.parametrize("path", GOOD, ids=by_name)
def test_reader_takes(path: Path):
    assert check(path) == (0, "", "")


@pytest.mark.parametrize("path", BAD + BAD_TO_READER, ids=by_name)
def test_reader_refuses(path: Path):
    code, said, err = check(path)
    assert (code, err) == (1, "")
    # the file, and a line within it
    lines = len(path.read_text("utf-8").splitlines())
    where = re.search(rf"{re.escape(path.name)}:(\d+)\b", said)
    assert where, said
    assert 1 <= int(where[1]) <= lines


def test_reader_takes_the_store_that_ships():
    # a day on which none of its plans is overdue
    assert check(TOP / "facts.toml", "--today", "2025-11-01") == (0, "", "")


# ---------------------------------------------------------------- the store that ships: its facts


def test_line_1_names_the_schema():
    first, _, _ = (TOP / "facts.toml").read_text("utf-8").partition("\n")
    assert first == "#:schema ./facts.schema.json"


def test_there_are_all_the_facts():
    assert len(EVENTS) == len(FACTS["event"]) >= 29


@pytest.mark.parametrize(
    ("event", "date"),
    [
        ("tavares-remark", "2022"),
        ("leapmotor-deal", "2023-10"),
        ("catl-jv", "2024-12"),
        ("filosa-restructure", "2025-10-08"),
    ],
)
def test_anchor(event: str, date: str):
    assert EVENTS[event]["date"] == EVENTS[event]["known"] == date


UNDATED = {
    "asset-light-strategy",
    "french-brands-peak",
    "gac-fiat-chrysler-capacity",
    "leapmotor-million",
    "stellantis-merger",
    "wuhan-capacity",
    "xin-tianshu-roles",
}
PERIODS = {
    "executive-visits": "2025-02/2025-08",
    "french-brands-2024": "2024",
    "french-brands-2025h1": "2025H1",
    "gac-fiat-chrysler-peak": "2017",
    "leapmotor-zaragoza": "2026/..",
    "pony-vans-europe": "2026/..",
}
DATES = {
    "gac-fiat-chrysler-founded": "2011",
    "tavares-remark": "2022",
    "leapmotor-deal": "2023-10",
    "leapmotor-international": "2023-10",
    "gac-fiat-chrysler-bankruptcy": "2024-07",
    "tavares-departure": "2025-01~",
    "catl-jv": "2024-12",
    "elkann-visit": "2025-02",
    "hedmos-launch": "2025-03-25",
    "filosa-takes-office": "2025-06",
    "filosa-visit": "2025-07",
    "brand-ceos-visit": "2025-08",
    "filosa-restructure": "2025-10-08",
    "imparato-maserati": "2025-10~",
    "pony-memorandum": "2025-10~",
    "jeep-dongfeng-plan": "2025-10~",
    "catl-plant-start": "[..2026-12]",
    "peugeot-408-sales": "2025-10~",
    "citroen-range": "2025-10~",
    "french-brands-ev-share": "2025-10~",
    "jeep-repairs": "2025-10~",
}


def test_dates_are_as_fine_as_the_source_and_no_finer():
    assert {name: event["date"] for name, event in EVENTS.items() if "date" in event} == DATES
    assert {name: event["period"] for name, event in EVENTS.items() if "period" in event} == PERIODS
    assert {name for name, event in EVENTS.items() if not {"date", "period"} & event.keys()} == UNDATED


# event, metric, quantity as written (or the source's words), whose, basis, and who holds it
FIGURES = [
    ("gac-fiat-chrysler-peak", "sales", ">200000 vehicles", "gac-fiat-chrysler", "actual"),
    ("gac-fiat-chrysler-capacity", "capacity", "300000 vehicles/year", "gac-fiat-chrysler", "actual"),
    ("leapmotor-deal", "investment", "~1.5bn EUR", None, "expected"),
    ("leapmotor-deal", "stake", "~20%", "leapmotor", "expected", "stellantis"),
    ("leapmotor-international", "stake", "51%", "leapmotor-intl", "actual", "stellantis"),
    ("leapmotor-international", "stake", "49%", "leapmotor-intl", "actual", "leapmotor"),
    ("french-brands-2024", "sales", "68000 vehicles", "french-brands", "actual"),
    ("french-brands-peak", "sales", "nearly 1000000 vehicles", "french-brands", "actual"),
    ("gac-fiat-chrysler-bankruptcy", "debt", "billions of dollars", "gac-fiat-chrysler", "actual"),
    ("catl-jv", "investment", "up to 4.1bn EUR", None, "expected"),
    ("catl-jv", "capacity", "50 GWh/year", None, "expected"),
    ("catl-jv", "stake", "50%", None, "actual", "catl"),
    ("catl-jv", "stake", "50%", None, "actual", "stellantis"),
    ("french-brands-2025h1", "sales", "<29000 vehicles", "french-brands", "actual"),
    ("french-brands-2025h1", "market-share", "0.3%", "french-brands", "actual"),
    ("filosa-visit", "delegation", ">12 people", None, "actual"),
    ("filosa-visit", "meeting", "<=5 people", None, "actual"),
    ("catl-plant-start", "capacity", "@catl-jv", None, "actual"),
    ("leapmotor-million", "output", "1000000 vehicles", "leapmotor", "actual"),
    ("leapmotor-million", "duration", "343 days", "leapmotor", "actual"),
    ("peugeot-408-sales", "sales", "a little over 500 vehicles/month", "peugeot", "actual"),
    ("citroen-range", "models", "2", "citroen", "actual"),
    ("french-brands-ev-share", "ev-share", "<3%", None, "actual"),
    ("jeep-repairs", "owners", "800000", "jeep", "actual"),
]


def test_figures_are_those_of_the_source():
    found = []
    for name, event in EVENTS.items():
        for metric, given in event.get("figures", {}).items():
            for one in given if isinstance(given, list) else [given]:
                figure = one if isinstance(one, dict) else {"value": one}
                quantity = figure.get("value", figure.get("printed"))
                more = (figure["holder"],) if "holder" in figure else ()
                found.append((name, metric, quantity, figure.get("of"), figure.get("basis", "actual"), *more))
    assert sorted(found, key=str) == sorted(FIGURES, key=str)


LINKS = {
    ("leapmotor-deal", "same-deal", "leapmotor-international"),
    ("leapmotor-deal", "leads-to", "leapmotor-zaragoza"),
    ("catl-jv", "leads-to", "catl-plant-start"),
    ("gac-fiat-chrysler-bankruptcy", "leads-to", "tavares-departure"),
    ("pony-memorandum", "leads-to", "pony-vans-europe"),
    ("elkann-visit", "part-of", "executive-visits"),
    ("filosa-visit", "part-of", "executive-visits"),
    ("brand-ceos-visit", "part-of", "executive-visits"),
    ("tavares-remark", "contrasts", "filosa-restructure"),
}


def test_links():
    found = {
        (name, kind, target)
        for name, event in EVENTS.items()
        for kind, targets in event.get("links", {}).items()
        for target in targets
    }
    assert found >= LINKS
    assert {target for _, _, target in found} <= EVENTS.keys()


def citations(event: dict) -> list[dict]:
    return [{"id": item} if isinstance(item, str) else item for item in event["sources"]]


def test_quotes_are_the_three_that_named_people_spoke():
    assert {(c["quote"], c["by"]) for e in EVENTS.values() for c in citations(e) if "quote" in c} == {
        ("not building factories in China", "carlos-tavares"),
        ("We need to strengthen regional focus", "antonio-filosa"),
        (
            "optimized design based on the feedback from Stellantis' European R & D center",
            "xin-tianshu",
        ),
    }


def test_the_disputed_date_is_held_in_both_forms():
    event = EVENTS["gac-fiat-chrysler-bankruptcy"]
    assert {c["id"]: c.get("date") for c in citations(event)} == {
        "turn-2025": "2024-07",
        "other-reporting": "2025-07-08",
    }
    assert event["accept"]["disputed"]


def test_plans_and_reports_are_marked():
    planned = {name for name, event in EVENTS.items() if event.get("status") == "planned"}
    assert planned == {"leapmotor-zaragoza", "pony-vans-europe", "catl-plant-start", "wuhan-capacity"}
    assert {name for name, event in EVENTS.items() if event.get("reported")} == {"jeep-dongfeng-plan"}


def actor_ids(event: dict) -> list[str]:
    actors = event.get("actors", [])
    if isinstance(actors, list):
        return actors
    return [one for ids in actors.values() for one in ([ids] if isinstance(ids, str) else ids)]


def test_every_id_is_defined_and_every_definition_used():
    used = {one for event in EVENTS.values() for one in actor_ids(event)}
    assert used == FACTS["actor"].keys()
    assert {c["id"] for e in EVENTS.values() for c in citations(e)} == FACTS["source"].keys()


def test_no_word_is_two_things():
    """So that `compare tavares filosa` means the eras, and no error."""
    ids = [*EVENTS, *FACTS["actor"], *FACTS["era"]]
    assert len(ids) == len(set(ids))
