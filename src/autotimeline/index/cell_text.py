"""The items of an event's lists as text, for CSV, TSV, and plain output.

The index stores them beside the records, so that no output of a million rows decodes any.
"""

from __future__ import annotations

from autotimeline.text import join_items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def record_to_text(label: str, **fields: object) -> str:
    """Return a label followed by ` | key=value` for each field that has a value."""
    suffixes = [f" | {key}={_escape_pipe(str(value))}" for key, value in fields.items() if value]
    return _escape_pipe(label) + "".join(suffixes)


def _escape_pipe(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def actor_to_text(actor: dict[str, Any]) -> str:
    """Format an actor as in a query: `stellantis@buyer`."""
    return f"{actor['id']}@{actor['role']}" if actor["role"] else str(actor["id"])


def figure_to_text(figure: dict[str, Any]) -> str:
    """Format a figure: `stake=~20% | of=leapmotor | basis=expected | holder=stellantis`."""
    fields = {key: figure[key] for key in ("of", "period", "source")}
    basis = figure["basis"] if figure["basis"] != "actual" else None
    return record_to_text(f"{figure['metric']}={figure['text']}", **fields, basis=basis, holder=figure["holder"])


def citation_to_text(citation: dict[str, Any]) -> str:
    """Format a citation: `turn-2025 | quote=… | by=tavares`."""
    fields = {key: citation[key] for key in ("quote", "by", "date", "status")}
    return record_to_text(citation["id"], **fields, figures=join_items(map(figure_to_text, citation["figures"])))


def link_to_text(link: dict[str, Any]) -> str:
    """Format a link as in a query: `leads-to@leapmotor-zaragoza`."""
    return f"{link['type']}@{link['event']}"
