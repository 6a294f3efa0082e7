"""`chart`: lanes of events on a time axis to scale, with certain and possible dates."""

from __future__ import annotations

from functools import cached_property

from autotimeline.dates.span import BEGIN, END, format_iso
from autotimeline.query.columns import COLUMNS
from autotimeline.render.chart_layout import ChartLayout, Lane, TimeAxis, is_crowded, is_too_deep
from autotimeline.render.text_chart import Chart
from autotimeline.reports.lanes import Lanes
from autotimeline.table import Column, Table
from autotimeline.text import format_count
from autotimeline.views._event_rows import RowCounter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.chart_layout import TextWidth
    from autotimeline.render.text_layout import Block

_EVENT_FIELDS = ("id", "date", "extent", "earliest", "latest", "match", "status", "kind", "title", "disputed")
FIELDS = ("lane", "name", *_EVENT_FIELDS, "starts_by", "lasts_to")
DEFAULT_FIELDS = ("lane", "id", "date", "match", "status", "title")

_EDGE_FRACTION = 20  # an open start or end adds one 20th of the axis


def table(selection: Selection, fields: Sequence[str], by: str = "kind", lanes: int | None = None) -> Table:
    """Return one row of FIELDS per event and lane; there is a lane per value of `by`, and at most `lanes` of them.

    `name` is the name of the entity whose id is `lane`. If `starts_by` is before `lasts_to`, the event certainly
    goes on from the one day to the other. The drawing replaces a lane that needs too many rows by counts per cell.
    """
    chart = _LaneChart(selection, Lanes(selection, by, lanes))
    return Table(
        [COLUMNS["match"].column if field == "match" else Column(field) for field in FIELDS],
        chart.rows(),
        footer=chart.footer,
        drawing=chart.draw(),
    )


class _LaneChart:
    """The events of a selection in lanes: as rows, as a layout for any format, as text, and the footer."""

    def __init__(self, selection: Selection, lanes: Lanes) -> None:
        self.selection = selection
        self.lanes = lanes
        self.is_drawn = False

    @cached_property
    def lane_totals(self) -> list[Any]:
        """All lanes, also those beyond the limit."""
        return self.lanes.lane_totals()

    @property
    def visible_lanes(self) -> list[Any]:
        """The lanes up to the limit."""
        return self.lane_totals[: self.lanes.limit]

    def rows(self) -> Iterator[Sequence[Any]]:
        for *row, start, end in self.lanes.rows((*_EVENT_FIELDS, "start_last", "end_first")):
            yield *row, *(None if day is None else format_iso(day) for day in (start, end))

    def arrange(self, cells: int, text_width: TextWidth, with_titles: bool) -> ChartLayout:
        """Lay out the visible lanes on this number of cells; `with_titles` describes each bar in words."""
        self.is_drawn = True
        visible = self.visible_lanes
        today = self.selection.resolver.today
        axis = TimeAxis(*_days_to_draw(visible, today), cells, text_width)
        # Counts do not show certain dates.
        with_certain = not all(is_crowded(events, cells) for _, events, *_ in visible)
        groups = dict(self.lanes.groups(axis.first, axis.days, cells, with_certain=with_certain))
        if with_titles and not all(is_too_deep(events, groups.get(value, ()), cells) for value, events, *_ in visible):
            groups = dict(self.lanes.groups(axis.first, axis.days, cells, with_titles=True))
        lanes = [
            Lane(self.lane_label(value), events, undated, groups.get(value, ()), cells, text_width)
            for value, events, undated, *_ in visible
        ]
        return ChartLayout(axis, lanes, today)

    def lane_label(self, value: str | None) -> str:
        return self.lanes.lane_name(value) or value or f"no {self.lanes.by}"

    def footer(self) -> list[str]:
        counter = RowCounter(self.selection)
        counter.shown, counter.possible, undated = self.lanes.count_events()
        notes = [f"{undated:,} undated not drawn"] if undated and self.is_drawn else []
        if omitted := len(self.lane_totals) - len(self.visible_lanes):
            notes.append(f"{format_count(omitted, 'lane')} left out")
        return ["; ".join([*counter.footer(), *notes])] if notes else counter.footer()

    def draw(self) -> Iterator[Block]:
        yield Chart([(self.lane_label(value), events) for value, events, *_ in self.visible_lanes], self.arrange)


def _days_to_draw(lane_totals: Sequence[Any], today: int) -> tuple[int, int]:
    """Return the first and the last day of the axis, with a margin at an end that some event has open."""
    bounds = [days for _, _, _, *days in lane_totals if days[0] is not None]
    first, last = min((days[0] for days in bounds), default=today), max((days[1] for days in bounds), default=today)
    edge = (last - first) // _EDGE_FRACTION + 1
    if any(days[2] <= BEGIN for days in bounds):
        first = max(BEGIN + 1, first - edge)
    if any(days[3] >= END for days in bounds):
        last = min(END - 1, last + edge)
    return first, last
