"""Parse quantities ("~1.5bn EUR", "<29,000 vehicles") and the ranges of queries ("1bn..", "10..20%")."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from autotimeline.errors import QuantityError
from autotimeline.quantities.phrases import simplify
from autotimeline.quantities.quantity import (
    EXACT_CONTEXT,
    Quantity,
    QuantityRange,
    format_number,
    format_range,
    format_unit,
)
from autotimeline.quantities.unit_parser import parse_scale_and_unit, reject
from autotimeline.quantities.units import CANONICAL_QUALIFIERS

_LONGEST_FIRST = sorted(map(re.escape, CANONICAL_QUALIFIERS), key=len, reverse=True)
_QUALIFIER = re.compile(f"({'|'.join(_LONGEST_FIRST)})(?![a-z]) ?", re.IGNORECASE)
_QUANTITY_END = re.compile(
    r"(?P<sign>[-+−]?)\s*(?:(?P<lead>[A-Za-z]{0,3}[€$£¥￥₹₩]|[A-Z]{3}(?![^\W\d_]))\s*)?(?P<sign2>[-+−]?)\s*"
    r"(?P<number>[0-9]+(?:[.,][0-9]+)*)(?P<rest>.*)"
)
_SMALL_FACTOR, _LARGE_FACTOR = Decimal("0.9"), Decimal("1.1")
# Bounds have at most 15 digits, as numbers have, so that the REAL columns of the index preserve their order.
_ROUND_DOWN, _ROUND_UP = Context(prec=15, rounding=ROUND_FLOOR), Context(prec=15, rounding=ROUND_CEILING)
_DIGIT = re.compile("[0-9]")
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GERMAN_THOUSAND = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
# Invalid digits after a number, with the reason; compiled only if there are any.
_TRAILING_DIGIT_ERRORS = {
    r"[ '’][0-9]{3}(?![0-9])": "digits are grouped by commas, as in 68,000",
    r" ?(?:%|[€$£]|[A-Za-z]+)? ?(?:[-–—]|to(?![a-z])) ?[+€$£]?[0-9]": (
        'a range is written with two points, as in "10..20%"'
    ),
    r"[Ee][-+]?[0-9]": "exponents are not read; write a scale (1bn) or all digits (1,000,000,000)",
}


def parse_quantity(text: str) -> Quantity:
    """Parse a quantity.

        quantity = [qualifier] number [scale] [unit] | ["~"] [">"] number ".." ["<"] number [scale] [unit]

    `phrases` rewrites other words ("3-4bn", "between 3 and 4bn", "2bn+") to these.

    Qualifiers and scales are those of `units`. A unit is one word, `%`, or a currency (which may also come first:
    "€1.5bn"), with an optional "/" and period. Numbers have at most 15 significant digits.

    A number without a qualifier is exact. "<x" and "up to x" start at 0 unless the number has a sign ("<+5%" has no
    lower bound). "~x" is x ± 10%, "nearly x" is the 10% below x, and "a little over x" the 10% above (in size, if x is
    negative). These three are `about` and rounded outward to 15 digits; a range with "~" is also `about`. In a range,
    ">" and "<" exclude an end, a unit at either end counts for both, and a scale at the upper end counts for both
    ("1..2bn" is 1bn..2bn). "1.500" is rejected, because in German it is 1,500; "0.500", "1.5", and "1.5000" are valid.

    Raises:
        QuantityError: If the text is not a quantity, or is ambiguous.
    """
    qualifier, low, high, low_open, high_open, about, unit, per, number = _parse_text(text, query=False)
    return Quantity(low, high, low_open, high_open, unit, per, qualifier + number + format_unit(unit, per), about)


def parse_range(text: str) -> QuantityRange:
    """Parse the range of a query: a quantity, or a range that is open on one side ("1bn..", "..29k").

    "<29k" has no lower bound of 0 here. A number without a qualifier matches only itself, and "~1.5bn" is
    1.35bn..1.65bn. Without a unit, all units match.

    Raises:
        QuantityError: If the text is not a range, or is ambiguous.
    """
    _, low, high, low_open, high_open, _, unit, per, _ = _parse_text(text, query=True)
    number = _format_query_bounds(low, high, low_open, high_open, unit)
    return QuantityRange(low, high, low_open, high_open, unit, per, number + format_unit(unit, per))


def _format_query_bounds(low: Decimal | None, high: Decimal | None, low_open: bool, high_open: bool, unit: str) -> str:
    if low is None or high is None:
        sign, end = ("<", high) if low is None else (">", low)
        return sign + ("" if low_open or high_open else "=") + format_number(end or Decimal(), unit)
    if low == high:
        return format_number(low, unit)
    return format_range(low, high, low_open, high_open, unit, force_sign=False)


_ParsedQuantity = tuple[str, "Decimal | None", "Decimal | None", bool, bool, bool, str, str, str]


def _parse_text(raw: str, *, query: bool) -> _ParsedQuantity:
    """Return the qualifier, low, high, low_open, high_open, about, unit, per, and the number as displayed."""
    text = " ".join(raw.split())
    for letter in "" if text.isascii() else text:
        if letter.isdecimal() and not letter.isascii():
            reject(text, f'"{letter}" is not an ASCII digit; write digits as 0-9')
    if not text:
        raise QuantityError('"": a quantity needs a number, such as "1.5bn EUR" or "<29,000 vehicles"')
    if not _DIGIT.search(text):
        reject(text, f'missing number; if the source gives none, write figures.METRIC.printed = "{text}"')
    simple = simplify(text)
    if ".." in simple:
        return _parse_span(simple, text, query=query)
    qualifier, rest = _split_qualifier(simple, text)
    number, signed, force_sign, scale, unit, per = _parse_end(rest, text)
    value = _scale_number(number, scale)
    low, high, low_open, high_open = _qualified_bounds(qualifier, value, starts_at_zero=not signed and not query)
    if low is not None and low == high and (low_open or high_open):
        reject(text, "the range is empty; if the number may be negative, add a sign, as in <+0")
    about = qualifier in {"~", "nearly ", "a little over "}
    shown = format_number(value, unit, force_sign=force_sign)
    if qualifier in {"<", "up to "} and signed and value == 0:
        shown = "+0"  # the sign means that 0 is not the lower bound
    return qualifier, low, high, low_open, high_open, about, unit, per, shown


def _qualified_bounds(
    qualifier: str, value: Decimal, *, starts_at_zero: bool
) -> tuple[Decimal | None, Decimal | None, bool, bool]:
    if qualifier == "":
        return value, value, False, False
    if qualifier in {"<", "up to "}:
        return Decimal() if starts_at_zero else None, value, False, qualifier == "<"
    if qualifier in {">", "at least "}:
        return value, None, qualifier == ">", False
    low_factor, high_factor = (_LARGE_FACTOR, _SMALL_FACTOR) if value < 0 else (_SMALL_FACTOR, _LARGE_FACTOR)
    low = _scale_number(_ROUND_DOWN.multiply(value, low_factor))
    high = _scale_number(_ROUND_UP.multiply(value, high_factor))
    if qualifier == "~":
        return low, high, False, False
    if (qualifier == "nearly ") is (value < 0):
        return value, high, True, False
    return low, value, False, True


def _parse_span(simple: str, text: str, *, query: bool) -> _ParsedQuantity:
    first, *rest = simple.split("..")
    if len(rest) != 1 or rest[0].startswith("."):
        reject(text, 'a range has two ends, as in "10..20%"')
    approximate_prefix = first.startswith("~>")  # both "about" and open
    qualifier, first = _split_qualifier(first.removeprefix("~" if approximate_prefix else "").strip(), text)
    second_qualifier, second = _split_qualifier(rest[0].strip(), text)
    if qualifier not in {"", "~", ">"} or second_qualifier not in {"", "<"}:
        unexpected = second_qualifier if qualifier in {"", "~", ">"} else qualifier
        reject(text, f'a range cannot have "{unexpected.strip()}"; write "10..20", "~10..20", ">10..20" or "10..<20"')
    if not (first and second):
        return _parse_open_span(text, qualifier, first, second_qualifier, second, query=query)
    start, _, force_sign, start_scale, start_unit, start_per = _parse_end(first, text)
    end, _, end_plus, end_scale, unit, per = _parse_end(second, text)
    if (start_unit or start_per) and (unit or per) and (start_unit, start_per) != (unit, per):
        units = [f'"{format_unit(*pair).strip()}"' for pair in ((start_unit, start_per), (unit, per))]
        reject(text, f"the ends have different units, {' and '.join(units)}; write the unit once, at the end")
    unit, per = unit or start_unit, per or start_per
    low, high = _scale_number(start, end_scale if start_scale is None else start_scale), _scale_number(end, end_scale)
    low_open, high_open = qualifier == ">", second_qualifier == "<"
    if low > high or (low == high and (low_open or high_open)):
        ends = f"{format_number(low, use_scale=False)}..{format_number(high, use_scale=False)}"
        reject(text, f'"{ends}" is reversed or empty; a scale at the end counts for both, so write one at each')
    force_sign, about = force_sign or end_plus, approximate_prefix or qualifier == "~"
    number = format_range(low, high, low_open, high_open, unit, force_sign)
    if low == high and not about:
        number = format_number(low, unit, force_sign=force_sign)
    return "~" if about else "", low, high, low_open, high_open, about, unit, per, number


def _parse_open_span(
    text: str, qualifier: str, first: str, second_qualifier: str, second: str, *, query: bool
) -> _ParsedQuantity:
    if qualifier == "~" or (qualifier and second) or (second_qualifier and first):
        reject(text, 'a range open on one side cannot have that qualifier; write "10.." or "..20"')
    if not query:
        suggested = f"at least {first}" if first else f"up to {second}"
        reject(text, f'a quantity is not open on one side; write "{suggested}"')
    number, _, _, scale, unit, per = _parse_end(first or second, text)
    value = _scale_number(number, scale)
    low, high = (value, None) if first else (None, value)
    return "", low, high, qualifier == ">", second_qualifier == "<", False, unit, per, ""


def _split_qualifier(text: str, full_text: str) -> tuple[str, str]:
    """Return the canonical qualifier ("" if there is none) and the rest."""
    match = _QUALIFIER.match(text)
    if not match:
        return "", text
    rest = text[match.end() :]
    if second_match := _QUALIFIER.match(rest):
        reject(full_text, f'"{match[1]}" and "{second_match[1]}" are two qualifiers; keep one')
    return CANONICAL_QUALIFIERS[match[1].lower()], rest


def _parse_end(text: str, full_text: str) -> tuple[Decimal, bool, bool, int | None, str, str]:
    """Return the unscaled number, whether it has a sign, whether that is a plus, the power of ten, unit, and per."""
    match = _QUANTITY_END.fullmatch(text)
    if not match or (match["sign"] and match["sign2"]):
        prefix = re.split("[0-9]", text)[0].strip()
        if prefix in {".", "-.", "+."}:
            reject(full_text, f'write a digit before the point: "{text.replace(".", "0.", 1)}"')
        reject(full_text, f'"{prefix}" before a number is not a qualifier; write ~, <, <=, >, >= or nothing')
    sign = match["sign"] or match["sign2"]
    number = _parse_number(match["number"], full_text)
    if sign in {"-", "−"}:
        number = -number or Decimal()
    rest = match["rest"]
    for pattern, reason in _TRAILING_DIGIT_ERRORS.items() if _DIGIT.search(rest) else ():
        if re.match(pattern, rest):
            reject(full_text, reason)
    scale, unit, per = parse_scale_and_unit(rest, match["lead"], full_text)
    return number, bool(sign), sign == "+", scale, unit, per


def _parse_number(token: str, full_text: str) -> Decimal:
    if not _PLAIN_NUMBER.fullmatch(token) or _GERMAN_THOUSAND.fullmatch(token):
        readings = {",": token.replace(".", "").replace(",", "."), ".": token.replace(",", "")}
        values = sorted({Decimal(reading) for point, reading in readings.items() if token.count(point) <= 1})
        if not values:
            reject(full_text, f'"{token}" is not a number; write digits as in 68,000 or 1.5')
        meanings = " or as ".join(format_number(value, use_scale=False) for value in values)
        reject(full_text, f'"{token}" can be read as {meanings}; write it that way')
    token = token.replace(",", "")
    if len(token.replace(".", "").strip("0")) > 15:
        reject(full_text, "a number has at most 15 significant digits")
    if len(token) > 40:
        reject(full_text, "a number is written with at most 40 digits")
    return Decimal(token)


def _scale_number(number: Decimal, scale: int | None = None) -> Decimal:
    """Return the number times ten to the scale, without an exponent and trailing zeros."""
    text = f"{number.scaleb(scale or 0, EXACT_CONTEXT):f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
