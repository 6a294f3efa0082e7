"""Pages in Debian's Chromium, which no test lets out: a request for anything but the file fails the test."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from autotimeline.exports import html
from autotimeline.render.canvas import Canvas
from autotimeline.reports.snapshot import SelectionSnapshot
from program import TOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from autotimeline.api import Timeline

CHROMIUM = os.environ.get("AUTOTIMELINE_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--font-render-hinting=none"]
TODAY = "2025-11-22"
FULL = bool(os.environ.get("AUTOTIMELINE_FULL_PAGE_TESTS"))
"""Whether every query is tried, on a store of 10,000 events; `.ci/run` does."""


class Browser:
    """A browser that starts again if a page has crashed it: some pages of these tests are broken on purpose."""

    def __init__(self, launch: Callable[[], Any]) -> None:
        self.launch = launch
        self.running = launch()

    def new_context(self, **options: Any) -> Any:
        from playwright.sync_api import Error

        try:
            return self.running.new_context(**options)
        except Error:
            self.running.close()
            self.running = self.launch()
            return self.running.new_context(**options)


def start_browser() -> Iterator[Browser]:
    """Yield a browser; without one, skip the test with a reason."""
    if not FULL:
        pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the extra browser")
        if not os.path.exists(CHROMIUM):
            pytest.skip(f"{CHROMIUM} is missing; install Debian's chromium, or name another in AUTOTIMELINE_CHROMIUM")
    import playwright.sync_api as playwright

    with playwright.sync_playwright() as driver:
        browser = Browser(partial(driver.chromium.launch, executable_path=CHROMIUM, args=FLAGS))
        yield browser
        browser.running.close()


def generated_store(folder: Path, size: int) -> Path:
    """Write a realistic store of so many events, with aliases."""
    path = folder / "generated.toml"
    text = subprocess.run(
        [sys.executable, TOP / "bench/generate.py", str(size)], capture_output=True, check=True
    ).stdout
    path.write_bytes(
        text.replace(b"[alias]", b'[alias]\nlate = "is:slipped or is:overdue"\nsold = "kind:sales not 2015..2020"')
    )
    return path


def page_text(timeline: Timeline, query: str = "", **options: Any) -> str:
    """Return the page of a query."""
    out = io.StringIO()
    snapshot = SelectionSnapshot(timeline.select(query, **options), stated_today=timeline.today, as_of=timeline.as_of)
    html.write(snapshot, out, Canvas(None), frozenset())
    return out.getvalue()


def write_page(path: Path, timeline: Timeline, query: str = "", **options: Any) -> str:
    """Write the page of a query, and return its address."""
    path.write_text(page_text(timeline, query, **options), "utf-8")
    return path.as_uri()


class Visit:
    """A page in a tab, with what it must not do: errors, dialogs, and requests."""

    def __init__(self, browser: Browser, address: str, **context: Any) -> None:
        context = {"viewport": {"width": 1280, "height": 800}, **context}
        self.context = browser.new_context(**context)
        self.tab = self.context.new_page()
        self.faults: list[str] = []
        self.tab.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.tab.on(
            "console", lambda message: message.type in ("error", "warning") and self.faults.append(message.text)
        )
        self.tab.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.tab.on("request", lambda request: self.note_request(request.url, address))
        self.tab.goto(address)

    def note_request(self, url: str, address: str) -> None:
        if url.partition("#")[0] != address.partition("#")[0]:
            self.faults.append(f"request: {url}")

    def __enter__(self) -> Any:
        return self.tab

    def __exit__(self, kind: object, *rest: object) -> None:
        self.context.close()
        if kind is None:
            assert self.faults == []
