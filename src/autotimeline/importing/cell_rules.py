"""Rules for the cells of mapped columns: lists in one cell, words without a value, words to replace, decimal commas."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from autotimeline.errors import QuantityError, UsageError
from autotimeline.importing.missing_values import is_missing
from autotimeline.quantities.parse import parse_quantity
from autotimeline.text import fold, split_items, suggest

_NUMBER = re.compile(r"[0-9][0-9.,'\u2019\u00a0\u202f ]*[0-9]|[0-9]")
_BARE_NUMBER = re.compile(r"[-+~<>=\u2264\u2265 ]*[0-9][0-9.,'\u2019\u00a0\u202f ]*")
_COMMA_NUMBER = re.compile(r"([0-9]{1,3}(?:[.'\u2019\u00a0\u202f ][0-9]{3})+|[0-9]+)(?:,([0-9]+))?")


EMPTY_ENDS = ("unknown", "open", "none")
"""The meanings of an empty end: an unknown day, no end so far, or an event with a date alone."""


@dataclass(frozen=True)
class CellRules:
    """How cells are read.

    Attributes:
        separators: The separator of the values in one cell, by key; an empty one keeps cells whole.
        values: The replacement of a folded word, by key and word.
        missing: Folded texts that state that there is no value.
        decimal_comma: Whether numbers have a decimal comma.
        units: The unit of numbers without one, by metric.
        empty_end: The meaning of an empty end, one of EMPTY_ENDS; empty for the default, which is reported.
        used_values: The keys of `values` that cells have had.
    """

    separators: dict[str, str] = field(default_factory=dict)
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    decimal_comma: bool = False
    units: dict[str, str] = field(default_factory=dict)
    empty_end: str = ""
    used_values: set[tuple[str, str]] = field(default_factory=set)

    def is_missing(self, text: object, *, only_named: bool = False) -> bool:
        """Return whether a cell states that there is no value; `only_named` ignores the default words."""
        if isinstance(text, str) and fold(text) in self.missing:
            return True
        return not only_named and is_missing(text)

    def replace(self, key: str, text: str) -> str | None:
        """Return the replacement of a cell; None if it has none."""
        if not self.values:
            return None
        for name in (key, key.partition(".")[0]):
            if (value := self.values.get((name, fold(text)))) is not None:
                self.used_values.add((name, fold(text)))
                return value
        return None

    def split(self, key: str, text: str) -> tuple[list[str], bool]:
        """Return the values in a cell, and whether the separator is not named but that of our own CSV."""
        separator = self.separators.get(key, self.separators.get(key.partition(".")[0]))
        if separator is None and "; " in text:
            return split_items(text), True
        return text.split(separator) if separator else [text], False

    def read_number(self, text: str) -> str | None:
        """Return an amount with decimal points instead of commas; None if a number has none of the known forms."""
        if not self.decimal_comma:
            return text
        return None if any(map(_fails, _NUMBER.findall(text))) else _NUMBER.sub(_with_point, text)

    def add_unit(self, metric: str, text: str) -> str:
        """Return a number with the unit of its metric; a text with a unit stays."""
        return _join_unit(text, self.units[metric]) if metric in self.units and is_bare_number(text) else text

    def decimal_comma_error(self, text: str) -> str:
        """Return the reason why an amount is readable only with a decimal comma; empty for any other text."""
        if self.decimal_comma or "," not in text or not (reason := _quantity_error(text)):
            return ""
        amount = CellRules(decimal_comma=True).read_number(text)
        return "" if amount is None or _quantity_error(amount) else f"{reason}, or add --decimal-comma"


def is_bare_number(text: str) -> bool:
    """Return whether an amount has no unit."""
    return _BARE_NUMBER.fullmatch(text.strip()) is not None


def _join_unit(number: str, unit: str) -> str:
    """Return an amount; a scale, such as `m` of `m EUR`, touches the number."""
    separate = f"{number.strip()} {unit}"
    return f"{number.strip()}{unit}" if _quantity_error(separate) else separate


def _fails(number: str) -> bool:
    return not _COMMA_NUMBER.fullmatch(number)


def _with_point(match: re.Match[str]) -> str:
    parts = _COMMA_NUMBER.fullmatch(match[0])
    assert parts  # noqa: S101  `read_number` has tried it.
    whole = re.sub("[^0-9]", "", parts[1])
    decimals = parts[2] or ""
    if len(decimals) == 3:
        # Before three digits, the point could separate thousands.
        decimals = decimals.rstrip("0") if decimals.endswith("0") else f"{decimals}0"
    return f"{whole}.{decimals}" if decimals else whole


def _quantity_error(text: str) -> str:
    try:
        parse_quantity(text)
    except QuantityError as error:
        return str(error)
    return ""


def parse_separators(words: Iterable[str], keys: Iterable[str]) -> dict[str, str]:
    r"""Return the separators of `KEY=SEPARATOR`; `\n` and `\t` are a line break and a tab.

    Raises:
        UsageError: If a key cannot have several values.
    """
    result, known = {}, list(keys)
    for word in words:
        key, equals, separator = word.partition("=")
        if not equals or key.partition(".")[0] not in known:
            raise UsageError(f'--split {word}: not KEY=SEPARATOR; write {", ".join(known)}, as in tag=","')
        result[key] = separator.replace("\\n", "\n").replace("\\t", "\t")
    return result


def parse_units(words: Iterable[str], metrics: Collection[str]) -> dict[str, str]:
    """Return the units of `METRIC=UNIT` for these metrics, or raise UsageError."""
    result = {}
    for word in words:
        metric, equals, unit = word.partition("=")
        if not (equals and metric and unit.strip()):
            raise UsageError(f"--default-unit {word}: not METRIC=UNIT; write, for example, revenue='m EUR'")
        if metric not in metrics:
            remedy = suggest(metric, metrics) or f"; add --map figure.{metric}=COLUMN"
            raise UsageError(f"--default-unit {word}: no column is mapped to figure.{metric}{remedy}")
        if reason := _quantity_error(_join_unit("1", unit)):
            raise UsageError(f"--default-unit {word}: {reason}")
        result[metric] = unit.strip()
    return result


def parse_values(words: Iterable[str], keys: Collection[str]) -> dict[tuple[str, str], str]:
    """Return the replacements of `KEY.WORD=VALUE` for these keys, or raise UsageError."""
    result = {}
    for word in words:
        name, equals, value = word.rpartition("=")
        key, dot, text = name.partition(".")
        if not (equals and key and dot and text):
            raise UsageError(f"--value {word}: not KEY.WORD=VALUE; write, for example, status.done=happened")
        if key not in keys:
            raise UsageError(
                f'--value {word}: unknown key "{key}"{suggest(key, keys) or "; there are " + ", ".join(keys)}'
            )
        result[key, fold(text)] = value
    return result
