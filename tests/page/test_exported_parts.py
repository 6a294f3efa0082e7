"""Pages of a day, of a part, and of certain events open without an error."""

from __future__ import annotations

import pytest
from browser import TODAY, Visit, write_page

from autotimeline.api import Timeline
from program import STORY

PARTS = {
    "as of a day": ({"as_of": "2025-09"}, {}),
    "limited": ({}, {"limit": 3, "sort": "title", "reverse": True}),
    "certain": ({}, {"query": "since:2022-06", "certain": True}),
    "nothing": ({}, {"query": "kind:none"}),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_opens(browser, tmp_path, name):
    moment, options = PARTS[name]
    with Timeline([str(STORY)], today=None if moment else TODAY, cache=False, **moment) as story:
        expected = [id for (id,) in story.select(**options).rows(("id",))]
        address = write_page(tmp_path / "part.html", story, options.pop("query", ""), **options)
    with Visit(browser, address) as tab:
        for view in ("story", "timeline", "table", "compare", "plans"):
            tab.goto(f"{address}#?view={view}")
        tab.goto(f"{address}#?view=table")
        assert tab.evaluate("page.events.map(event => event.id)") == expected
        assert tab.locator("#views [data-id]").count() == len(expected)
        about = tab.locator(".about").inner_text()
        assert ("2025-09-30" in about) == bool(moment)
        assert f"events\n{len(expected)}" in about
