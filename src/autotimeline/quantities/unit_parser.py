"""Parse what follows a number: its scale, its unit, and the period of a rate."""

import re
from typing import NoReturn

from autotimeline.errors import QuantityError
from autotimeline.quantities.quantity import CURRENCIES
from autotimeline.quantities.units import (
    CURRENCY_SCALES,
    CURRENCY_SYMBOLS,
    PERIODS_BY_NAME,
    SCALES,
    UNITS_BY_NAME,
    UNSUPPORTED_SCALES,
)

_PER_CENT = re.compile(r"\bper ?cent(?![\w-])", re.IGNORECASE)
_PER = re.compile(" ?/ ?| per |^per ", re.IGNORECASE)
_ALL_SCALES = SCALES | CURRENCY_SCALES
_SCALE = re.compile("|".join(map(re.escape, sorted(_ALL_SCALES, key=len, reverse=True))), re.IGNORECASE)
_UNIT = re.compile(r"%|[^\W\d_](?:(?:[^\W_]|-)*[^\W_])?")
_WORD = re.compile(r"[A-Za-z]+|[^\sA-Za-z0-9.,]")


def reject(text: str, reason: str) -> NoReturn:
    """Raise the error for an invalid quantity."""
    raise QuantityError(f'"{text}": {reason}')


def parse_scale_and_unit(text: str, leading_unit: str | None, full_text: str) -> tuple[int | None, str, str]:
    """Return the power of ten, the unit, and the period in the text that follows a number.

    Raises:
        QuantityError: If the text is not a scale and a unit, or is ambiguous.
    """
    if not (text.strip() or leading_unit):
        return None, "", ""
    rest = _PER.sub("/", _PER_CENT.sub("%", text.strip()))
    scale, rest = _split_scale(rest, full_text, follows_number=not text[:1].isspace())
    parts = rest.split("/")
    per = PERIODS_BY_NAME.get(parts[-1].casefold(), "") if len(parts) > 1 else ""
    if per:
        parts.pop()
    names = [_canonical_unit(part, full_text) for part in parts[1:]]
    first = _canonical_unit(parts[0], full_text) if parts[0] else ""
    if leading_unit:
        currency = _canonical_unit(leading_unit, full_text)
        if first not in {"", currency}:
            reject(full_text, f'"{leading_unit}" and "{parts[0]}" are two units; keep one')
        first = currency
    elif names and not first:
        reject(full_text, f'"/{parts[1]}" is not a period; write "/year", "/month", "/day", or a unit before the "/"')
    return scale, "/".join([first, *names]), per


def _split_scale(rest: str, full_text: str, *, follows_number: bool) -> tuple[int | None, str]:
    """Return the power of ten, None if there is no scale, and the text after it."""
    match = _SCALE.match(rest)
    if not match:
        return None, rest
    # A scale is a whole word, or touches a currency: "5m", "1.5bn€", "20 kEUR", but not "5 kWh".
    name, tail = match[0].lower(), rest[match.end() :]
    word = tail.split(" ", 1)[0].split("/", 1)[0]
    if word and word not in CURRENCY_SYMBOLS and word not in CURRENCIES and word != "%":
        return None, rest
    if name == "t" and word in CURRENCY_SYMBOLS:
        reject(full_text, f'"{match[0]}{word}" is thousands or trillions; write 5k{word} or 5tn{word}')
    if name not in SCALES and not (_mentions_currency(full_text) and word not in CURRENCIES):
        if follows_number and match[0] in ("T", "MM"):
            long = "tn" if name == "t" else "m"
            reject(full_text, f'"{match[0]}" is a scale or a unit; write 5{long}, or 5 {match[0]} with a space')
        return None, rest
    if len(name) == 1 and not follows_number and not word:
        letter = match[0]
        reject(full_text, f'"{letter}" is a scale only directly after the number; write 5{letter}, or a unit in full')
    return _ALL_SCALES[name], tail.lstrip()


def _mentions_currency(text: str) -> bool:
    words = _WORD.findall(text)
    return any(word in CURRENCY_SYMBOLS or _currency(word) in CURRENCIES for word in words)


def _currency(word: str) -> str:
    return UNITS_BY_NAME.get(word.casefold()) or word.upper()


def _canonical_unit(name: str, full_text: str) -> str:
    """Return the code of a currency, "%" for percent, and any other unit as written."""
    if name.casefold() in UNITS_BY_NAME:
        return UNITS_BY_NAME[name.casefold()]
    word = name.split(" ")[0]
    if word in CURRENCY_SYMBOLS:
        word = CURRENCY_SYMBOLS[word]
    else:
        _reject_currency_or_scale(word, full_text)
    if " " in name:
        last = name.split(" ")[-1]
        if last in CURRENCY_SYMBOLS or last.upper() in CURRENCIES:
            # Joined, it would be another unit, and the number wrong by orders of magnitude.
            reject(full_text, f'"{word}" is not a supported scale; write k, m, bn or tn before {last}')
        joined = "-".join(name.split(" "))
        reject(full_text, f'"{name}" is more than one word; a unit is one word, such as "{joined}"')
    if not _UNIT.fullmatch(word) or not (word[0].isalpha() or word == "%"):
        reject(full_text, f'"{word}" is not a unit; a unit is one word of letters, or %')
    folded = word.casefold()
    return UNITS_BY_NAME.get(folded) or (folded.upper() if folded.upper() in CURRENCIES else word)


def _reject_currency_or_scale(word: str, full_text: str) -> None:
    """Reject a word that, as a unit, would be wrong by orders of magnitude, or ambiguous."""
    folded = word.casefold()
    if word in {"¥", "￥"}:
        reject(full_text, f'"{word}" is the yuan and the yen; write CNY or JPY')
    if word[-1:] in {"€", "$", "£", "¥", "₹", "₩"}:
        reject(full_text, f'"{word}" is a currency not known by its sign; write its three letters, such as USD')
    if folded in SCALES:
        reject(full_text, f'"{word}" is a scale, not a unit; write the unit in full, such as metres')
    if folded == "cr":
        reject(full_text, f'"{word}" is not a supported scale; write crore')
    if folded[:1] == "t" and word[1:] in CURRENCIES:
        reject(full_text, f'"{word}" is thousands or trillions; write 5k {word[1:]} or 5tn {word[1:]}')
    if folded in UNSUPPORTED_SCALES or word[:1] in {"万", "亿", "萬", "億"}:
        reject(full_text, f'"{word}" is not a supported scale; write k, m, bn or tn')
