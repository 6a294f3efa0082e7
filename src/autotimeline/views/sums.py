"""`figures --sum`: the totals of figures, and the figures that are excluded, with reasons."""

from collections.abc import Iterator, Sequence
from typing import Any

from autotimeline.query.columns import DisplayNames
from autotimeline.query.facets import TIME_FIELDS, with_names
from autotimeline.query.selection import Selection
from autotimeline.render.text_layout import Block, Piece
from autotimeline.reports.exchange import CurrencyConverter
from autotimeline.reports.figures import StatedFigure, stated_figures
from autotimeline.reports.totals import Excluded, Total, compute_totals
from autotimeline.reports.totals_by import PartialTotal, TotalDivider
from autotimeline.table import Column, Table
from autotimeline.text import format_count, pluralize
from autotimeline.views._event_rows import RowCounter
from autotimeline.views._event_text import figure_terms
from autotimeline.views._figure_rows import converted_pieces, draw_figures, rate_ids, rate_notes, stated_pieces

FIELDS = (
    *("metric", "text", "low", "high", "unit", "about", "of", "basis", "status", "periods", "events"),
    *("figures", "approximate", "bounded", "disputed", "possible", "certain", "why", "holder"),
)
DEFAULT_FIELDS = (
    *("metric", "text", "of", "basis", "status", "periods", "events"),
    *("figures", "possible", "certain", "why", "holder"),
)


def arrange_fields(fields: Sequence[str], by: Sequence[str] = (), into: str = "", **_: Any) -> tuple[str, ...]:
    """Return the fields in `by`, the other fields, and the rates if amounts are converted."""
    keys = with_names(by, by, [f"{field}_name" for field in by])
    return (*keys, *(name for name in fields if name not in keys), *(("rates",) if into else ()))


def table(
    selection: Selection,
    fields: Sequence[str],
    metrics: Sequence[str] = (),
    unit: str | None = None,
    by: Sequence[str] = (),
    into: str = "",
) -> Table:
    """Return by metric one row per total, or per part of it (`reports.totals_by`), then one per excluded figure.

    Amounts are converted to the currency `into`, if one is given.
    """
    counter = RowCounter(selection)
    figures = counter.figures(stated_figures(selection, metrics, unit))
    sums = _Sums(selection, figures, by, into)
    return Table(
        [Column(field) for field in fields], sums.rows(), footer=lambda: sums.footer(counter), drawing=sums.draw()
    )


class _Sums:
    """The totals by metric, divided by the fields in `by`, and the excluded figures."""

    def __init__(self, selection: Selection, figures: Iterator[StatedFigure], by: Sequence[str], into: str) -> None:
        self.names = selection.names
        self.by = by
        self.into = into
        self.divider: TotalDivider | None = None
        figures_by_metric: dict[str, list[StatedFigure]] = {}
        for figure in figures:
            figures_by_metric.setdefault(figure.metric, []).append(figure)
        convert = CurrencyConverter(selection, into).convert if into else None
        self.results: dict[str, tuple[list[Total], list[Excluded]]] = {
            metric: compute_totals(members, convert) for metric, members in figures_by_metric.items()
        }
        self.addends = [figure for totals, _ in self.results.values() for total in totals for figure in total.addends]
        if by:
            self.divider = TotalDivider(selection, by, self.addends)
        self.parts = {metric: self._divide(totals) for metric, (totals, _) in self.results.items()}

    def _divide(self, totals: list[Total]) -> list[PartialTotal]:
        return self.divider.divide(totals) if self.divider else [PartialTotal((), (), total) for total in totals]

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield the cells of the arranged FIELDS: the totals or their parts, then the excluded figures, by metric."""
        fields = arrange_fields(FIELDS, self.by, self.into)
        for metric, (_, excluded) in self.results.items():
            for part in self.parts[metric]:
                cells = {**self._key_cells(part.keys, part.names), **_total_cells(part.total)}
                yield [cells[field] for field in fields]
            for figure, reason in excluded:
                keys, names = self.divider.part_of(figure) if self.divider else ((), ())
                cells = {**self._key_cells(keys, names), **_excluded_cells(figure, reason)}
                yield [cells[field] for field in fields]

    def _key_cells(self, keys: Sequence[Any], names: Sequence[str | None]) -> dict[str, Any]:
        cells = dict(zip(self.by, keys, strict=True))
        return cells | {f"{field}_name": name for field, name in zip(self.by, names, strict=True)}

    def footer(self, counter: RowCounter) -> list[str]:
        """Return the note of the counter, that amounts count in several parts, and the rates."""
        repeats = self.divider is not None and self.divider.repeats
        words = [pluralize(field.partition("@")[0]) for field in self.by if field not in TIME_FIELDS]
        notes = [f"an amount with several {' or '.join(words)} counts once for each"] if repeats else []
        return [*counter.footer(), *notes, *rate_notes(self.addends)]

    def draw(self) -> Iterator[Block]:
        """Yield the figures with the totals, or the parts and the excluded figures, below their metrics."""
        pieces = converted_pieces if self.into else stated_pieces
        lines = []
        for totals, excluded in self.results.values():
            for total in totals if not self.by else ():
                is_alone = not _is_shown(total) and len(totals) + len(excluded) > 1
                reason = "no other figure adds to it" if is_alone else ""
                lines += [(figure, pieces(figure), reason) for figure in total.addends]
            lines += [(figure, pieces(figure), reason) for figure, reason in excluded]
        if self.by:
            rows = {metric: list(map(self._part_row, parts)) for metric, parts in self.parts.items()}
            yield from draw_figures(self.names, lines, rows_by_metric=rows)
            return
        notes_by_metric = {
            metric: [self._total_piece(total) for total in totals if _is_shown(total)]
            for metric, (totals, _) in self.results.items()
        }
        yield from draw_figures(self.names, lines, notes_by_metric)

    def _part_row(self, part: PartialTotal) -> list[Piece]:
        """Return the cells of a part: no flags, keys, total, terms, and details."""
        texts = [self._key_label(*key) for key in zip(self.by, part.keys, part.names, strict=True)]
        labels = [[(text, "date" if field in TIME_FIELDS else "")] for field, text in zip(self.by, texts, strict=True)]
        terms = [word for word in _total_terms(part.total, self.names) if word.removeprefix("held by ") not in texts]
        details = ", ".join(_total_details(part.total))
        return [[], *labels, [(part.total.quantity.shown, "figure")], [(", ".join(terms), "")], [(details, "muted")]]

    def _key_label(self, field: str, key: Any, name: str | None) -> str:
        if key is None:
            return "no date" if field in TIME_FIELDS else f"no {field}"
        if field in ("of", "holder"):
            return self.names.actor(key)
        return name or (f"{key:04}" if field == "year" else str(key))

    def _total_piece(self, total: Total) -> Piece:
        """Return a total in words, with its terms, periods, number of figures, and uncertainties."""
        terms = _total_terms(total, self.names)
        terms += list(dict.fromkeys(figure.period for figure in total.addends if figure.period))
        terms_text = "".join(f", {word}" for word in terms)
        description = f"{terms_text}: {', '.join(_total_details(total))}"
        return [("= ", "muted"), (total.quantity.shown, "figure"), (description, "")]


def _is_shown(total: Total) -> bool:
    """Return whether a total has a line of its own: that of one plain figure would only repeat it."""
    return bool(len(total.addends) > 1 or total.possible or total.disputed)


def _total_terms(total: Total, names: DisplayNames) -> list[str]:
    first = total.addends[0]
    return figure_terms(names, first.of, first.basis, first.status, first.holder)


_ADDEND_WORDS = {"approximate": "approximate", "bounded": "with bounds", "disputed": "disputed"}


def _total_details(total: Total) -> list[str]:
    """Return the number of figures and the uncertainties of a total."""
    details = [f"{number} {words}" for field, words in _ADDEND_WORDS.items() if (number := getattr(total, field))]
    if total.possible:
        details += [f"{total.possible} may not belong", f"surely {total.certain.shown if total.certain else 'nothing'}"]
    return [format_count(len(total.addends), "figure"), *details]


def _total_cells(total: Total) -> dict[str, Any]:
    first, q = total.addends[0], total.quantity
    values = [
        *(first.metric, q.shown, q.low, q.high, q.unit or None, q.about, first.of, first.basis, first.status),
        list(dict.fromkeys(figure.period for figure in total.addends if figure.period)),
        list(dict.fromkeys(figure.event for figure in total.addends)),
        *(len(total.addends), total.approximate, total.bounded, total.disputed, total.possible),
        *(total.certain.shown if total.certain else None, None, first.holder),
    ]
    return dict(zip(FIELDS, values, strict=True)) | {"rates": rate_ids(total.addends)}


def _excluded_cells(figure: StatedFigure, reason: str) -> dict[str, Any]:
    values = [
        *(figure.metric, figure.text, figure.low, figure.high, figure.unit, figure.about, figure.of, figure.basis),
        *(figure.status, [figure.period] if figure.period else [], [figure.event]),
        *(None, None, None, None, None, None, reason, figure.holder),
    ]
    return dict(zip(FIELDS, values, strict=True)) | {"rates": []}
