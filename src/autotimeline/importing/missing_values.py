"""Cells of dates and figures whose words state that there is no value, such as "n.d." and "undisclosed amount"."""

import re
from typing import Any

_NOUN = "(?:amount|sum|price|fee|consideration|value|cost|figure|number|terms|date|year|data|information)"
_STATED = (
    "(?:known|disclosed|available|applicable|stated|specified|given|reported|provided|announced|published|recorded)"
)
_MISSING = re.compile(
    rf"""[(\[]?(?:
        [-\u2010-\u2015\u2212?\u2026]+
        | \#?n[./]?\s?[ad]\.? | nan | null | none | missing | tb[acd] | to\ be\ (?:announced|confirmed|determined)
        | no\ {_NOUN}
        | (?:an?\ |{_NOUN}\ )?
          (?:un(?:{_STATED}|dated|determined) | not\ (?:publicly\ |yet\ )?{_STATED} | confidential)
          (?:\ {_NOUN})?
    )[)\]]?""",
    re.VERBOSE | re.IGNORECASE,
)


def is_missing(value: Any) -> bool:
    """Return whether a cell that is neither empty nor a date or number states that there is no value."""
    return isinstance(value, str) and _MISSING.fullmatch(" ".join(value.split())) is not None
