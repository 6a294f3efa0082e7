"""Events in words and marks, as all views draw them: figures, disputes, year headings, and the legend."""

from __future__ import annotations

from autotimeline.dates.span import format_iso
from autotimeline.render.canvas import FLAG_MARKS, MARK_LABELS, STATUS_MARKS
from autotimeline.render.text_layout import paragraph
from autotimeline.render.timeline_layout import UNDATED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from autotimeline.dates.span import Span
    from autotimeline.model import Event, Figure
    from autotimeline.query.columns import DisplayNames
    from autotimeline.render.text_layout import Block, Piece
    from autotimeline.table import Note

POSSIBLE, DISPUTED = FLAG_MARKS["possible"], FLAG_MARKS["disputed"]


def figure_pieces(figures: list[dict[str, Any]], names: DisplayNames, date: str | None) -> list[Piece]:
    """Return one piece per metric: each figure as its source states it, with its actors, period, and basis in brackets.

    A period that equals `date` and the basis "actual" are omitted.
    """
    pieces: dict[str, list[tuple[str, str]]] = {}
    for figure in figures:
        details = actor_terms(names, figure["of"], figure["holder"])
        details += [figure["period"]] if figure["period"] not in (None, date) else []
        details += [figure["basis"]] if figure["basis"] != "actual" else []
        metric = figure["metric"]
        prefix = [(", ", "")] if metric in pieces else [(f"{metric} ", "muted")]
        bracket = [(f" ({', '.join(details)})", "")] if details else []
        pieces.setdefault(metric, []).extend([*prefix, (figure["text"], "figure"), *bracket])
    return list(pieces.values())


def figure_words(figures: list[dict[str, Any]], names: DisplayNames) -> str:
    """Return figures as one text: `capacity 50 GWh/year (expected); stake 51% (held by Stellantis)`."""
    pieces = figure_pieces(figures, names, None)
    return "; ".join("".join(text for text, _ in piece) for piece in pieces)


def citation_note(citation: dict[str, Any], names: DisplayNames) -> Note:
    """Return a citation as a note: the quote and its speaker, the title with its address, its date, and its claims."""
    quote, by = citation["quote"], citation["by"]
    speaker = f" ({names.actor(by)})" if by else ""
    published = f", {citation['published']}" if citation["published"] else ""
    claims = [claim for claim in (citation["date"], citation["status"]) if claim]
    claims += [figure_words(citation["figures"], names)] if citation["figures"] else []
    return (
        (f"“{quote}”{speaker}, in " if quote else "", ""),
        (citation["title"], citation["url"] or ""),
        (f"{published}{'; states ' if claims else ''}{', '.join(claims)}", ""),
    )


def actor_terms(names: DisplayNames, of: str | None, holder: str | None) -> list[str]:
    """Return the actor that a figure describes, and the one that holds it."""
    return [*([names.actor(of)] if of else []), *([f"held by {names.actor(holder)}"] if holder else [])]


def figure_terms(
    names: DisplayNames, of: str | None, basis: str | None, status: str | None, holder: str | None
) -> list[str]:
    """Return the actors of a figure, and its basis and status if they are not the usual ones."""
    unusual = [word for word, usual in ((basis, "actual"), (status, "happened")) if word and word != usual]
    return [*actor_terms(names, of, holder), *unusual]


def dispute_pieces(event: Event, names: DisplayNames) -> Iterator[Piece]:
    """Yield one piece per contradicting claim: the disputed field, the claim, and its source."""
    from autotimeline.model import find_contradictions

    for field, citation, claim, _ in find_contradictions(event):
        title = names.source(citation.source)[0]
        yield [(f"{DISPUTED} disputed: {field}", "disputed"), (f" — {claim_text(claim)} in “{title}”", "")]


def claim_text(claim: Span | Figure | str) -> str:
    """Return the claim of a source (a date, a figure, or a status) in words."""
    if isinstance(claim, str):
        return claim
    from autotimeline.model import Figure

    return f"{claim.metric} {claim.text}" if isinstance(claim, Figure) else claim.shown


def year_heading(event: dict[str, Any]) -> str:
    """Return the year in which the event is sorted, or "undated"."""
    return (format_iso(event["sort_day"]) or "…")[:4] if event["date"] else UNDATED


def legend(seen: set[str]) -> Block:
    """Return the legend of those marks and flags whose names are in `seen`."""
    symbols = STATUS_MARKS | FLAG_MARKS
    pieces = [[(mark, name), (f" {MARK_LABELS[name]}", "")] for name, mark in symbols.items() if name in seen]
    return paragraph(*pieces, separator="   ")
