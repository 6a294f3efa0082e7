"""The figures of the events of a selection, as they are stated: what `Selection.figures` yields."""

from __future__ import annotations

from functools import cached_property

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import QuantityError, UnknownNameError, UsageError
from autotimeline.query.resolver import vocabulary_hint
from autotimeline.reports.repeated_figures import follow_repeats, group_by_metric, with_repeated_events
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.dates.span import Span
    from autotimeline.model import Event, Rate
    from autotimeline.quantities.quantity import Quantity
    from autotimeline.query.resolver import NameResolver
    from autotimeline.query.selection import Selection
    from autotimeline.reports.metric_rules import Measure
    from autotimeline.reports.repeated_figures import FigureId, FigureIds

FIGURE_FIELDS = (
    *("metric", "text", "low", "high", "unit", "about", "of", "period", "basis", "sources"),
    *("event", "date", "match", "status", "claimed", "disputed", "repeats", "holder"),
)
"""The fields of a figure in the order of the contract, each an attribute of `StatedFigure`."""
_EVENT_FIELDS = (
    *("id", "date", "match", "status", "figures", "cited", "claiming"),
    *("links", "disputed", "repeating", "start_first", "end_last", "extent"),
)
_HAS_FIGURES = "(d.figures IS NOT NULL OR d.sources LIKE '%\"metric\"%')"
# Links between events whose figures may be the same, or parts of each other.
_RELATED_LINKS = ("same-deal", "part-of", "has-part", "replaces", "replaced-by", "fulfils", "fulfilled-by")


class StatedFigure:
    """A figure as an event states it or, if `claimed`, as only a source of the event states it.

    Attributes (besides those of the contract, in FIGURE_FIELDS):
        figure_id: The identity of the number; a figure that repeats another has the same one.
        opposing_claims: The texts of contradicting figures in sources; each of them may be the true number.
        disputed_fields: The fields of its event (`date`, `status`, `figures`) that sources contradict.
        related_events: The ids of events of which a figure may be the same (one deal, a part, a plan and its outcome).
        event_days: The earliest and the latest day of the event, None if it is undated.
        claimed_dates: The dates of the event according to sources, if they contradict it.
        extent: Whether the event was `within` or `throughout` its date.
        stated_measure: What the store states that the metric measures, None if it does not.
        rates: The exchange rates by which the figure was converted.
    """

    metric: str
    text: str
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    about: bool | None
    of: str | None
    holder: str | None
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
    figure_id: FigureId
    opposing_claims: tuple[str, ...]
    disputed_fields: tuple[str, ...]
    related_events: frozenset[str]
    event_days: tuple[int, int] | None
    claimed_dates: tuple[str, ...] = ()
    extent: str | None = None
    stated_measure: str | None = None
    rates: tuple[Rate, ...] = ()

    def __init__(self, figure: dict[str, Any], event: dict[str, Any], **attributes: Any) -> None:
        """Set the keys of the figure (a cell of `figures`), the fields of its event, and all else as attributes."""
        vars(self).update(figure)
        vars(self).update(event, **attributes)

    @property
    def record(self) -> dict[str, Any]:
        """The values of FIGURE_FIELDS by field."""
        return dict(zip(FIGURE_FIELDS, self.cells, strict=True))

    @property
    def cells(self) -> list[Any]:
        """The values of FIGURE_FIELDS."""
        return [getattr(self, field) for field in FIGURE_FIELDS]

    @cached_property
    def quantity(self) -> Quantity | None:
        """The number, None if the source states it only in words."""
        from autotimeline.quantities.parse import parse_quantity

        return None if self.about is None else parse_quantity(self.text)

    @cached_property
    def full_range(self) -> Quantity | None:
        """The range that includes the number and all contradicting claims, None without a number."""
        if not self.opposing_claims or not self.quantity:
            return self.quantity
        from autotimeline.quantities.arithmetic import hull, match_rate
        from autotimeline.quantities.parse import parse_quantity

        claims = map(parse_quantity, self.opposing_claims)
        return hull([self.quantity, *(match_rate(self.quantity, claim, "compare") for claim in claims)])

    @cached_property
    def period_span(self) -> Span | None:
        """The period that the figure covers, None if it is unknown."""
        from autotimeline.dates.edtf import parse_date

        return parse_date(self.period) if self.period else None

    @property
    def outer_days(self) -> tuple[int, int]:
        """The first and the last possible day of its period, or else of its event."""
        return self.period_span.bounds(True) if self.period_span else self.event_days or (BEGIN, END)

    @property
    def possible_days(self) -> tuple[tuple[int, int], ...]:
        """The first and the last day of its period, or else of its event and of each claimed date; empty if undated."""
        from autotimeline.dates.edtf import parse_date

        if self.period_span or not self.event_days:
            return (self.outer_days,) if self.period_span else ()
        claims = map(parse_date, self.claimed_dates)
        return self.event_days, *(claim.bounds(self.extent == "throughout") for claim in claims)

    @property
    def has_qualified_time(self) -> bool:
        """Whether its period, or else the date of its event, is qualified or begins on an inferred day."""
        from autotimeline.dates.edtf import parse_date

        if self.period_span or not self.date:
            return self.period_span is not None and self.period_span.qualified
        date = parse_date(self.date)
        has_inferred_start = date.within[0] == BEGIN and (self.event_days or (BEGIN,))[0] != BEGIN
        return has_inferred_start or date.qualified

    @property
    def has_doubtful_time(self) -> bool:
        """Whether that time is qualified, inferred, or disputed."""
        return self.has_qualified_time or ("date" in self.disputed_fields and not self.period_span)

    @cached_property
    def measure(self) -> Measure:
        """What its metric measures."""
        from autotimeline.reports.metric_rules import find_measure

        return find_measure(self.metric, self.stated_measure)

    @property
    def is_certain(self) -> bool:
        """Whether its event certainly matches, and the status of the event is undisputed."""
        return self.match == "certain" and "status" not in self.disputed_fields

    @property
    def has_undisputed_period(self) -> bool:
        """Whether it has a period that no source contradicts; the period may be the date of the event."""
        return self.period is not None and not ("date" in self.disputed_fields and self.period == self.date)

    @property
    def comparison_key(self) -> tuple[str, str | None, str, str, str, str, str | None]:
        """What comparable figures have in common: metric, subject, unit, rate period, basis, status, and holder."""
        from autotimeline.quantities.quantity import unit_key

        q = self.quantity
        unit, per = (unit_key(q.unit), q.per) if q else ("", "")
        return self.metric, self.of, unit, per, self.basis, self.status, self.holder


def stated_figures(
    selection: Selection, metrics: Sequence[str] = (), unit: str | None = None
) -> Iterator[StatedFigure]:
    """Yield the figures of a selection's events (see `Selection.figures`)."""
    is_wanted = _figure_filter(selection.resolver, metrics, unit)
    known_ids: FigureIds = {}
    rows = selection.rows(_EVENT_FIELDS, where=_HAS_FIGURES)
    measures = selection.catalog.measures()
    figures = (figure for row in rows for figure in _event_figures(selection, known_ids, row))
    return filter(is_wanted, (_with_measure(figure, measures) for figure in figures))


def _with_measure(figure: StatedFigure, measures: Mapping[str, str]) -> StatedFigure:
    figure.stated_measure = measures.get(figure.metric)
    return figure


def _figure_filter(resolver: NameResolver, metrics: Sequence[str], unit: str | None) -> Callable[[StatedFigure], bool]:
    """Return a function that returns whether a figure has one of these metrics (any if empty) and this unit.

    Raises:
        UsageError: If no figure in the store has the metric or the unit.
    """
    wanted_metrics = {metric.strip().lower() for metric in metrics}
    if not wanted_metrics <= {*resolver.distinct("SELECT DISTINCT metric FROM figure")}:
        known = sorted({figure["metric"] for figure in _indexed_figures(resolver)})
        for metric in sorted(wanted_metrics.difference(known)):
            raise UnknownNameError(f'no metric "{metric}"{suggest(metric, known) or vocabulary_hint("metrics")}')
    if unit is None:
        return lambda figure: not wanted_metrics or figure.metric in wanted_metrics
    from autotimeline.quantities.parse import parse_quantity
    from autotimeline.quantities.quantity import split_rate_unit, unit_key

    try:
        sample = parse_quantity(f"1 {unit}")
    except QuantityError:
        raise UsageError(f'invalid unit "{unit}"; write a unit like EUR, vehicles, %, or GWh/year') from None
    key, per = unit_key(sample.unit), sample.per
    if key and (per or key not in resolver.distinct("SELECT DISTINCT unit FROM figure")):
        units = sorted({figure["unit"] for figure in _indexed_figures(resolver) if figure["unit"]})
        spellings = [name for name in units if unit_key(parse_quantity(f"1 {name}").unit) == key]
        if not any(per in ("", parse_quantity(f"1 {name}").per) for name in spellings):
            hint = "; there is " + ", ".join(spellings) if spellings else suggest(unit, units)
            hint = hint or "; there are " + ", ".join(units)
            raise UnknownNameError(f'no figure has the unit "{unit}"{hint}')

    def matches(figure: StatedFigure) -> bool:
        if figure.about is None or (wanted_metrics and figure.metric not in wanted_metrics):
            return False
        own_unit, own_per = split_rate_unit(figure.unit or "")
        return unit_key(own_unit) == key and per in ("", own_per)

    return matches


def _indexed_figures(resolver: NameResolver) -> Iterator[dict[str, Any]]:
    """Yield all figures in the store, including claimed ones, which are not in the index table `figure`."""
    import json

    for figures, sources in resolver.vocabulary_db.execute("SELECT figures, sources FROM detail"):
        yield from json.loads(figures or "[]")
        for citation in json.loads(sources or "[]"):
            yield from citation["figures"]


def _event_figures(selection: Selection, known_ids: FigureIds, row: Sequence[Any]) -> Iterator[StatedFigure]:
    """Yield the figures of an event, then the figures that its sources claim."""
    id, date, match, status, figures, cited, citations, links, disputed_fields, repeating, low, high, extent = row
    event: dict[str, Any] = {"event": id, "date": date, "match": match, "status": status, "extent": extent}
    event["disputed_fields"] = tuple(disputed_fields)
    event["related_events"] = frozenset(link["event"] for link in links if link["type"] in _RELATED_LINKS)
    event["event_days"] = None if low is None else (low, high)
    if "date" in disputed_fields:
        event["claimed_dates"] = tuple(citation["date"] for citation in citations if citation["date"])
    claimed = [citation["figures"] for citation in citations]
    metrics = {figure["metric"] for group in (figures, *claimed) for figure in group}
    full_event = selection.catalog.event(id) if metrics.intersection(disputed_fields) else None
    opposing_claims, disputing = _find_disputes(full_event) if full_event else ({}, frozenset())
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
            figure_id=follow_repeats(selection, known_ids, figure_id, figure, repeats),
        )
    for citation_index, citation in enumerate(citations):
        for index, figure in enumerate(group_by_metric(citation["figures"])):
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


def _find_disputes(event: Event) -> tuple[dict[int, list[str]], frozenset[tuple[int, int]]]:
    """Return the contradicting claims by the index of the event's figure, and the positions of these claims."""
    from autotimeline.model import Figure, find_contradictions

    positions = {
        id(claim): (citation_index, index)
        for citation_index, citation in enumerate(event.citations)
        for index, claim in enumerate(citation.figures)
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
