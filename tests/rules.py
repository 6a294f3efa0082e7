"""The page about the rules of `check` (docs/checks.md), and what a rule finds in its own examples."""

from __future__ import annotations

import difflib
import json
import re
import tempfile
from pathlib import Path

import asking
from autotimeline import checks, plugins
from autotimeline.checks._examples import read_examples
from program import TOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

PAGE = TOP / "docs/checks.md"
# What comes before is written by hand.
BEGINS = "<!-- What follows is written by `python tests/test_docs.py`, from the rules themselves. -->\n"
TODAY = "2025-11-22"
RULES = plugins.list_names(checks)


def rule(name: str) -> ModuleType:
    return plugins.load(checks, name)


def bad(name: str) -> str:
    return read_examples(name)[0]


def good(name: str) -> str:
    return read_examples(name)[1]


def found(folder: Path, text: str, files: dict[str, str], *options: str) -> str:
    """Return what a terminal shows of the findings in a store, notes too, as if in the folder of the store."""
    for path, content in {**files, "facts.toml": text}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(content, "utf-8")
    line = ("-f", folder / "facts.toml", "check", "--today", TODAY, "--strict", "--no-cache", *options)
    _, out, err = asking.ask(*line)
    assert err == ""
    return out.replace(f"{folder}/", "")


def told(folder: Path, text: str, name: str, *, more: Sequence[str] = ()) -> list[str]:
    """Return what one rule finds in a store, and `more` of it: the event, if any, and the text."""
    rows = json.loads(found(folder, text, {}, *more, "-O", "json"))
    assert all(list(row) == ["file", "line", "level", "rule", "event", "text"] for row in rows)
    return [": ".join(filter(None, (row["event"], row["text"]))) for row in rows if row["rule"] == name]


def event(id: str, *lines: str, title: str = "") -> str:
    """Return an event of a store whose source is s."""
    return "\n".join(("[[event]]", f'id = "{id}"', f'title = "{title or id}"', *lines, ""))


def in_bad(name: str) -> str:
    """Return what is found in the bad example of a rule, as a terminal shows it."""
    check = rule(name)
    with tempfile.TemporaryDirectory() as folder:
        return found(Path(folder), bad(name), getattr(check, "FILES", {}), "-O", "table")


def page() -> str:
    """Return the page as the rules have it today."""
    return PAGE.read_text("utf-8").partition(BEGINS)[0] + BEGINS + "".join(map(_section, RULES))


def _section(name: str) -> str:
    check = rule(name)
    finds = str(check.__doc__).partition("\n")[0]
    parts = [f"## {name}", f"*{check.LEVEL[0].upper()}{check.LEVEL[1:]}.* {_marked(finds)}"]
    parts += [f"With `{path}`:\n\n```\n{text}```" for path, text in getattr(check, "FILES", {}).items()]
    parts += [f"```toml\n{bad(name)}```", "Found:", f"```\n{in_bad(name)}```"]
    parts += ["Fixed by:", f"```diff\n{_change(*read_examples(name))}```"]
    return "\n" + "\n\n".join(parts) + "\n"


def _change(old: str, new: str) -> str:
    """Return the lines that differ between two texts, as in a unified diff without context."""
    lines = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), n=0)
    return "".join(line for line in list(lines)[2:] if not line.startswith("@@"))


def _marked(text: str) -> str:
    """Return text with what is Markdown's own in it written out."""
    return re.sub(r"([*_<\[\]|])", r"\\\1", text)
