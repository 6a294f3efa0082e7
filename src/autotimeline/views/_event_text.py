"""What the views of events say in the same words: marks, claims, disputes, year headings, the legend."""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, format_iso
from autotimeline.render.canvas import FLAG_LABELS, FLAG_MARKS, STATUS_MARKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from autotimeline.dates.span import Span
    from autotimeline.model import Event, Figure
    from autotimeline.query.columns import DisplayNames
    from autotimeline.render.text_layout import Piece

POSSIBLE, DISPUTED = FLAG_MARKS["possible"], FLAG_MARKS["disputed"]
UNDATED = "undated"


def figure_pieces(figures: list[dict[str, Any]], names: DisplayNames, date: str | None) -> list[Piece]:
    """Return the figures in words, those of one metric together.

    That is the number as the source qualified it, and in brackets whose it is, when where that is not
    `date`, and on what basis where it is no actual one.
    """
    pieces: dict[str, list[tuple[str, str]]] = {}
    for figure in figures:
        details = [names.actor(figure["of"])] if figure["of"] else []
        details += [figure["period"]] if figure["period"] not in (None, date) else []
        details += [figure["basis"]] if figure["basis"] != "actual" else []
        metric = figure["metric"]
        prefix = [(", ", "")] if metric in pieces else [(f"{metric} ", "muted")]
        bracket = [(f" ({', '.join(details)})", "")] if details else []
        pieces.setdefault(metric, []).extend([*prefix, (figure["text"], "figure"), *bracket])
    return list(pieces.values())


def dispute_pieces(event: Event, names: DisplayNames) -> Iterator[Piece]:
    """Yield each claim of a source that cannot be true with the event: what is disputed, what is claimed, by which."""
    from autotimeline.model import find_contradictions

    for field, citation, claim, _ in find_contradictions(event):
        title = names.source(citation.source)[0]
        yield [(f"{DISPUTED} disputed: {field}", "disputed"), (f" — {claim_text(claim)} in “{title}”", "")]


def claim_text(claim: Span | Figure | str) -> str:
    """Return what a source claims in words."""
    if isinstance(claim, str):
        return claim
    from autotimeline.model import Figure

    return f"{claim.metric} {claim.text}" if isinstance(claim, Figure) else claim.shown


def year_heading(event: dict[str, Any]) -> str:
    """Return what an event stands under: the year of its earliest day, of its latest where it has no earliest."""
    if event["start_first"] is None:
        return UNDATED
    day = event["start_first"] if event["start_first"] > BEGIN else event["end_last"]
    return (format_iso(day) or "…")[:4]


def mark_piece(event: dict[str, Any]) -> Piece:
    """Return the mark of an event, and behind a space the signs of what is only possible or disputed of it."""
    signs = [(POSSIBLE, "possible")] if event["match"] == "possible" else []
    signs += [(DISPUTED, "disputed")] if event["disputed"] else []
    return [(STATUS_MARKS[event["mark"]], event["mark"]), (" ", ""), *signs]


def legend_pieces(seen: set[str]) -> list[Piece]:
    """Return what the marks mean that were seen: those of MARKS, `possible`, `disputed`."""
    symbols = STATUS_MARKS | FLAG_MARKS
    return [
        [(mark, name), (f" {FLAG_LABELS.get(name, name)}", "muted")] for name, mark in symbols.items() if name in seen
    ]
