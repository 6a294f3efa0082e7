"""`autotimeline figures`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query
    from autotimeline.errors import UsageError

    metrics = [metric for names in values["metric"] or () for metric in names.split(",") if metric.strip()]
    filters = {"metrics": metrics, "unit": values["unit"]}
    if values["metric"] and not metrics:
        raise UsageError("--metric lacks a value; write --metric NAME, or leave it out")
    if values["sum"] and values["per"]:
        raise UsageError("--per and --sum: rates do not add; ask for one of the two")
    if values["sum"]:
        return run_query.run_view("sums", values, **filters)
    if values["per"]:
        return run_query.run_view("rates", values, per=values["per"], **filters)
    return run_query.run_view("figures", values, **filters)


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.views import figures, rates, sums

    return sums.FIELDS if values.get("sum") else rates.FIELDS if values.get("per") else figures.FIELDS


METRIC = options.Option(
    "metric", "--metric", "Only figures of that metric.", "NAME", multiple=True, completion="metric"
)
UNIT = options.Option("unit", "--unit", "Only figures in that unit: EUR, vehicles, %, GWh/year.", "UNIT")
PER = options.Option("per", "--per", "As rates, each with its change: month, year, …", "PERIOD", completion="periods")
SUM = options.Option("sum", "--sum", "Add up what adds; say of the rest why it does not.")
COMMAND = options.Command(
    "Every number: whose, when, how sure; as rates, or added up.",
    _run,
    (*options.QUERY_OPTIONS, METRIC, UNIT, PER, SUM),
    (options.QUERY_ARGUMENT,),
    fields=_fields,
)
