"""Random keys on random sizes: whatever is typed, the screen is full, fits, and has no control characters."""

import contextlib
import io
import sys
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import program
from autotimeline import api
from autotimeline.cli import options
from autotimeline.cli.environment import Environment
from autotimeline.cli.options import Request
from autotimeline.render.canvas import Canvas

if sys.platform == "win32":
    pytest.skip("there are no terminals of this kind", allow_module_level=True)

from autotimeline.cli.explore.explorer import KEYS, Explorer
from autotimeline.cli.explore.session import Session
from autotimeline.cli.explore.terminal import PASTED

HOSTILE = program.TOP / "tests/views/hostile.toml"
TYPED = [
    "kind:",
    "evil",
    "(",
    '"',
    " or ",
    "since:2020",
    "2021",
    "x",
    "\u202e",
    PASTED + "a\x07b",
    "Delete",
    "Ctrl-U",
    "Tab",
]
KEY = st.sampled_from([*(name for key in KEYS for name in key.names if name not in "qe"), *TYPED])
SIZE = st.tuples(st.sampled_from([1, 2, 7, 20, 40, 80, 200]), st.sampled_from([1, 2, 3, 5, 24, 60]))


class FakeTerminal:
    """Types keys, changes its size, and checks the rows that it is given."""

    has_typed = False

    def __init__(self, actions):
        self.actions = iter(actions)
        self.columns = (80, 24)
        self.canvas = Canvas(80)

    def size(self):
        return self.columns

    def read_key(self, seconds):
        action = next(self.actions, ("Escape", None))
        self.explorer._is_done = action[1] is None
        self.columns = action[1] or self.columns
        return action[0]

    def draw(self, rows, cursor):
        columns, height = self.columns
        assert len(rows) == height
        for row in rows:
            assert not {c for c in row if unicodedata.category(c) in ("Cc", "Cf") and c != "\u200d"}, row
        # On a smaller terminal, what does not fit is cut by the terminal.
        if columns >= 20:
            assert max(self.canvas.measure(row) for row in (rows[0], rows[-1])) <= columns
        if cursor:
            assert cursor[0] == height - 1

    def write(self, text):
        assert text.startswith("\x1b]52;c;")

    def redraw(self):
        pass

    @contextlib.contextmanager
    def released(self):
        yield


@pytest.mark.usefixtures("cache")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KEY, SIZE), max_size=25))
def test_any_keys_on_any_size(monkeypatch, actions):
    request = Request({"file": (str(HOSTILE),), "today": "2025-11-22", **{o.name: () for o in options.TERM_OPTIONS}})
    environment = Environment(io.StringIO(), io.StringIO(), io.StringIO(), {"EDITOR": "true"})
    environment.run_command = lambda arguments, environment: 0
    terminal = FakeTerminal(actions)
    explorer = terminal.explorer = Explorer(Session(request, None, None), terminal, Canvas(80), environment)
    explorer.run()
    # What it prints in the end is a command line that the program understands.
    query = explorer.session.text
    with api.open(str(HOSTILE), today="2025-11-22") as story:
        story.select(query)
    assert explorer.command()[0] in ("list", "show", "chart", "compare")
