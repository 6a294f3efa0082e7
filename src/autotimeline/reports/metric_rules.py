"""Whether the figures of a metric add up: what the store states, or else what the name of the metric means.

The last word decides: `market-share` is a share, and `fleet-sales` are sales. Case and a plural s are ignored.
"""

from typing import NamedTuple

from autotimeline.quantities.quantity import unit_key

_LEVEL_TEXT = """
    age area assets average backlog balance branches brands capacity capitalisation capitalization cash clients count
    coverage customers days dealers debt density deposits depth distance duration employees factories fleet followers
    headcount height holding index inhabitants inventory length level liabilities lifetime limit members models
    months number offices outlets owners partners people plants population price range rank ranking rating
    readers reach reserves score seats shops size staff stock stores subscribers target
    temperature threshold users valuation value volume weeks weight width workers workforce years
"""
_RATE_TEXT = "rate speed"
_SHARE_TEXT = "margin quota ratio share stake yield"
# Sales, revenue, and the like are not listed: they are amounts over a period.
_ONE_OFF_TEXT = """
    acquisition aid arrests bail bid bonus bribe buyback casualties compensation contract cost credit cuts damages
    deaths donation fee fine funding grant injured investment killed layoffs loan order payment payout penalty purchase
    ransom redundancies refund settlement subsidy takeover wounded
"""


class Measure(NamedTuple):
    """What a metric measures.

    `kind` is a word of `schema.MEASURE_MEANINGS`. `origin` is `stated` (by the store), `built-in` (by the name of the
    metric), or `default`: an unknown name is an amount over a period.
    """

    kind: str
    origin: str

    @property
    def needs_period(self) -> bool:
        """Whether a figure adds only if the period that it covers is known."""
        return self.origin == "default"


def find_measure(metric: str, stated: str | None = None) -> Measure:
    """Return what a metric measures; `stated` is what the store states, None if it does not."""
    if stated:
        return Measure(stated, "stated")
    kind = _KIND_BY_WORD.get(_last_word(metric))
    return Measure(kind, "built-in") if kind else Measure("amount", "default")


def is_one_off(metric: str) -> bool:
    """Return whether the name of a metric means an amount that belongs to its event alone, such as an investment."""
    return _KIND_BY_WORD.get(_last_word(metric)) == "amount"


def _last_word(metric: str) -> str:
    return unit_key(metric.replace("_", "-").rpartition("-")[2])


_KIND_BY_WORD = {
    unit_key(word): kind
    for kind, text in (
        ("amount", _ONE_OFF_TEXT),
        ("level", _LEVEL_TEXT),
        ("rate", _RATE_TEXT),
        ("share", _SHARE_TEXT),
    )
    for word in text.split()
}
