"""What all tests share: this folder's helpers can be imported, and no test touches the user's own cache."""

import gc
import os
import sys

import pytest
from hypothesis import settings


@pytest.fixture
def cache(tmp_path_factory, monkeypatch):
    """A cache folder of the test's own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.delenv("AUTOTIMELINE_FILE", raising=False)
    return folder / "autotimeline"


# A busy machine is not a failure, and timed tests prove nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# The tests start the program hundreds of times: each start would compile it anew, and each worker the tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_finish():
    """Freeze the tests: the garbage collector would visit them all, and the program would count them in each call."""
    gc.collect()
    gc.freeze()
    gc.get_freeze_count = lambda: 1
