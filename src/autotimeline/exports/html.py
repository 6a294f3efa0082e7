"""`html`: a page of its own with query, timeline, story, table, cards, comparison, and plans (docs/page.md)."""

import json
import os
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from typing import Any, TextIO

from autotimeline.exports._page_data import page_data
from autotimeline.render.canvas import FLAG_MARKS, STATUS_MARKS, Canvas
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.text import escape_control, format_count

EXTENSIONS = (".html", ".htm")

_MAX_STATIC_ROWS = 500
# Above it, a keystroke takes longer than people wait.
_MAX_FLUENT_EVENTS = 30_000
_SCRIPTS = ("query.js", "draw.js", "page.js")
# A string, a template, or a regular expression.
_LITERAL = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|/(?![ /*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n\[])+/)"""
)
_HEADER_LABELS = {"as_of": "as of", "sha256": "SHA-256"}


def write(snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> Sequence[str]:
    """Write the page, and return a warning if it has too many events."""
    data = page_data(snapshot)
    script = _compact("".join(map(_read_asset, _SCRIPTS)), r"[^\w\s$]")
    style = _compact(_read_asset("page.css"), "[{}:;,>]")
    out.write(
        _read_asset("page.html").format(
            policy=f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
            "base-uri 'none'; form-action 'none'",
            title=_to_html(snapshot.selection.catalog.title() or "Timeline"),
            header="".join(_header_items(snapshot.header)),
            style=style,
            rows="".join(_static_rows(data)),
            note=_static_note(len(data["events"])),
            data=_to_script(data),
            script=script,
        )
    )
    count = len(data["events"])
    slow = (
        f"{format_count(count, 'event')} make a slow page; a page is fluent up to {_MAX_FLUENT_EVENTS:,}: add a query"
    )
    return [slow] if count > _MAX_FLUENT_EVENTS else []


def _read_asset(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), "_page", name), encoding="utf-8") as file:
        return file.read()


def _compact(code: str, punctuation: str) -> str:
    """Return JavaScript or CSS without comments, and without spaces around punctuation.

    In our code, a comment is a line of its own, each statement ends with a semicolon, no template is within another,
    and `/` for a division has a space behind it, but no regular expression begins with one.
    """
    parts = _LITERAL.split(re.sub(r"^ *(//|/\*\*).*\n", "", code, flags=re.MULTILINE))
    parts[::2] = [re.sub(rf"\s*({punctuation})\s*", r"\1", part) for part in parts[::2]]
    return "".join(parts)


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _to_html(text: str) -> str:
    return escape(escape_control(text))


def _to_script(data: Any) -> str:
    """Return the data as JSON that cannot end the element around it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return escape_control(text, escape=lambda character: json.dumps(character)[1:-1])


def _header_items(header: dict[str, Any]) -> Iterator[str]:
    """Yield the items of the list that describes the page."""
    for key, value in {"query": "everything", **header}.items():
        shown = f"{value:,}" if type(value) is int else "yes" if value is True else str(value)
        yield f"<div><dt>{_HEADER_LABELS.get(key, key)}<dd>{_to_html(shown)}</div>"


def _static_note(count: int) -> str:
    omitted = count - _MAX_STATIC_ROWS
    more = f" The first {_MAX_STATIC_ROWS} events follow; {omitted:,} more need script." if omitted > 0 else ""
    return f"This page filters, draws, and shows sources with JavaScript.{more}"


def _static_rows(data: dict[str, Any]) -> Iterator[str]:
    sources = [title for title, *_ in data["sources"].values()]
    metrics = [word for word, *_ in data["metrics"]]
    for event in data["events"][:_MAX_STATIC_ROWS]:
        id, title, date, _, mark, _, _, _, _, _, figures, citations, *_, details = event
        signs = STATUS_MARKS[data["marks"][mark]] + (FLAG_MARKS["disputed"] if "disputed" in details else "")
        cited = dict.fromkeys(source for source, *_ in citations)
        cells = (
            data["dates"][date][0] if date is not None else "undated",
            signs,
            title,
            "; ".join(f"{metrics[metric]} {text}" for metric, text, *_ in figures),
            "; ".join(sources[number] for number in cited),
        )
        yield f'<tr id="{escape(id)}">' + "".join(f"<td>{_to_html(cell)}" for cell in cells) + "\n"
