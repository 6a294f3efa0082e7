"""`autotimeline figures`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query

    metrics = [metric for names in request.texts(METRIC) for metric in names.split(",") if metric.strip()]
    filters = {"metrics": metrics, "unit": request.text(UNIT)}
    if request.texts(METRIC) and not metrics:
        raise UsageError("--metric: missing value; write --metric NAME, or remove the option")
    period, by, into = request.text(PER), request.text(BY), request.text(IN)
    for option in (SUM, BY, IN) if period else ():
        if request.is_given(option):
            raise UsageError(f"--per and {option.flags[-1]}: rates neither add nor convert; choose one")
    if period:
        return run_query.run_view("rates", request, environment, per=period, **filters)
    if request.flag(SUM) or by:
        return run_query.run_view("sums", request, environment, **_division(request), **filters)
    return run_query.run_view("figures", request, environment, into=into or "", **filters)


def _division(request: Request) -> dict[str, Any]:
    """Return the fields that totals are divided by, and the currency to convert to."""
    from autotimeline.reports.totals_by import parse_sum_fields

    return {"by": parse_sum_fields(request.text(BY) or ""), "into": request.text(IN) or ""}


def _fields(request: Request) -> Sequence[str]:
    from autotimeline.views import figures, rates, sums

    if request.flag(SUM) or request.is_given(BY):
        return sums.arrange_fields(sums.FIELDS, **_division(request))
    if request.is_given(PER):
        return rates.FIELDS
    return figures.arrange_fields(figures.FIELDS, request.text(IN) or "")


METRIC = options.Option("--metric", "Only figures of this metric.", "NAME", "metric", multiple=True)
UNIT = options.Option("--unit", "Only figures in this unit: EUR, vehicles, %, GWh/year.", "UNIT")
PER = options.Option("--per", "Show rates and their changes, per month, year, …", "PERIOD", "periods")
SUM = options.Option("--sum", "Add up figures, and explain why others do not add.")
BY = options.Option("--by", "Split totals by one or two fields: year, actor, kind, of, …", "FIELD[,FIELD]", "sums")
IN = options.Option(
    "--in", "Convert amounts to this currency, by the rates of the store.", "CURRENCY", "currencies", name="into"
)
COMMAND = Command(
    "List figures, or show them as rates or totals.",
    _run,
    (*options.QUERY_OPTIONS, METRIC, UNIT, PER, SUM, BY, IN),
    (options.QUERY_ARGUMENT,),
    view="figures",
    fields=_fields,
)
