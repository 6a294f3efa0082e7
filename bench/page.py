"""Time the page of a large store in Chromium: until it is ready, and for each keystroke in the query box.

python bench/page.py --events 10000

It needs the extra `browser` and Debian's Chromium, and fails above the limits.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import clean

READY_LIMIT, KEYSTROKE_LIMIT = 2000, 100
"""Milliseconds, for 10,000 events."""
TYPED = ("kind:deal not is:planned", "since:2015 actor:norvan-motors", "battery place:spain")
# From the key to the frame that shows the answer.
KEYSTROKE = """async text => {
  const start = performance.now()
  input.value = text
  input.dispatchEvent(new Event("input"))
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
  return performance.now() - start
}"""
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def write_page(folder: Path, events: int) -> Path:
    """Write the page of a store with so many events."""
    store, page = folder / "store.toml", folder / "page.html"
    generate = (sys.executable, str(Path(__file__).parent / "generate.py"), str(events))
    with store.open("wb") as file:
        subprocess.run(generate, stdout=file, check=True)
    command = ("-f", str(store), "--no-cache", "export", "--today", "2025-11-22", "-o", str(page))
    subprocess.run((sys.executable, "-m", "autotimeline", *command), env=clean(), check=True)
    return page


def main() -> None:
    """Time, print, and exit with 1 if a limit is exceeded."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description="Time the page of a large store in Chromium.")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    ready, keystrokes = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page = write_page(Path(folder), asked.events)
        browser = driver.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(asked.rounds):
            tab = browser.new_page(viewport={"width": 1280, "height": 800})
            tab.goto(page.as_uri())
            ready.append(tab.evaluate(READY))
            typed = [text[:end] for text in TYPED for end in range(1, len(text) + 1)]
            keystrokes += [tab.evaluate(KEYSTROKE, text) for text in typed]
            tab.close()
        browser.close()
        size = page.stat().st_size
    slow = statistics.quantiles(keystrokes, n=20)[-1]
    print(f"{asked.events:,} events, {size / 1e6:.1f} MB")
    print(f"ready: {statistics.median(ready):.0f} ms of {READY_LIMIT}")
    print(f"keystroke: {statistics.median(keystrokes):.0f} ms, 95% within {slow:.0f} ms of {KEYSTROKE_LIMIT}")
    if statistics.median(ready) > READY_LIMIT or statistics.median(keystrokes) > KEYSTROKE_LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
