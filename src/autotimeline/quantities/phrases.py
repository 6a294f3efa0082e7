"""Quantities as people write them, rewritten to the texts that `parse` parses: `€3-4bn` to `€3..4bn`."""

import re

from autotimeline.quantities.quantity import CURRENCIES
from autotimeline.quantities.units import CANONICAL_QUALIFIERS, CURRENCY_SCALES, CURRENCY_SYMBOLS, SCALES, UNITS_BY_NAME

_CURRENCY = "|".join(map(re.escape, sorted({*CURRENCY_SYMBOLS, *CURRENCIES}, key=len, reverse=True)))
_SCALE = "|".join(map(re.escape, sorted({*SCALES, *CURRENCY_SCALES}, key=len, reverse=True)))
_RANGE_WORDS = re.compile("(?:from|between) (?=.*[0-9].*(?: to | and ))", re.IGNORECASE)
_RANGE = re.compile(
    r"(?P<first>[^0-9]*[0-9][0-9.,]*(?P<unit>[^0-9]*?))(?P<sign> ?[-\u2010-\u2015] ?| to | and )"
    rf"(?P<second>(?:(?:{_CURRENCY}) ?)?[0-9][0-9.,]*(?P<second_unit>[^0-9]*))"
)
# The first number of a range has a scale and a currency, or the unit of the second: not "100 A-320".
_FIRST_UNIT = re.compile(rf" ?(?:{_SCALE})? ?(?:{_CURRENCY}|{'|'.join(UNITS_BY_NAME)}|%)?", re.IGNORECASE)
_AT_LEAST = re.compile(r"([^+]*[0-9][^+0-9]*)(?:\+| or more)( [^+0-9]*)?")
_QUALIFIED = re.compile("|".join(map(re.escape, CANONICAL_QUALIFIERS)), re.IGNORECASE)


def simplify(text: str) -> str:
    """Return a text with "..", or with a qualifier, instead of other words; any other text is unchanged."""
    if (match := _AT_LEAST.fullmatch(text)) and not _QUALIFIED.match(text):
        return f"at least {match[1]}{match[2] or ''}"
    body = _RANGE_WORDS.sub("", text, count=1)
    match = _RANGE.fullmatch(body)
    if match is None or (match["sign"] == " and ") is not (body != text and " and " in text):
        return text
    is_word = match["sign"] in (" to ", " and ")
    # In "-5-10", either hyphen may be a minus.
    if not is_word and re.match(r"\W*[-\u2212]", match["first"]):
        return text
    if match["unit"].strip() != match["second_unit"].strip() and not _FIRST_UNIT.fullmatch(match["unit"]):
        return text
    return f"{match['first'].rstrip()} ..{match['second']}"  # "Mio." ends in a point
