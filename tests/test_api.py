"""The store as an object: what its package shows of itself, and when an invalid store is refused."""

import dataclasses
import inspect
import json

import pytest

import autotimeline
import rules
from asking import ask
from autotimeline.errors import StoreError
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
    assert list(taken) == ["self", "query", "certain", "sort", "reverse", "limit"]


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
