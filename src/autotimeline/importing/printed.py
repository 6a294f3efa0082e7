"""The words of dates and amounts that the store has in another form: the key `printed` keeps them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from autotimeline.dates import edtf
from autotimeline.errors import DateError, QuantityError
from autotimeline.quantities.parse import parse_quantity

if TYPE_CHECKING:
    from autotimeline.dates.span import Span

# Numbers, marks, and the letters of a timestamp; `--date-format` reads "10/11/2019".
_NOTATION = re.compile(r"[\W\d_]*|[-+]?\d{4}-\d\d-\d\d[Tt ][\d:.]*(?:[Zz]|[-+][\d:]+)?")


def date_words(text: str, date: Span) -> str | None:
    """Return the words of a date; None if the text is a notation, or a form in which the program writes the date."""
    text = text.strip()
    return None if edtf.is_canonical(text, date) or _NOTATION.fullmatch(text) else text


def keep_words(body: dict[str, Any], words: str | None) -> dict[str, Any]:
    """Return the keys of an event with the words of its date, if known, and of its amounts; stated words stay."""
    if words is None:
        words = _stated_words(body.get("date", body.get("period")))
    result = dict(body)
    if words:
        result.setdefault("printed", words)
    if "figures" in body:
        result["figures"] = _keep_figure_words(body["figures"])
    if isinstance(citations := body.get("sources"), list):
        result["sources"] = [
            {**citation, "figures": _keep_figure_words(citation["figures"])}
            if isinstance(citation, dict) and "figures" in citation
            else citation
            for citation in citations
        ]
    return result


def states_date(printed: object, body: dict[str, Any]) -> bool:
    """Return whether printed words are those of the date or the period in the keys of an event; marks do not count."""
    try:
        date = edtf.date_from_toml(body.get("date", body.get("period")))
    except DateError:
        return False
    stated = edtf.try_parse_date(printed) if isinstance(printed, str) else None
    return stated is not None and stated.nominal == date.nominal


def states_value(printed: object, value: object) -> bool:
    """Return whether printed words are those of the value of a figure."""
    try:
        return parse_quantity(str(printed)).shown == parse_quantity(str(value)).shown
    except QuantityError:
        return False


def _stated_words(date: Any) -> str | None:
    span = edtf.try_parse_date(date) if isinstance(date, str) else None
    return date_words(date, span) if span else None


def _keep_figure_words(figures: Any) -> Any:
    if not isinstance(figures, dict):
        return figures  # Reported as invalid.
    return {metric: _keep_value_words(value) for metric, value in figures.items()}


def _keep_value_words(value: Any) -> Any:
    if isinstance(value, list):
        return [_keep_value_words(item) for item in value]
    figure = value if isinstance(value, dict) else {"value": value}
    words = figure.get("value")
    if not isinstance(words, str) or "printed" in figure:
        return value
    try:
        shown = parse_quantity(words).shown
    except QuantityError:
        return value  # The id of an event, or reported as invalid.
    # Separators of thousands are not words.
    if words.replace(",", "").strip() == shown.replace(",", ""):
        return value
    return {"value": shown, "printed": words} | {key: item for key, item in figure.items() if key != "value"}
