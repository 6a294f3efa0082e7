"""`timeline --exact` tells the gaps of the picture in days."""

from pathlib import Path

from autotimeline.api import Timeline
from autotimeline.formats._text_table import text_lines
from autotimeline.render.canvas import Canvas
from autotimeline.views import timeline

STORE = """
[[event]]
id = "a"
date = "2023-10"
title = "A"
[[event]]
id = "b"
date = "2024-12"
title = "B"
[[event]]
id = "c"
date = 2025-03-01
title = "C"
"""


def test_gaps_in_words_and_in_days(tmp_path: Path):
    (tmp_path / "facts.toml").write_text(STORE, encoding="utf-8")
    with Timeline([str(tmp_path / "facts.toml")], cache=False) as story:
        drawn = {
            exact: "\n".join(text_lines(timeline.table(story.select(), (), exact=exact), Canvas(80)))
            for exact in (False, True)
        }
    assert "about 14 months" in drawn[False]
    assert "2–3 months" in drawn[False]
    assert "397–457 days" in drawn[True]
    assert "60–90 days" in drawn[True]
    assert "months" not in drawn[True]
