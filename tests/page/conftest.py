"""One browser for all tests of pages."""

import pytest
from browser import TODAY, start_browser, write_page

from autotimeline.api import Timeline
from program import STORY


@pytest.fixture(scope="session")
def browser():
    yield from start_browser()


@pytest.fixture(scope="session")
def story_page(tmp_path_factory):
    """The page of the shipped story."""
    with Timeline([str(STORY)], today=TODAY, cache=False) as story:
        return write_page(tmp_path_factory.mktemp("page") / "story.html", story)
