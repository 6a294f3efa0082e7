"""Conversion of amounts to one currency, by the rates that the store states."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.model import Rate
from autotimeline.quantities.arithmetic import Factor, scale_quantity
from autotimeline.quantities.quantity import CURRENCIES, Quantity
from autotimeline.quantities.units import CURRENCY_SYMBOLS
from autotimeline.query.selection import Selection
from autotimeline.reports.figures import StatedFigure
from autotimeline.text import suggest

# A factor, and the rates from which it is calculated, in order.
_Conversion = tuple[Factor, tuple[Rate, ...]]
_CODE = re.compile(r"[A-Z]{3}")


class ConvertedFigure(StatedFigure):
    """A figure whose `quantity` and `full_range` are in another currency; `text`, `low`, and `high` are as stated.

    `rates` are the rates that were used; empty if the figure was already in the currency.
    """

    rates: tuple[Rate, ...]

    def __init__(
        self, figure: StatedFigure, quantity: Quantity | None, full_range: Quantity | None, rates: tuple[Rate, ...]
    ) -> None:
        self.__dict__.update(figure.__dict__, quantity=quantity, rates=rates, _full_range=full_range)

    @property
    def full_range(self) -> Quantity | None:
        """The range that includes the number and all contradicting claims, None without a number."""
        full_range: Quantity | None = self.__dict__["_full_range"]
        return full_range


class CurrencyConverter:
    """Converts figures to a currency, each by the rates that apply on its days.

    On a day, these rates apply from one currency to another, the first of:

    1. the rates with the date of that day
    2. the rates with the shortest period that contains the day
    3. the rates with the latest date before it

    Several of them, imprecise dates, and amounts of several days result in bounds that include all of these rates.
    Without such a rate, the inverse of a rate of the opposite direction applies, and then the shortest chain of rates.
    """

    def __init__(self, selection: Selection, currency: str) -> None:
        self.currency = CURRENCY_SYMBOLS.get(currency.strip(), currency.strip().upper())
        rates = selection.catalog.rates()
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

    def convert(self, figure: StatedFigure) -> StatedFigure | str:
        """Return the figure in the currency, or the reason why it has none; other units remain."""
        quantity = figure.quantity
        code = quantity.unit.upper() if quantity else ""
        if quantity is None or code not in self._currencies:
            return figure
        if code == self.currency:
            return ConvertedFigure(figure, quantity, figure.full_range, ())
        if not figure.possible_days:
            return f"no date is known for a rate from {code} to {self.currency}"
        conversion = self._find_conversion(code, figure.possible_days)
        if conversion is None:
            dates = [figure.period] if figure.period else [figure.date, *figure.claimed_dates]
            days = " and ".join(f'"{date}"' for date in dates)
            return f"no rate from {code} to {self.currency} covers {days}"
        factor, rates = conversion
        quantity, full_range = (
            number and scale_quantity(number, factor, self.currency) for number in (quantity, figure.full_range)
        )
        return ConvertedFigure(figure, quantity, full_range, rates)

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

    def _convert_on(self, code: str, day: int) -> _Conversion | None:
        if (code, day) not in self._conversions:
            self._conversions[code, day] = self._search(code, day)
        return self._conversions[code, day]

    def _search(self, code: str, day: int) -> _Conversion | None:
        """Return the conversion by the shortest chain of rates that apply on a day."""
        reached: dict[str, _Conversion | None] = {code: None}
        while self.currency not in reached:
            new: dict[str, _Conversion] = {}
            for known, conversion in reached.items():
                for other, step in self._steps(known, day):
                    if other not in reached and other not in new:
                        new[other] = _chain(conversion, step)
            if not new:
                return None
            reached |= new
        return reached[self.currency]

    def _steps(self, code: str, day: int) -> Iterable[tuple[str, _Conversion]]:
        """Yield the currencies to which a currency converts by one rate on a day, with the conversion."""
        for is_inverse in (False, True):
            for (of, into), pair in self._pairs.items():
                if code == (into if is_inverse else of) and (rates := pair.applying_on(day)):
                    conversion = None
                    for rate in rates:
                        date = rate.date or rate.period
                        factor = Factor.from_quantity(rate.value, about=bool(date and date.qualified))
                        conversion = _join(conversion, (factor.inverse() if is_inverse else factor, (rate,)))
                    if conversion:
                        yield (of if is_inverse else into), conversion


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
