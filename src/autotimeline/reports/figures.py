"""The figures of the events that a query finds, each as it was stated: what `Selection.figures` yields."""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import QuantityError, UnknownError, UsageError
from autotimeline.query.resolver import lists
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.dates.span import Span
    from autotimeline.model import Event
    from autotimeline.quantities.quantity import Quantity
    from autotimeline.query.resolver import Scope
    from autotimeline.query.selection import Selection

    # What a figure is known by: its metric, its event, and which of the event's it is.
    _Number = tuple[str, str, int]
    _Numbers = dict[tuple[str, str | None, str], _Number]

FIELDS = (
    *("metric", "text", "low", "high", "unit", "about", "of", "period", "basis", "sources"),
    *("event", "date", "match", "status", "claimed", "disputed", "repeats"),
)
"""The fields of a figure in the order of the contract, each an attribute of `Stated`."""
_READ = ("id", "date", "match", "status", "figures", "sources", "links", "disputed", "repeating", "start_lo", "end_hi")
# Links between events whose figures may be one and the same, or one within the other.
_TIES = ("same-deal", "part-of", "has-part", "replaces", "replaced-by", "fulfils", "fulfilled-by")


class Stated:
    """A figure as an event states it, or, where `claimed`, only a source of the event.

    Attributes (besides `period` and so on, which are those of the contract, in FIELDS):
        number: What the figure is known by. One that repeats another has the number of that one.
        claims: What sources say against it, as text; a figure with any may be each of them.
        doubts: The fields of its event (`date`, `status`, `figures`) that sources contradict.
        tied: The ids of events that may tell of the same: of one deal, a whole and its part, a plan and its end.
        days: The earliest and the latest day of the event, None where it is undated.
    """

    __slots__ = (*FIELDS, "_quantity", "_span", "claims", "days", "doubts", "number", "tied")
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
    number: tuple[str, str, int]
    claims: tuple[str, ...]
    doubts: tuple[str, ...]
    tied: frozenset[str]
    days: tuple[int, int] | None

    def __init__(self, figure: dict[str, Any], event: dict[str, Any], **more: Any) -> None:
        """Take a record of `figures`, the fields of its event, and whatever else differs."""
        for name, value in (*figure.items(), *event.items(), *more.items()):
            if name != "source":
                setattr(self, name, value)
        self._quantity: Quantity | None = None
        self._span: Span | None = None

    @property
    def cells(self) -> list[Any]:
        """The values of FIELDS."""
        return [getattr(self, field) for field in FIELDS]

    @property
    def quantity(self) -> Quantity | None:
        """The number, None where the source gives words alone."""
        if self._quantity is None and self.about is not None:
            from autotimeline.quantities.parse import parse

            self._quantity = parse(self.text)
        return self._quantity

    @property
    def reach(self) -> Quantity | None:
        """All that the number may be: what sources say against it included."""
        if not self.claims or not self.quantity:
            return self.quantity
        from autotimeline.quantities.arithmetic import hull, like
        from autotimeline.quantities.parse import parse

        return hull([self.quantity, *(like(self.quantity, parse(claim), "compare") for claim in self.claims)])

    @property
    def span(self) -> Span | None:
        """The period that it covers, None where none is known."""
        if self._span is None and self.period:
            from autotimeline.dates.edtf import parse

            self._span = parse(self.period)
        return self._span

    @property
    def outer(self) -> tuple[int, int]:
        """The first and the last day that it can be about: of its period, else of its event."""
        return self.span.bounds(True) if self.span else self.days or (BEGIN, END)

    @property
    def sure(self) -> bool:
        """Whether it surely belongs to what is asked for, and its event is what it is said to be."""
        return self.match == "certain" and "status" not in self.doubts

    @property
    def timed(self) -> bool:
        """Whether nobody contradicts the period that it covers: of its event, that is the event's own date."""
        return self.period is not None and not ("date" in self.doubts and self.period == self.date)

    @property
    def kind(self) -> tuple[str, str | None, str, str, str, str]:
        """What figures must have in common to be compared: metric, owner, unit and rate, basis, status."""
        from autotimeline.quantities.quantity import unit_key

        q = self.quantity
        unit, per = (unit_key(q.unit), q.per) if q else ("", "")
        return self.metric, self.of, unit, per, self.basis, self.status


def stated_figures(selection: Selection, metrics: Sequence[str] = (), unit: str | None = None) -> Iterator[Stated]:
    """Yield the figures of a selection's events (see `Selection.figures`)."""
    wanted = _wanted(selection.scope, metrics, unit)
    numbers: _Numbers = {}
    return (figure for row in selection.rows(_READ) for figure in _of(selection, numbers, row) if wanted(figure))


def _wanted(scope: Scope, metrics: Sequence[str], unit: str | None) -> Callable[[Stated], bool]:
    """Return what says whether a figure is one of those that are asked for.

    Raises:
        UsageError: No figure in the store has that metric or unit.
    """
    asked = {metric.strip().lower() for metric in metrics}
    if not asked <= {*scope.column("SELECT DISTINCT metric FROM figure")}:
        known = sorted({figure["metric"] for figure in _written(scope)})
        for metric in sorted(asked.difference(known)):
            raise UnknownError(f'no metric "{metric}"{nearest(metric, known) or lists("metrics")}')
    if unit is None:
        return lambda figure: not asked or figure.metric in asked
    from autotimeline.quantities.parse import parse
    from autotimeline.quantities.quantity import unit_key

    try:
        one = parse(f"1 {unit}")
    except QuantityError:
        raise UsageError(f'--unit "{unit}" is no unit; write one like EUR, vehicles, % or GWh/year') from None
    key, per = unit_key(one.unit), one.per
    if key and (per or key not in scope.column("SELECT DISTINCT unit FROM figure")):
        units = sorted({figure["unit"] for figure in _written(scope) if figure["unit"]})
        same = [name for name in units if unit_key(parse(f"1 {name}").unit) == key]
        if not any(per in ("", parse(f"1 {name}").per) for name in same):
            told = "; there is " + ", ".join(same) if same else nearest(unit, units)
            told = told or "; there are " + ", ".join(units)
            raise UnknownError(f'no figure has the unit "{unit}"{told}')

    def fits(figure: Stated) -> bool:
        q = None if asked and figure.metric not in asked else figure.quantity
        return q is not None and unit_key(q.unit) == key and per in ("", q.per)

    return fits


def _written(scope: Scope) -> Iterator[dict[str, Any]]:
    """Yield all figures in the store, as the index has them: its table has not those that a source claims beside."""
    import json

    for figures, sources in scope.words.execute("SELECT figures, sources FROM detail"):
        yield from json.loads(figures or "[]")
        for citation in json.loads(sources or "[]"):
            yield from citation["figures"]


def _of(selection: Selection, numbers: _Numbers, row: Sequence[Any]) -> Iterator[Stated]:
    """Yield the figures of an event, then those that its sources claim."""
    id, date, match, status, figures, sources, links, doubts, repeating, low, high = row
    if not figures and not any(citation["figures"] for citation in sources):
        return
    event = {
        "event": id,
        "date": date,
        "match": match,
        "status": status,
        "doubts": tuple(doubts),
        "tied": frozenset(link["event"] for link in links if link["type"] in _TIES),
        "days": None if low is None else (low, high),
    }
    full = selection.event(id) if "figures" in doubts else None
    against, disputing = _disputes(full) if full else ({}, frozenset())
    cited = list(dict.fromkeys(citation["id"] for citation in sources))
    for at, (figure, repeats) in enumerate(repeated(figures, repeating)):
        number = (figure["metric"], id, at)
        yield Stated(
            figure,
            event,
            sources=[figure["source"]] if figure["source"] else cited,
            claimed=False,
            disputed=at in against,
            claims=tuple(against.get(at, ())),
            repeats=repeats,
            number=_end(selection, numbers, number, figure["of"], repeats),
        )
    for place, citation in enumerate(sources):
        for at, figure in enumerate(_by_metric(citation["figures"])):
            yield Stated(
                figure,
                event,
                sources=[citation["id"]],
                claimed=True,
                disputed=(place, at) in disputing,
                claims=(),
                repeats=None,
                number=(figure["metric"], f"{id} {citation['id']} {place}", at),
            )


def repeated(
    figures: list[dict[str, Any]], repeating: dict[str, Any] | None
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the figures of an event, those of one metric together, each with the id of the event that it repeats.

    `repeating` is the field of this name: the event's keys as a store has them, where a figure of it repeats another.
    """
    repeats = [again for _, _, again in _keys(repeating)] if repeating else [None] * len(figures)
    return zip(_by_metric(figures), repeats, strict=True)


def _by_metric(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures with those of one metric together, as a store writes them."""
    metrics = dict.fromkeys(figure["metric"] for figure in figures)
    return [figure for metric in metrics for figure in figures if figure["metric"] == metric]


def _disputes(event: Event) -> tuple[dict[int, list[str]], frozenset[tuple[int, int]]]:
    """Return what is claimed against each of the event's figures, by its place, and the places of these claims."""
    from autotimeline.model import Figure, contradictions

    places = {
        id(claim): (place, at)
        for place, citation in enumerate(event.citations)
        for at, claim in enumerate(citation.figures)
    }
    against: dict[int, list[str]] = {}
    disputing = set()
    for _, _, claim, own in contradictions(event):
        if isinstance(claim, Figure):
            disputing.add(places[id(claim)])
            for at, figure in enumerate(event.figures):
                if figure in own:
                    against.setdefault(at, []).append(claim.text)
    return against, frozenset(disputing)


def _keys(body: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Return of each figure of an event, from the keys as a store has them: its metric, whose, and what it repeats."""
    found = []
    for metric, several in body.get("figures", {}).items():
        for figure in several if isinstance(several, list) else [several]:
            keys = figure if isinstance(figure, dict) else {}
            found.append((metric, keys.get("of"), keys.get("repeats")))
    return found


def _end(selection: Selection, numbers: _Numbers, number: _Number, of: str | None, repeats: str | None) -> _Number:
    """Return the number at the end of the chain of figures that repeat each other; itself where there is no chain.

    `numbers` are those of the chains that were followed before, by metric, owner and event; of a ring one counts.
    """
    metric, id, _ = number
    passed = []
    seen = {id}
    while repeats:
        if (known := numbers.get((metric, of, repeats))) is not None:
            number = known
            break
        if repeats in seen:
            break
        seen.add(repeats)
        passed.append((metric, of, repeats))
        figures = _keys(selection.body(repeats) or {})
        at = next((at for at, figure in enumerate(figures) if figure[:2] == (metric, of)), None)
        # A part of a store, without the event that it repeats, knows the number by that event's name alone.
        number, repeats = (metric, repeats, -1 if at is None else at), None if at is None else figures[at][2]
    numbers.update(dict.fromkeys(passed, number))
    return number
