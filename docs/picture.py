"""Draw docs/timeline.svg, the picture in the README: the shipped story as `autotimeline timeline` shows it.

Run it with the project's own Python after a change of the look or of the story:

    .venv/bin/python docs/picture.py

The picture needs nothing from outside: no fonts are fetched, and its dark window reads on any page.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autotimeline.api import open as open_story
from autotimeline.formats import table as terminal
from autotimeline.paper import Paper
from autotimeline.views import timeline

TOP = Path(__file__).parent.parent
WIDTH = 100
QUERY = "since:2022-06 not kind:visit not tag:market"
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def picture() -> str:
    """Return the SVG; the same text as long as the story and the look are the same."""
    selection = open_story(str(TOP / "facts.toml"), today="2025-11-22", cache=False).select(QUERY)
    drawn = io.StringIO()
    page = Paper(WIDTH, "standard", terminal=True)
    terminal.write(timeline.table(selection, timeline.BRIEF), drawn, page, frozenset())
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(drawn.getvalue().rstrip()), soft_wrap=True)
    svg = console.export_svg(title=f"$ autotimeline timeline {QUERY}", unique_id="timeline")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"font-family: ?[^;]+;", f"font-family: {FONTS};", svg)


if __name__ == "__main__":
    (TOP / "docs" / "timeline.svg").write_text(picture(), encoding="utf-8")
