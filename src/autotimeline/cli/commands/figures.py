"""`autotimeline figures`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query

    metrics = [metric for names in request.texts(METRIC) for metric in names.split(",") if metric.strip()]
    filters = {"metrics": metrics, "unit": request.text(UNIT)}
    if request.texts(METRIC) and not metrics:
        raise UsageError("--metric: missing value; write --metric NAME, or remove the option")
    period = request.text(PER)
    if request.flag(SUM) and period:
        raise UsageError("--per and --sum: rates do not add; choose one")
    if period:
        return run_query.run_view("rates", request, environment, per=period, **filters)
    return run_query.run_view("sums" if request.flag(SUM) else "figures", request, environment, **filters)


def _fields(request: Request) -> Sequence[str]:
    from autotimeline.views import figures, rates, sums

    return sums.FIELDS if request.flag(SUM) else rates.FIELDS if request.is_given(PER) else figures.FIELDS


METRIC = options.Option("--metric", "Only figures of this metric.", "NAME", "metric", multiple=True)
UNIT = options.Option("--unit", "Only figures in this unit: EUR, vehicles, %, GWh/year.", "UNIT")
PER = options.Option("--per", "Show rates and their changes, per month, year, …", "PERIOD", "periods")
SUM = options.Option("--sum", "Add up figures, and explain why others do not add.")
COMMAND = Command(
    "List figures, or show them as rates or totals.",
    _run,
    (*options.QUERY_OPTIONS, METRIC, UNIT, PER, SUM),
    (options.QUERY_ARGUMENT,),
    fields=_fields,
)
