"""The table of phrases as a person meets it: in a store, as options of `add`, and in the cells of a CSV file."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import tomllib

import pytest
from phrase_table import ROWS

from asking import ask
from autotimeline.dates.edtf import date_to_toml, parse_date
from autotimeline.importing.missing_values import is_missing
from autotimeline.quantities.parse import parse_quantity

pytestmark = pytest.mark.usefixtures("cache")

STORED = [(kind, text, store) for kind, text, store, _, _ in ROWS]
TYPED = [(kind, text, typed or store) for kind, text, store, typed, _ in ROWS]
CELLS = [(kind, text, cell or store) for kind, text, store, _, cell in ROWS]
RELATIVE = {"today": "2025-11-22", "last year": "2024", "this month": "2025-11", "3 days ago": "2025-11-19"}
NEW = ["id", "title", "sources"]


def is_refused(outcome: str) -> bool:
    return outcome.startswith("! ")


def read_event(event: dict) -> tuple[str, str | None]:
    """Return the date in EDTF, or the amount as displayed, of an event in TOML, and its printed words."""
    if "figures" not in event:
        return parse_date(event["date"]).edtf, event.get("printed")
    figure = event["figures"]["loss"]
    value, printed = (figure["value"], figure["printed"]) if isinstance(figure, dict) else (figure, None)
    return parse_quantity(value).shown, printed


def is_kept(kind: str, text: str, outcome: str, printed: str | None) -> bool:
    """Return whether the words of an accepted phrase are kept, or there are none."""
    if printed is not None:
        return printed == text
    if kind == "amount":
        return text.replace(",", "") == outcome.replace(",", "")
    date = parse_date(outcome)
    is_timestamp = re.fullmatch(r"[-+]?[\d:. -]*T[\d:.+]*Z?", text)
    return text in (outcome, date.shown, date_to_toml(date)) or bool(is_timestamp) or not re.search("[^\\W\\d]", text)


def test_the_table_is_large() -> None:
    assert len({(kind, text) for kind, text, *_ in ROWS}) == len(ROWS) > 380


def test_a_store(tmp_path) -> None:
    def write(rows: list[tuple[str, str, str]]) -> None:
        keys = {"date": "date", "amount": "figures.loss"}
        blocks = [
            f'[[event]]\nid = "p{number}"\ntitle = "P"\n{keys[kind]} = {json.dumps(text, ensure_ascii=False)}\n'
            for number, (kind, text, _) in enumerate(rows)
        ]
        (tmp_path / "facts.toml").write_text("\n".join(blocks), "utf-8")

    refused = [row for row in STORED if is_refused(row[2])]
    write(refused)
    code, out, _ = ask("-f", tmp_path / "facts.toml", "check", "-O", "jsonl")
    told = {finding["event"]: finding["text"] for finding in map(json.loads, out.splitlines())}
    expected = {
        f"p{number}": ("date: " if kind == "date" else "figures.loss: ") + outcome.removeprefix("! ")
        for number, (kind, _, outcome) in enumerate(refused)
    }
    assert (code, told) == (1, expected)
    accepted = [row for row in STORED if not is_refused(row[2])]
    write(accepted)
    code, out, _ = ask("-f", tmp_path / "facts.toml", "list", "-O", "jsonl")
    events = {event["id"]: event for event in map(json.loads, out.splitlines())}
    outcomes = [
        event["figures"][0]["text"] if event["figures"] else event["edtf"]
        for event in (events[f"p{number}"] for number in range(len(accepted)))
    ]
    assert (code, outcomes) == (0, [outcome for _, _, outcome in accepted])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("phrases") / "facts.toml"
    path.write_text("", "utf-8")
    return path


@pytest.mark.parametrize(("kind", "text", "outcome"), TYPED)
def test_add(kind: str, text: str, outcome: str, empty) -> None:
    option = f"--date={text}" if kind == "date" else f"--figure=loss={text}"
    code, out, err = ask("-f", empty, "add", "P", option, "--dry-run", "--today", "2025-11-22")
    if is_refused(outcome) and text not in RELATIVE:
        key = "date" if kind == "date" else "figures.loss"
        assert (code, out, err) == (2, "", f"autotimeline: {key}: {outcome.removeprefix('! ')}\n")
        return
    lines = [line[1:] for line in out.splitlines() if line.startswith("+") and not line.startswith("+++")]
    (event,) = tomllib.loads("\n".join(lines))["event"]
    value, printed = read_event(event)
    assert (code, value) == (0, RELATIVE.get(text, outcome))
    assert printed is None if text in RELATIVE else is_kept(kind, text, outcome, printed)


def test_cells_that_are_accepted(tmp_path) -> None:
    """Each column of dates has no pair that could be two years, so that all of them are read as they are alone."""
    rows = [row for row in CELLS if not is_refused(row[2]) and not re.fullmatch(r"\d{4}-\d\d~?", row[1])]
    out = io.StringIO()
    cells = [
        (f"p{number}", "P", *((text, "") if kind == "date" else ("", text)))
        for number, (kind, text, _) in enumerate(rows)
    ]
    csv.writer(out).writerows([("id", "title", "when", "loss"), *cells])
    (tmp_path / "in.csv").write_text(out.getvalue(), "utf-8")
    store = tmp_path / "facts.toml"
    store.write_text("", "utf-8")
    columns = [word for key in ("id=id", "title=title", "date=when", "figure.loss=loss") for word in ("--map", key)]
    code, _, err = ask("-f", store, "import", tmp_path / "in.csv", *columns)
    *notes, counts = err.splitlines()
    assert (code, counts) == (0, f"autotimeline: {len(rows)} new, 0 unchanged")
    assert [note.partition(": column ")[2].partition(":")[0] for note in notes] == ['"when"']
    assert '"2017-04-22 10:30"' in notes[0]
    for (kind, text, outcome), event in zip(rows, tomllib.loads(store.read_text("utf-8"))["event"], strict=True):
        value, printed = read_event(event)
        assert value == outcome
        assert is_kept(kind, text, outcome, printed), text


@pytest.mark.parametrize(
    ("kind", "text", "outcome"), [row for row in CELLS if is_refused(row[2]) or re.fullmatch(r"\d{4}-\d\d~?", row[1])]
)
def test_a_cell_alone(kind: str, text: str, outcome: str, empty) -> None:
    path = empty.with_name("in.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("title", "value"), ("P", text)])
    key = "date" if kind == "date" else "figure.loss"
    code, out, err = ask("-f", empty, "import", path, "--map", "title=title", "--map", f"{key}=value", "--dry-run")
    if not is_refused(outcome) or is_missing(text):
        (event,) = tomllib.loads(out)["event"]
        figure = event.get("figures", {}).get("loss", event)
        assert code == 0
        if is_missing(text):
            assert {name: figure[name] for name in figure if name not in NEW} == {"printed": text}
        else:
            assert read_event(event) == (outcome, None)
        return
    told, message = err.splitlines()[0].partition('column "value": ')[2], outcome.removeprefix("! ")
    if told.startswith("ambiguous dates: "):
        assert (kind, code) == ("date", 2)
        assert told.startswith(f'ambiguous dates: "{text}" (row 1); add --date-format ')
    elif kind == "amount" and not re.search(r"\d", text):
        assert (code, told) == (
            4,
            f'"{text}": missing number; add it, or --missing {shlex.quote(text)} to keep only the words',
        )
    elif text in ("2025-13", "1999-42"):  # the only cell of a column of two years, perhaps
        assert (code, told.partition(":")[0]) == (4, message.partition(":")[0])
    else:
        told = told.removeprefix("figures.loss: ").removesuffix(", or add --decimal-comma")
        assert (code, told) == (4, message)
