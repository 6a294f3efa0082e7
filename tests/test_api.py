"""The store as an object: what its package shows of itself, and when an invalid store is refused."""

import inspect

import pytest

import autotimeline
from autotimeline.errors import StoreError

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
