"""The figures of the events that a query finds, each as it was stated: what `Selection.figures` yields."""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import QuantityError, UnknownNameError, UsageError
from autotimeline.query.resolver import vocabulary_hint
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.dates.span import Span
    from autotimeline.model import Event
    from autotimeline.quantities.quantity import Quantity
    from autotimeline.query.resolver import NameResolver
    from autotimeline.query.selection import Selection

    # What a figure is known by: its metric, its event, and which of the event's it is.
    _FigureId = tuple[str, str, int]
    _FigureIds = dict[tuple[str, str | None, str], _FigureId]

FIGURE_FIELDS = (
    *("metric", "text", "low", "high", "unit", "about", "of", "period", "basis", "sources"),
    *("event", "date", "match", "status", "claimed", "disputed", "repeats"),
)
"""The fields of a figure in the order of the contract, each an attribute of `Stated`."""
_EVENT_FIELDS = (
    "id",
    "date",
    "match",
    "status",
    "figures",
    "sources",
    "links",
    "disputed",
    "repeating",
    "start_first",
    "end_last",
)
# Links between events whose figures may be one and the same, or one within the other.
_RELATED_LINKS = ("same-deal", "part-of", "has-part", "replaces", "replaced-by", "fulfils", "fulfilled-by")


class StatedFigure:
    """A figure as an event states it, or, where `claimed`, only a source of the event.

    Attributes (besides `period` and so on, which are those of the contract, in FIELDS):
        number: What the figure is known by. One that repeats another has the number of that one.
        claims: What sources say against it, as text; a figure with any may be each of them.
        doubts: The fields of its event (`date`, `status`, `figures`) that sources contradict.
        tied: The ids of events that may tell of the same: of one deal, a whole and its part, a plan and its end.
        days: The earliest and the latest day of the event, None where it is undated.
    """

    __slots__ = (
        *FIGURE_FIELDS,
        "_quantity",
        "_period_span",
        "opposing_claims",
        "event_days",
        "disputed_fields",
        "figure_id",
        "related_events",
    )
    metric: str
    text: str
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    about: bool | None
    of: str | None
    period: str | None
    basis: str
    sources: list[str]
    event: str
    date: str | None
    match: str
    status: str
    claimed: bool
    disputed: bool
    repeats: str | None
    figure_id: tuple[str, str, int]
    opposing_claims: tuple[str, ...]
    disputed_fields: tuple[str, ...]
    related_events: frozenset[str]
    event_days: tuple[int, int] | None

    def __init__(self, figure: dict[str, Any], event: dict[str, Any], **attributes: Any) -> None:
        """Take a record of `figures`, the fields of its event, and whatever else differs."""
        for name, value in (*figure.items(), *event.items(), *attributes.items()):
            if name != "source":
                setattr(self, name, value)
        self._quantity: Quantity | None = None
        self._period_span: Span | None = None

    @property
    def cells(self) -> list[Any]:
        """The values of FIELDS."""
        return [getattr(self, field) for field in FIGURE_FIELDS]

    @property
    def quantity(self) -> Quantity | None:
        """The number, None where the source gives words alone."""
        if self._quantity is None and self.about is not None:
            from autotimeline.quantities.parse import parse_quantity

            self._quantity = parse_quantity(self.text)
        return self._quantity

    @property
    def full_range(self) -> Quantity | None:
        """All that the number may be: what sources say against it included."""
        if not self.opposing_claims or not self.quantity:
            return self.quantity
        from autotimeline.quantities.arithmetic import hull, match_rate
        from autotimeline.quantities.parse import parse_quantity

        return hull(
            [
                self.quantity,
                *(match_rate(self.quantity, parse_quantity(claim), "compare") for claim in self.opposing_claims),
            ]
        )

    @property
    def period_span(self) -> Span | None:
        """The period that it covers, None where none is known."""
        if self._period_span is None and self.period:
            from autotimeline.dates.edtf import parse_date

            self._period_span = parse_date(self.period)
        return self._period_span

    @property
    def outer_days(self) -> tuple[int, int]:
        """The first and the last day that it can be about: of its period, else of its event."""
        return self.period_span.bounds(True) if self.period_span else self.event_days or (BEGIN, END)

    @property
    def is_certain(self) -> bool:
        """Whether it surely belongs to what is asked for, and its event is what it is said to be."""
        return self.match == "certain" and "status" not in self.disputed_fields

    @property
    def has_undisputed_period(self) -> bool:
        """Whether nobody contradicts the period that it covers: of its event, that is the event's own date."""
        return self.period is not None and not ("date" in self.disputed_fields and self.period == self.date)

    @property
    def comparison_key(self) -> tuple[str, str | None, str, str, str, str]:
        """What figures must have in common to be compared: metric, owner, unit and rate, basis, status."""
        from autotimeline.quantities.quantity import unit_key

        q = self.quantity
        unit, per = (unit_key(q.unit), q.per) if q else ("", "")
        return self.metric, self.of, unit, per, self.basis, self.status


def stated_figures(
    selection: Selection, metrics: Sequence[str] = (), unit: str | None = None
) -> Iterator[StatedFigure]:
    """Yield the figures of a selection's events (see `Selection.figures`)."""
    is_wanted = _figure_filter(selection.resolver, metrics, unit)
    known_ids: _FigureIds = {}
    return (
        figure
        for row in selection.rows(_EVENT_FIELDS)
        for figure in _event_figures(selection, known_ids, row)
        if is_wanted(figure)
    )


def _figure_filter(resolver: NameResolver, metrics: Sequence[str], unit: str | None) -> Callable[[StatedFigure], bool]:
    """Return what says whether a figure is one of those that are asked for.

    Raises:
        UsageError: No figure in the store has that metric or unit.
    """
    wanted_metrics = {metric.strip().lower() for metric in metrics}
    if not wanted_metrics <= {*resolver.distinct("SELECT DISTINCT metric FROM figure")}:
        known = sorted({figure["metric"] for figure in _indexed_figures(resolver)})
        for metric in sorted(wanted_metrics.difference(known)):
            raise UnknownNameError(f'no metric "{metric}"{suggest(metric, known) or vocabulary_hint("metrics")}')
    if unit is None:
        return lambda figure: not wanted_metrics or figure.metric in wanted_metrics
    from autotimeline.quantities.parse import parse_quantity
    from autotimeline.quantities.quantity import unit_key

    try:
        sample = parse_quantity(f"1 {unit}")
    except QuantityError:
        raise UsageError(f'--unit "{unit}" is no unit; write one like EUR, vehicles, % or GWh/year') from None
    key, per = unit_key(sample.unit), sample.per
    if key and (per or key not in resolver.distinct("SELECT DISTINCT unit FROM figure")):
        units = sorted({figure["unit"] for figure in _indexed_figures(resolver) if figure["unit"]})
        spellings = [name for name in units if unit_key(parse_quantity(f"1 {name}").unit) == key]
        if not any(per in ("", parse_quantity(f"1 {name}").per) for name in spellings):
            hint = "; there is " + ", ".join(spellings) if spellings else suggest(unit, units)
            hint = hint or "; there are " + ", ".join(units)
            raise UnknownNameError(f'no figure has the unit "{unit}"{hint}')

    def matches(figure: StatedFigure) -> bool:
        q = None if wanted_metrics and figure.metric not in wanted_metrics else figure.quantity
        return q is not None and unit_key(q.unit) == key and per in ("", q.per)

    return matches


def _indexed_figures(resolver: NameResolver) -> Iterator[dict[str, Any]]:
    """Yield all figures in the store, as the index has them: its table has not those that a source claims beside."""
    import json

    for figures, sources in resolver.vocabulary_db.execute("SELECT figures, sources FROM detail"):
        yield from json.loads(figures or "[]")
        for citation in json.loads(sources or "[]"):
            yield from citation["figures"]


def _event_figures(selection: Selection, known_ids: _FigureIds, row: Sequence[Any]) -> Iterator[StatedFigure]:
    """Yield the figures of an event, then those that its sources claim."""
    id, date, match, status, figures, sources, links, doubts, repeating, low, high = row
    if not figures and not any(citation["figures"] for citation in sources):
        return
    event = {
        "event": id,
        "date": date,
        "match": match,
        "status": status,
        "disputed_fields": tuple(doubts),
        "related_events": frozenset(link["event"] for link in links if link["type"] in _RELATED_LINKS),
        "event_days": None if low is None else (low, high),
    }
    full_event = selection.catalog.event(id) if "figures" in doubts else None
    opposing_claims, disputing = _find_disputes(full_event) if full_event else ({}, frozenset())
    cited = list(dict.fromkeys(citation["id"] for citation in sources))
    for index, (figure, repeats) in enumerate(with_repeated_events(figures, repeating)):
        figure_id = (figure["metric"], id, index)
        yield StatedFigure(
            figure,
            event,
            sources=[figure["source"]] if figure["source"] else cited,
            claimed=False,
            disputed=index in opposing_claims,
            opposing_claims=tuple(opposing_claims.get(index, ())),
            repeats=repeats,
            figure_id=_follow_repeats(selection, known_ids, figure_id, figure["of"], repeats),
        )
    for citation_index, citation in enumerate(sources):
        for index, figure in enumerate(_group_by_metric(citation["figures"])):
            yield StatedFigure(
                figure,
                event,
                sources=[citation["id"]],
                claimed=True,
                disputed=(citation_index, index) in disputing,
                opposing_claims=(),
                repeats=None,
                figure_id=(figure["metric"], f"{id} {citation['id']} {citation_index}", index),
            )


def with_repeated_events(
    figures: list[dict[str, Any]], repeating: dict[str, Any] | None
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the figures of an event, those of one metric together, each with the id of the event that it repeats.

    `repeating` is the field of this name: the event's keys as a store has them, where a figure of it repeats another.
    """
    repeated_ids = [again for _, _, again in _figure_keys(repeating)] if repeating else [None] * len(figures)
    return zip(_group_by_metric(figures), repeated_ids, strict=True)


def _group_by_metric(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures with those of one metric together, as a store writes them."""
    metrics = dict.fromkeys(figure["metric"] for figure in figures)
    return [figure for metric in metrics for figure in figures if figure["metric"] == metric]


def _find_disputes(event: Event) -> tuple[dict[int, list[str]], frozenset[tuple[int, int]]]:
    """Return what is claimed against each of the event's figures, by its place, and the places of these claims."""
    from autotimeline.model import Figure, find_contradictions

    positions = {
        id(claim): (place, at)
        for place, citation in enumerate(event.citations)
        for at, claim in enumerate(citation.figures)
    }
    opposing_claims: dict[int, list[str]] = {}
    disputing = set()
    for _, _, claim, contradicted in find_contradictions(event):
        if isinstance(claim, Figure):
            disputing.add(positions[id(claim)])
            for index, figure in enumerate(event.figures):
                if figure in contradicted:
                    opposing_claims.setdefault(index, []).append(claim.text)
    return opposing_claims, frozenset(disputing)


def _figure_keys(body: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Return of each figure of an event, from the keys as a store has them: its metric, whose, and what it repeats."""
    keys_by_figure = []
    for metric, several in body.get("figures", {}).items():
        for figure in several if isinstance(several, list) else [several]:
            keys = figure if isinstance(figure, dict) else {}
            keys_by_figure.append((metric, keys.get("of"), keys.get("repeats")))
    return keys_by_figure


def _follow_repeats(
    selection: Selection, known_ids: _FigureIds, figure_id: _FigureId, of: str | None, repeats: str | None
) -> _FigureId:
    """Return the number at the end of the chain of figures that repeat each other; itself where there is no chain.

    `numbers` are those of the chains that were followed before, by metric, owner and event; of a ring one counts.
    """
    metric, id, _ = figure_id
    visited = []
    seen_events = {id}
    while repeats:
        if (known_id := known_ids.get((metric, of, repeats))) is not None:
            figure_id = known_id
            break
        if repeats in seen_events:
            break
        seen_events.add(repeats)
        visited.append((metric, of, repeats))
        figures = _figure_keys(selection.catalog.event_body(repeats))
        index = next((at for at, figure in enumerate(figures) if figure[:2] == (metric, of)), None)
        # A part of a store, without the event that it repeats, knows the number by that event's name alone.
        figure_id, repeats = (
            (metric, repeats, -1 if index is None else index),
            None if index is None else figures[index][2],
        )
    known_ids.update(dict.fromkeys(visited, figure_id))
    return figure_id
