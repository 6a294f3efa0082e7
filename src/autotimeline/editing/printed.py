"""The words of dates and amounts that the store has in another form: the key `printed` keeps them."""

import re
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.errors import DateError, QuantityError
from autotimeline.quantities.parse import parse_quantity

DATE_PATHS = (("date",), ("period",))
"""The keys of which `printed` has the words."""

# Numbers, marks, and the letters of a timestamp; `--date-format` reads "10/11/2019".
_NOTATION = re.compile(r"[\W\d_]*|[-+]?\d{4}-\d\d-\d\d[Tt ][\d:.]*(?:[Zz]|[-+][\d:]+)?")


def date_words(text: str, date: Span) -> str | None:
    """Return the words of a date; None if the text is a notation, or a form in which the program writes the date."""
    text = text.strip()
    return None if edtf.is_canonical(text, date) or _NOTATION.fullmatch(text) else text


def keep_words(body: dict[str, Any], words: str | None) -> dict[str, Any]:
    """Return the keys of an event with the words of its date, if known, and of its amounts; stated words stay."""
    if words is None and (date := _read_date(body)):
        words = date_words(str(body.get("date", body.get("period"))), date)
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


def replace_date_words(existing: dict[str, Any], body: dict[str, Any], words: str | None) -> None:
    """Remove the words of the existing date from the keys of an event with a new one, and add those of the new date."""
    if date_words_are_stale(existing, body):
        del body["printed"]
    if words:
        body.setdefault("printed", words)


def date_words_are_stale(existing: dict[str, Any], body: dict[str, Any]) -> bool:
    """Return whether the words of an event are those of its existing date, and not of its new one.

    Marks do not count: the words of `2023-10` are those of `2023-10~`.
    """
    printed = existing.get("printed")
    words = edtf.try_parse_date(printed) if isinstance(printed, str) else None
    old, new = _read_date(existing), _read_date(body)
    if not (words and old and new) or body.get("printed", printed) != printed:
        return False
    return words.nominal == old.nominal != new.nominal


def words_are_stale(existing: dict[str, Any], figure: dict[str, Any]) -> bool:
    """Return whether the words of a figure are those of its existing value, and not of its new one."""
    printed = existing.get("printed")
    if printed is None or figure.get("printed", printed) != printed or "value" not in figure:
        return False
    words, old, new = map(_show_value, (printed, existing.get("value"), figure["value"]))
    return words is not None and words == old != new


def _read_date(body: dict[str, Any]) -> Span | None:
    try:
        return edtf.date_from_toml(body.get("date", body.get("period")))
    except DateError:
        return None


def _show_value(value: Any) -> str | None:
    try:
        return parse_quantity(str(value)).shown
    except QuantityError:
        return None


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
