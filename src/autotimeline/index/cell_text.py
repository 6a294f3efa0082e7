"""The records of an event as text, as CSV, TSV and plain lines have them: one item of a list each.

They are kept in the index beside the records themselves, so that to write a million rows decodes none.
"""

from __future__ import annotations

from autotimeline.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def flat(head: str, **more: object) -> str:
    """Return a record as one text: its head, and behind it what else is known, ` | key=value` each."""
    rest = [f" | {key}={_escaped(str(value))}" for key, value in more.items() if value]
    return _escaped(head) + "".join(rest)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def flat_actor(actor: dict[str, Any]) -> str:
    """`stellantis@buyer`, as a query asks for it."""
    return f"{actor['id']}@{actor['role']}" if actor["role"] else str(actor["id"])


def flat_figure(figure: dict[str, Any]) -> str:
    """`stake=~20% | of=leapmotor | basis=expected`."""
    more = {key: figure[key] for key in ("of", "period", "source")}
    basis = figure["basis"] if figure["basis"] != "actual" else None
    return flat(f"{figure['metric']}={figure['text']}", **more, basis=basis)


def flat_source(citation: dict[str, Any]) -> str:
    """`turn-2025 | quote=… | by=tavares`."""
    more = {key: citation[key] for key in ("quote", "by", "date", "status")}
    return flat(citation["id"], **more, figures=listed(map(flat_figure, citation["figures"])))


def flat_link(link: dict[str, Any]) -> str:
    """`leads-to@leapmotor-zaragoza`, as a query asks for it."""
    return f"{link['type']}@{link['event']}"
