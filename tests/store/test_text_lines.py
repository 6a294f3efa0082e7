"""The lines of a file that are found when they are needed are those of a list."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotimeline.store import text_lines
from autotimeline.store.edit import split_lines


@pytest.mark.parametrize("step", [1, 3, 1 << 14])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text("aé\n\r\u2028", max_size=12), first=st.integers(0, 8), count=st.integers(0, 8))
def test_they_are_those_of_a_list(step, text, first, count, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(text_lines, "_STEP", step)
        lines, expected = text_lines.TextLines(text.encode()), split_lines(text)
        assert len(lines) == len(expected)
        assert lines.text(first, first + count) == "".join(expected[first : first + count])
        assert lines.text(first) == "".join(expected[first:])
        assert lines[first] == "".join(expected[first : first + 1])
