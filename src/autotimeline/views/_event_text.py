"""What the views of events say in the same words: marks, claims, disputes, year headings, the legend."""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, iso
from autotimeline.render.canvas import MARKS, SAID, SIGNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from autotimeline.dates.span import Span
    from autotimeline.model import Event, Figure
    from autotimeline.query.columns import Names
    from autotimeline.render.text_layout import Piece

POSSIBLE, DISPUTED = SIGNS["possible"], SIGNS["disputed"]
UNDATED = "undated"


def figures(figures: list[dict[str, Any]], names: Names, date: str | None) -> list[Piece]:
    """Return the figures in words, those of one metric together.

    That is the number as the source qualified it, and in brackets whose it is, when where that is not
    `date`, and on what basis where it is no actual one.
    """
    told: dict[str, list[tuple[str, str]]] = {}
    for figure in figures:
        more = [names.actor(figure["of"])] if figure["of"] else []
        more += [figure["period"]] if figure["period"] not in (None, date) else []
        more += [figure["basis"]] if figure["basis"] != "actual" else []
        metric = figure["metric"]
        lead = [(", ", "")] if metric in told else [(f"{metric} ", "muted")]
        bracket = [(f" ({', '.join(more)})", "")] if more else []
        told.setdefault(metric, []).extend([*lead, (figure["text"], "figure"), *bracket])
    return list(told.values())


def dispute(event: Event, names: Names) -> Iterator[Piece]:
    """Yield each claim of a source that cannot be true with the event: what is disputed, what is claimed, by which."""
    from autotimeline.model import contradictions

    for field, citation, claim, _ in contradictions(event):
        title = names.source(citation.source)[0]
        yield [(f"{DISPUTED} disputed: {field}", "disputed"), (f" — {told(claim)} in “{title}”", "")]


def told(claim: Span | Figure | str) -> str:
    """Return what a source claims in words."""
    if isinstance(claim, str):
        return claim
    from autotimeline.model import Figure

    return f"{claim.metric} {claim.text}" if isinstance(claim, Figure) else claim.shown


def anchored(event: dict[str, Any]) -> str:
    """Return what an event stands under: the year of its earliest day, of its latest where it has no earliest."""
    if event["start_lo"] is None:
        return UNDATED
    day = event["start_lo"] if event["start_lo"] > BEGIN else event["end_hi"]
    return (iso(day) or "…")[:4]


def marks(event: dict[str, Any]) -> Piece:
    """Return the mark of an event, and behind a space the signs of what is only possible or disputed of it."""
    signs = [(POSSIBLE, "possible")] if event["match"] == "possible" else []
    signs += [(DISPUTED, "disputed")] if event["disputed"] else []
    return [(MARKS[event["mark"]], event["mark"]), (" ", ""), *signs]


def legend(seen: set[str]) -> list[Piece]:
    """Return what the marks mean that were seen: those of MARKS, `possible`, `disputed`."""
    marks = MARKS | SIGNS
    return [[(mark, name), (f" {SAID.get(name, name)}", "muted")] for name, mark in marks.items() if name in seen]
