"""The figures of a proposal: each amount with the metric that the words near it suggest, and with its own period."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from autotimeline.dates import edtf
from autotimeline.drafting.amount_finder import MONEY_UNITS, FoundAmount
from autotimeline.drafting.clauses import Clause
from autotimeline.drafting.date_context import COMPARED
from autotimeline.drafting.date_finder import FoundDate
from autotimeline.quantities.quantity import CURRENCIES
from autotimeline.store.table_reader import slugify

_COMPARED_DISTANCE = 25  # characters from the number to its date
_METRIC_DISTANCE = 120  # characters; those before the amount count double
# "8% more than in 2024" is not of 2024.
_OTHER_NUMBER = re.compile(r"\d|\b(?:than|from|with|against|versus)\b")
_OF_DATE = re.compile(r"(?:,? (?:in|for|during))?(?: the)? ?")

# The metric of an amount by the nearest of these words, for each kind of unit; without one, by the unit.
_METRICS: dict[str, tuple[tuple[str, str], ...]] = {
    "%": (
        (
            "stake",
            r"stakes?|shareholding|hold(?:s|ing)?|held|interest in|owns?|owned|shareholders?|equity|buy|bought"
            r"|acquir\w*",
        ),
        ("market-share", r"market share|share of (?:the )?\w+ market"),
        ("margin", r"margins?"),
        ("premium", r"premium"),
        ("tariff", r"tariffs?|duty|duties"),
        ("discount", r"discounts?"),
        ("interest-rate", r"interest rates?|coupon|yield"),
        ("unemployment", r"unemployment|jobless"),
        ("inflation", r"inflation"),
        (
            "change",
            r"rose|fell|grew|growth|(?:in|de)creased?|declined?|dropped?|up|down|gained?|lost|slipped|jumped|cut|higher"
            r"|lower",
        ),
    ),
    "money": (
        ("investment", r"invest\w*|spend(?:ing)?|capital expenditure|build|construct"),
        ("revenue", r"revenues?|sales|turnover"),
        ("profit", r"profits?|net income|earnings|earned"),
        ("loss", r"loss(?:es)?|lost"),
        ("debt", r"debts?|loans?|credit|bonds?|owes?|owed|borrow\w*"),
        ("fine", r"fines?|fined|penalty|penalties|settlement"),
        ("raised", r"raised?|funding|financing|round"),
        ("valuation", r"valu(?:ed|ation|es?)|worth"),
        ("savings", r"savings?|save"),
        ("budget", r"budget"),
        ("price", r"price[ds]?|costs?|paid|pay|bought|buy|acquir\w*|purchased?|sold|sell|deal"),
    ),
    "products": (
        ("sales", r"sold|sales|sell(?:ing)?|deliver\w*|registr\w*|registered"),
        ("capacity", r"capacity|capable"),
        ("output", r"produc\w*|output|built|build|assembl\w*|rolled"),
        ("exports", r"export\w*"),
        ("recall", r"recall\w*"),
    ),
    "staff": (
        ("layoffs", r"lay(?:ing)? off|laid off|layoffs|cut|dismiss\w*|redundan\w*"),
        ("jobs", r"hir\w*|creat\w*"),
    ),
}
_METRIC_PATTERNS = {
    kind: [(metric, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for metric, words in rows]
    for kind, rows in _METRICS.items()
}
_PRODUCT_UNITS = (
    "vehicles cars trucks units buses motorcycles batteries modules aircraft planes jets chips wafers turbines panels"
    " scooters two-wheelers motorbikes bikes tractors vans phones barrels tonnes tons gallons tickets copies houses"
)
_KINDS = {
    **dict.fromkeys(_PRODUCT_UNITS.split(), "products"),
    **dict.fromkeys(("employees", "workers", "jobs", "staff", "positions", "people", "engineers"), "staff"),
}
_UNIT_METRICS = {
    **dict.fromkeys(("days", "months"), "duration"),
    **dict.fromkeys(("GWh", "MWh", "kWh", "TWh", "GW", "MW", "kW"), "capacity"),
    **dict.fromkeys(("km", "miles"), "distance"),
}


def make_figures(clause: Clause, amounts: Iterable[FoundAmount], dates: Sequence[FoundDate]) -> dict[str, Any]:
    """Return the amounts of a clause by metric; one of another date than the event's has it as its period."""
    figures: dict[str, list[Any]] = {}
    metrics: dict[str, str] = {}
    for amount in amounts:
        if not clause.start <= amount.start < clause.end:
            continue
        metric = guess_metric(clause, amount)
        value: Any = amount.quantity.shown
        if period := period_of(clause, amount, dates):
            # What is compared has the metric of the number before it.
            metric = metrics.get(amount.quantity.unit, metric)
            value = {"value": value, "period": period}
        metrics[amount.quantity.unit] = metric
        if value not in figures.setdefault(metric, []):
            figures[metric].append(value)
    return {metric: values if len(values) > 1 else values[0] for metric, values in figures.items()}


def period_of(clause: Clause, amount: FoundAmount, dates: Iterable[FoundDate]) -> str:
    """Return the date of an amount if it is not that of the event: 2024 in "up from 68,000 in 2024"."""
    for date in dates:
        between = clause.text[amount.end : max(amount.end, date.start)]
        if not 0 <= date.start - amount.end < _COMPARED_DISTANCE or _OTHER_NUMBER.search(between):
            continue
        is_other = not date.doubt and date in clause.dates[1:] and date.value == date.point
        if date.doubt == COMPARED or (is_other and _OF_DATE.fullmatch(between)):
            return date.point if edtf.try_parse_date(date.point) else ""
    return ""


def guess_metric(clause: Clause, amount: FoundAmount) -> str:
    """Return the metric of an amount of a clause, from the nearest noun or verb, else from its unit."""
    unit = amount.quantity.unit
    default = "percentage" if unit == "%" else "amount" if _is_money(unit) else _UNIT_METRICS.get(unit)
    return nearest_metric(clause, amount) or default or slugify(unit.split("/")[0]) or "number"


def nearest_metric(clause: Clause, amount: FoundAmount) -> str:
    """Return the metric of the noun or verb that is nearest to an amount; empty if there is none."""
    unit = amount.quantity.unit
    kind = "money" if _is_money(unit) else _KINDS.get(unit, unit)
    distances: list[tuple[int, int, str]] = []
    for rank, (metric, pattern) in enumerate(_METRIC_PATTERNS.get(kind, ())):
        for match in pattern.finditer(clause.text, clause.start, clause.end):
            # What follows at once, as in "a 51% stake", counts before what precedes.
            after, before = match.start() - amount.end, (amount.start - match.end()) * 2 + 1
            distances.append((after if after >= 0 else max(before, 0), rank, metric))
    distance, _, metric = min(distances, default=(_METRIC_DISTANCE, 0, ""))
    return metric if distance < _METRIC_DISTANCE else ""


def _is_money(unit: str) -> bool:
    return unit in CURRENCIES or unit in MONEY_UNITS
