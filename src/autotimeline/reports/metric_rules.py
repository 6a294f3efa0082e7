"""Rules that infer from the name of a metric whether its figures add up.

The last word decides: `market-share` is a share, and `fleet-sales` are sales. Case and a plural s are ignored.
"""

from autotimeline.quantities.quantity import unit_key

_LEVEL_TEXT = """
    age area assets average backlog balance branches brands capacity capitalisation capitalization cash clients count
    coverage customers days dealers debt density deposits depth distance duration employees factories fleet followers
    headcount height holding index inhabitants inventory length level liabilities lifetime limit margin members models
    months number offices outlets owners partners people plants population price quota range rank ranking rate rating
    ratio readers reach reserves score seats share shops size speed staff stake stock stores subscribers target
    temperature threshold users valuation value volume weeks weight width workers workforce years yield
"""
# Sales, revenue, and the like are not listed: they are amounts over a period.
_ONE_OFF_TEXT = """
    acquisition aid arrests bail bid bonus bribe buyback casualties compensation contract cost credit cuts damages
    deaths donation fee fine funding grant injured investment killed layoffs loan order payment payout penalty purchase
    ransom redundancies refund settlement subsidy takeover wounded
"""


def is_level(metric: str) -> bool:
    """Return whether a metric measures a state at one time, which neither adds up nor becomes a rate."""
    return _last_word(metric) in LEVEL_WORDS


def is_one_off(metric: str) -> bool:
    """Return whether an amount belongs to its event alone, so that the amounts of several events add up."""
    return _last_word(metric) in ONE_OFF_WORDS


def _last_word(metric: str) -> str:
    return unit_key(metric.replace("_", "-").rpartition("-")[2])


LEVEL_WORDS = frozenset(map(unit_key, _LEVEL_TEXT.split()))
ONE_OFF_WORDS = frozenset(map(unit_key, _ONE_OFF_TEXT.split()))
