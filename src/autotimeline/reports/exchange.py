"""Conversion of amounts to one currency, by the rates that the store states."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.model import Rate
from autotimeline.quantities.factor import Factor, scale_quantity
from autotimeline.quantities.quantity import CURRENCIES, Quantity
from autotimeline.quantities.units import CURRENCY_SYMBOLS
from autotimeline.query.selection import Selection
from autotimeline.reports.figures import StatedFigure, stated_figures
from autotimeline.text import suggest

# A factor, and the rates from which it is calculated, in order.
_Conversion = tuple[Factor, tuple[Rate, ...]]
_CODE = re.compile(r"[A-Z]{3}")


class ConvertedFigure(StatedFigure):
    """A figure whose `quantity` and `full_range` are in another currency; `text`, `low`, and `high` are as stated.

    It has no rates if the figure was already in the currency.
    """

    def __init__(
        self, figure: StatedFigure, quantity: Quantity | None, full_range: Quantity | None, rates: tuple[Rate, ...]
    ) -> None:
        vars(self).update(vars(figure))
        self.quantity, self.full_range, self.rates = quantity, full_range, rates


class CurrencyConverter:
    """Converts figures to a currency, each by the rates that apply on its days.

    On a day, these rates apply from one currency to another, the first of:

    1. the rates with the date of that day
    2. the rates with the shortest period that contains the day
    3. the rates with the latest date before it

    Several of them, imprecise dates, and amounts of several days result in bounds that include all of these rates.
    Without a direct rate, the shortest chains of rates apply, and without these the shortest chains that include the
    inverse of a rate. This is the order of hledger.
    """

    def __init__(self, selection: Selection, currency: str) -> None:
        self.currency = CURRENCY_SYMBOLS.get(currency.strip(), currency.strip().upper())
        self._rates = rates = selection.catalog.rates()
        self._currencies = CURRENCIES.union(*((rate.of, rate.into) for rate in rates))
        if not _CODE.fullmatch(self.currency):
            hint = suggest(self.currency, self._currencies) or "; write its code, such as EUR"
            raise UsageError(f'--in: no currency "{currency}"{hint}')
        by_pair: dict[tuple[str, str], list[Rate]] = {}
        for rate in rates:
            by_pair.setdefault((rate.of, rate.into), []).append(rate)
        self._pairs = {pair: _PairRates(members) for pair, members in by_pair.items()}
        self._changes = sorted({day for pair in self._pairs.values() for day in pair.changes})
        self._conversions: dict[tuple[str, int], _Conversion | None] = {}
        self._selection = selection
        self._figures_by_event: dict[str, dict[tuple[str, str, int], StatedFigure]] = {}

    def convert(self, figure: StatedFigure) -> StatedFigure | str:
        """Return the figure in the currency, or the reason why it has none; other units remain."""
        quantity = figure.quantity
        code = quantity.unit.upper() if quantity else ""
        if quantity is None or code not in self._currencies:
            return figure
        if code == self.currency:
            return ConvertedFigure(figure, quantity, figure.full_range, ())
        original = self._find_original(figure)
        if not original.possible_days:
            return f"no date is known for a rate from {code} to {self.currency}"
        conversion = self._find_conversion(code, original.possible_days)
        if conversion is None:
            dates = [original.period] if original.period else [original.date, *original.claimed_dates]
            days = " and ".join(f'"{date}"' for date in dates)
            reason = f"no rate from {code} to {self.currency} covers {days}"
            return reason + self._suggest_period(code, original.possible_days)
        factor, rates = conversion
        if original.has_qualified_time:
            factor = factor._replace(about=True)
        quantity, full_range = (
            number and scale_quantity(number, factor, self.currency) for number in (quantity, figure.full_range)
        )
        return ConvertedFigure(figure, quantity, full_range, rates)

    def _find_original(self, figure: StatedFigure) -> StatedFigure:
        """Return the figure that a figure repeats: its date decides."""
        _, event, index = figure.figure_id
        if not figure.repeats or event == figure.event or index < 0:
            return figure
        if event not in self._figures_by_event:
            figures = stated_figures(self._selection.derive(f"id:{event}"))
            self._figures_by_event[event] = {each.figure_id: each for each in figures}
        return self._figures_by_event[event].get(figure.figure_id, figure)

    def _find_conversion(self, code: str, ranges: Iterable[tuple[int, int]]) -> _Conversion | None:
        """Return the conversion on the days of some ranges; None if no rate covers one of them."""
        result: _Conversion | None = None
        for first, last in ranges:
            if first == BEGIN or last == END:
                return None
            changes = self._changes[bisect_right(self._changes, first) : bisect_right(self._changes, last)]
            for day in (first, *changes):
                conversion = self._convert_on(code, day)
                if conversion is None:
                    return None
                result = _join(result, conversion)
        return result

    def _suggest_period(self, code: str, ranges: Iterable[tuple[int, int]]) -> str:
        """Return a remedy if the date of a rate, which may be meant as a period, includes one of these ranges."""
        for rate in self._rates:
            if rate.date and {rate.of, rate.into} == {code, self.currency}:
                start, end = rate.date.within
                if any(start <= first and last <= end for first, last in ranges):
                    return f'; {rate.id} applies after its date, so write period = "{rate.date.shown}" for an average'
        return ""

    def _convert_on(self, code: str, day: int) -> _Conversion | None:
        if (code, day) not in self._conversions:
            self._conversions[code, day] = self._search(code, day)
        return self._conversions[code, day]

    def _search(self, code: str, day: int) -> _Conversion | None:
        """Return the conversion by the shortest chains of rates that apply on a day, with inverses only if needed."""
        return self._find_chains(code, day, with_inverses=False) or self._find_chains(code, day, with_inverses=True)

    def _find_chains(self, code: str, day: int, *, with_inverses: bool) -> _Conversion | None:
        reached: dict[str, _Conversion | None] = {code: None}
        while self.currency not in reached:
            new: dict[str, _Conversion] = {}
            for known, conversion in reached.items():
                for other, step in self._steps(known, day, with_inverses=with_inverses):
                    if other not in reached:
                        new[other] = _join(new.get(other), _chain(conversion, step))
            if not new:
                return None
            reached |= new
        return reached[self.currency]

    def _steps(self, code: str, day: int, *, with_inverses: bool) -> Iterable[tuple[str, _Conversion]]:
        """Yield the currencies to which a currency converts by one rate on a day, with the conversion."""
        rates_by_currency: dict[str, list[Rate]] = {}
        for (of, into), pair in self._pairs.items():
            if code == of and (rates := pair.applying_on(day)):
                rates_by_currency[into] = rates
        for (of, into), pair in self._pairs.items() if with_inverses else ():
            if code == into and of not in rates_by_currency and (rates := pair.applying_on(day)):
                rates_by_currency[of] = rates
        for other, rates in rates_by_currency.items():
            conversion = None
            for rate in rates:
                date = rate.date or rate.period
                factor = Factor.from_quantity(rate.value, about=bool(date and date.qualified))
                conversion = _join(conversion, (factor if rate.of == code else factor.inverse(), (rate,)))
            if conversion:
                yield other, conversion


class _PairRates:
    """The rates of one currency in another; `changes` are the days on which other rates may begin to apply."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        dated = sorted(((rate.date.within, rate) for rate in rates if rate.date), key=lambda item: item[0][::-1])
        self._dated = dated
        self._latest_starts = [last for (_, last), _ in dated]
        # Entry n is the latest of the first possible days of the first n rates.
        self._begun = [BEGIN, *accumulate((first for (first, _), _ in dated), max)]
        self._longest = max((last - first for (first, last), _ in dated), default=0)
        self._periods = [(rate.period.throughout, rate) for rate in rates if rate.period]
        self.changes = {day + after for days, _ in dated for day in days for after in (0, 1)}
        for (s1, s2, e1, e2), _ in self._periods:
            self.changes.update((s1, s2, e1 + 1, e2 + 1))

    def applying_on(self, day: int) -> list[Rate]:
        """Return the rates that may apply on a day; none if perhaps no rate applies."""
        dated, is_of_day = self._dated_on(day)
        periods = [(period, rate) for period, rate in self._periods if period[0] <= day <= period[3]]
        certain = [period for period, _ in periods if period[1] <= day <= period[2]]
        if is_of_day or not (certain or dated):
            return dated
        if not certain:
            return [*dated, *(rate for _, rate in periods)]
        shortest = min(map(_length, certain))
        return [*self._dated_between(day, day), *(rate for period, rate in periods if _length(period) <= shortest)]

    def _dated_on(self, day: int) -> tuple[list[Rate], bool]:
        """Return the rates that may have the latest date up to a day, and whether it certainly is that day."""
        begun_count = bisect_right(self._latest_starts, day)
        if not begun_count:
            return [], False
        latest = self._begun[begun_count]
        return self._dated_between(latest, day), latest == day

    def _dated_between(self, first_day: int, day: int) -> list[Rate]:
        """Return the rates whose date may be one of these days."""
        start = bisect_left(self._latest_starts, first_day)
        end = bisect_right(self._latest_starts, day + self._longest)
        return [rate for (first, _), rate in self._dated[start:end] if first <= day]


def _length(period: tuple[int, int, int, int]) -> int:
    return period[3] - period[0]


def _join(first: _Conversion | None, second: _Conversion) -> _Conversion:
    """Return the conversion that includes both."""
    if first is None:
        return second
    return first[0].hull(second[0]), tuple(dict.fromkeys((*first[1], *second[1])))


def _chain(first: _Conversion | None, second: _Conversion) -> _Conversion:
    """Return one conversion after the other."""
    if first is None:
        return second
    return first[0].times(second[0]), tuple(dict.fromkeys((*first[1], *second[1])))
