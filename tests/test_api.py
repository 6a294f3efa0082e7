"""The store as an object: what its package shows of itself, and when an invalid store is refused."""

import dataclasses
import datetime
import inspect
import json
from decimal import Decimal

import pytest

import autotimeline
import rules
from asking import ask
from autotimeline.errors import StoreError, UsageError
from program import STORY, TOP

FINDING_KEYS = ("file", "line", "level", "rule", "event", "text")
INVALID = '[[event]]\nid = "e"\ntitle = "E"\nkind = 1\nreported = true\n'


def test_the_package_lists_its_public_names():
    assert dir(autotimeline) == ["Timeline", "__version__", "open"]
    assert all(hasattr(autotimeline, name) for name in dir(autotimeline))
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        _ = autotimeline.close


def test_what_select_takes_is_spelled_out():
    taken = inspect.signature(autotimeline.Timeline.select).parameters
    assert list(taken) == ["self", "query", "terms", "certain", "sort", "reverse", "limit"]


def test_an_invalid_store_has_no_past_either(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(INVALID)
    for as_of in (None, "2025-01-01"):
        with pytest.raises(StoreError, match="kind: must be text in quotes, not a number"):
            autotimeline.open(str(path), as_of=as_of, cache=False)


def test_findings_are_those_that_check_prints(tmp_path):
    # A duplicate id is an error, which `open` refuses and nobody can accept.
    invalid = tmp_path / "facts.toml"
    invalid.write_text(rules.bad("duplicate") + '\naccept.undated = "lost"\n')
    levels = set()
    for file in (str(STORY), str(TOP / "tests/data/golden.toml"), str(invalid)):
        for options in ((), ("--strict",)):
            _, printed, _ = ask("-f", file, "--no-cache", "--today", rules.TODAY, "check", "-O", "json", *options)
            with autotimeline.Timeline([file], today=rules.TODAY, cache=False) as timeline:
                findings = [dataclasses.asdict(finding) for finding in timeline.findings(strict=bool(options))]
            assert [{key: finding[key] for key in FINDING_KEYS} for finding in findings] == json.loads(printed)
            levels |= {(finding["level"], "(accepted: " in finding["text"]) for finding in findings}
    assert levels == {("error", False), ("problem", False), ("note", False), ("note", True)}


def test_findings_as_of_a_day_are_those_of_the_events_known_by_then():
    with autotimeline.open(str(STORY), cache=False, as_of="2024-01-01") as timeline:
        known = {event.id for event in timeline.select().events()}
        findings = timeline.findings(strict=True)
    assert {finding.event for finding in findings if finding.event} <= known
    assert findings


def test_a_store_and_a_selection_have_a_length_and_yield_events():
    with autotimeline.open(str(STORY), cache=False) as timeline:
        selection = timeline.select("kind:visit", limit=2)
        assert (len(timeline), len(list(timeline)), len(selection)) == (34, 34, 2)
        assert [event.id for event in selection] == ["executive-visits", "elkann-visit"]
        assert len(timeline.select("kind:wedding")) == 0
        # Notebooks complete only the names that docs/python.md describes.
        assert dir(selection) == ["count", "events", "figures", "records"]


def test_records_are_those_of_the_json_with_days():
    _, printed, _ = ask("-f", str(STORY), "--no-cache", "list", "kind:deal,production", "-O", "json")
    with autotimeline.open(str(STORY), cache=False) as timeline:
        selection = timeline.select("kind:deal,production")
        records = selection.records()
        assert records[0]["earliest"] == datetime.date(2023, 10, 1)
        as_json = json.dumps(records, default=lambda cell: float(cell) if isinstance(cell, Decimal) else str(cell))
        assert json.loads(as_json) == json.loads(printed)
        assert selection.records(["id", "latest"])[0] == {"id": "leapmotor-deal", "latest": datetime.date(2023, 10, 31)}
        with pytest.raises(UsageError, match='no field "ids"; did you mean "id"'):
            selection.records(["ids"])


def test_pandas_groups_events_and_sums_bounds(monkeypatch, capsys):
    pytest.importorskip("pandas")
    monkeypatch.chdir(TOP)
    example = (TOP / "docs/python.md").read_text().split("```python\n")[2].partition("```")[0]
    assert len([line for line in example.splitlines() if line]) <= 12
    exec(example, {})  # noqa: S102
    printed = " ".join(capsys.readouterr().out.split())
    assert "2023.0 2 2024.0 4 " in printed
    assert printed.endswith("low high year 2023.0 1.350000e+09 1.650000e+09 2024.0 0.000000e+00 4.100000e+09")
