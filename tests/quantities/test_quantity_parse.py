import copy
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.errors import QuantityError
from autotimeline.quantities.parse import parse_quantity, parse_range
from autotimeline.quantities.quantity import CURRENCIES, format_number, unit_key
from autotimeline.quantities.units import CANONICAL_QUALIFIERS, PERIODS_BY_NAME, QUALIFIERS

# text: shown, low, high, ends ("[)" as in mathematics), about, unit, per
READ = {
    "68000": ("68,000", "68000", "68000", "[]", False, "", ""),
    "68,000 vehicles": ("68,000 vehicles", "68000", "68000", "[]", False, "vehicles", ""),
    "51%": ("51%", "51", "51", "[]", False, "%", ""),
    "150 %": ("150%", "150", "150", "[]", False, "%", ""),
    "20 per cent": ("20%", "20", "20", "[]", False, "%", ""),
    "2bn %": ("2bn%", "2000000000", "2000000000", "[]", False, "%", ""),
    "-5%": ("-5%", "-5", "-5", "[]", False, "%", ""),
    "−5%": ("-5%", "-5", "-5", "[]", False, "%", ""),
    "+3%": ("+3%", "3", "3", "[]", False, "%", ""),
    "0.500": ("0.5", "0.5", "0.5", "[]", False, "", ""),
    "1.2340": ("1.2340", "1.234", "1.234", "[]", False, "", ""),
    "1,234.567": ("1,234.567", "1234.567", "1234.567", "[]", False, "", ""),
    "1,234,567,891": ("1,234,567,891", "1234567891", "1234567891", "[]", False, "", ""),
    "~1.5bn EUR": ("~1.5bn EUR", "1350000000", "1650000000", "[]", True, "EUR", ""),
    "about €1.5 billion": ("~1.5bn EUR", "1350000000", "1650000000", "[]", True, "EUR", ""),
    "EUR 1.5bn": ("1.5bn EUR", "1500000000", "1500000000", "[]", False, "EUR", ""),
    "~€1.5bn": ("~1.5bn EUR", "1350000000", "1650000000", "[]", True, "EUR", ""),
    "1.5bn euros": ("1.5bn EUR", "1500000000", "1500000000", "[]", False, "EUR", ""),
    "1bn€": ("1bn EUR", "1000000000", "1000000000", "[]", False, "EUR", ""),
    "US$ 1.5bn": ("1.5bn USD", "1500000000", "1500000000", "[]", False, "USD", ""),
    "-£5m": ("-5m GBP", "-5000000", "-5000000", "[]", False, "GBP", ""),
    "20 kEUR": ("20,000 EUR", "20000", "20000", "[]", False, "EUR", ""),
    "300 mn rmb": ("300m CNY", "300000000", "300000000", "[]", False, "CNY", ""),
    "2 TRILLION usd": ("2tn USD", "2000000000000", "2000000000000", "[]", False, "USD", ""),
    "1,234,500,000 EUR": ("1,234.5m EUR", "1234500000", "1234500000", "[]", False, "EUR", ""),
    "29k vehicles": ("29,000 vehicles", "29000", "29000", "[]", False, "vehicles", ""),
    "29 kWh": ("29 kWh", "29", "29", "[]", False, "kWh", ""),
    "5 m²": ("5 m²", "5", "5", "[]", False, "m²", ""),
    "100辆": ("100 辆", "100", "100", "[]", False, "辆", ""),
    "3 t-CO2": ("3 t-CO2", "3", "3", "[]", False, "t-CO2", ""),
    "$120/kWh": ("120 USD/kWh", "120", "120", "[]", False, "USD/kWh", ""),
    "5.2 GWh/year": ("5.2 GWh/year", "5.2", "5.2", "[]", False, "GWh", "year"),
    "5.2 GWh per annum": ("5.2 GWh/year", "5.2", "5.2", "[]", False, "GWh", "year"),
    "5k/month": ("5,000/month", "5000", "5000", "[]", False, "", "month"),
    "5m/day": ("5,000,000/day", "5000000", "5000000", "[]", False, "", "day"),
    "<29,000 vehicles": ("<29,000 vehicles", "0", "29000", "[)", False, "vehicles", ""),
    "fewer than 29k": ("<29,000", "0", "29000", "[)", False, "", ""),
    "up to 4.1bn EUR": ("up to 4.1bn EUR", "0", "4100000000", "[]", False, "EUR", ""),
    "≤ 5": ("up to 5", "0", "5", "[]", False, "", ""),
    "<+5%": ("<+5%", None, "5", "()", False, "%", ""),
    "up to -5%": ("up to -5%", None, "-5", "(]", False, "%", ""),
    "<+0": ("<+0", None, "0", "()", False, "", ""),
    ">500": (">500", "500", None, "()", False, "", ""),
    "over 500": (">500", "500", None, "()", False, "", ""),
    "at least 500": ("at least 500", "500", None, "[)", False, "", ""),
    "nearly 1 million vehicles": ("nearly 1,000,000 vehicles", "900000", "1000000", "[)", True, "vehicles", ""),
    "nearly -5%": ("nearly -5%", "-5", "-4.5", "(]", True, "%", ""),
    "a little over 10": ("a little over 10", "10", "11", "(]", True, "", ""),
    "~0.123456789012345": ("~0.123456789012345", "0.11111111011111", "0.13580246791358", "[]", True, "", ""),
    "~-5%": ("~-5%", "-5.5", "-4.5", "[]", True, "%", ""),
    "~0": ("~0", "0", "0", "[]", True, "", ""),
    "10..20%": ("10..20%", "10", "20", "[]", False, "%", ""),
    "10%..20%": ("10..20%", "10", "20", "[]", False, "%", ""),
    "1..2bn EUR": ("1bn..2bn EUR", "1000000000", "2000000000", "[]", False, "EUR", ""),
    "€1bn..€2bn": ("1bn..2bn EUR", "1000000000", "2000000000", "[]", False, "EUR", ""),
    "0.9m..1.5bn EUR": ("900,000..1,500,000,000 EUR", "900000", "1500000000", "[]", False, "EUR", ""),
    "-5..+3%": ("-5..+3%", "-5", "3", "[]", False, "%", ""),
    "68,000..<97,000": ("68,000..<97,000", "68000", "97000", "[)", False, "", ""),
    ">5..10": (">5..10", "5", "10", "(]", False, "", ""),
    "~5..10": ("~5..10", "5", "10", "[]", True, "", ""),
    "~>5..<10": ("~>5..<10", "5", "10", "()", True, "", ""),
    "5..5": ("5", "5", "5", "[]", False, "", ""),
}


def ends(value):
    left = "(" if value.low is None or value.low_open else "["
    return left + (")" if value.high is None or value.high_open else "]")


def number(text):
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("text", READ)
def test_reads(text):
    shown, low, high, brackets, about, unit, per = READ[text]
    value = parse_quantity(text)
    assert (value.shown, value.low, value.high) == (shown, number(low), number(high))
    assert (ends(value), value.about, value.unit, value.per) == (brackets, about, unit, per)
    assert parse_quantity(value.shown) == value
    assert parse_quantity(value.shown).shown == value.shown


@pytest.mark.parametrize("word", CANONICAL_QUALIFIERS)
def test_every_qualifier_reads_as_its_canonical_one(word):
    canonical = CANONICAL_QUALIFIERS[word]
    assert parse_quantity(f"{word.upper()} 500 jobs") == parse_quantity(f"{canonical}500 jobs")
    assert parse_quantity(f"{word} EUR 5m").shown == f"{canonical}5m EUR"


def test_no_two_qualifiers_mean_the_same():
    assert len({parse_quantity(f"{form}500") for form in QUALIFIERS}) == len(QUALIFIERS)


@pytest.mark.parametrize(("name", "period"), PERIODS_BY_NAME.items())
def test_periods(name, period):
    assert (parse_quantity(f"5 GWh/{name}").per, parse_quantity(f"5 GWh per {name}").per) == (period, period)


WHERE_NONE = "before a number is not a qualifier; write ~, <, <=, >, >= or nothing"
REFUSED = {
    "": '"": a quantity needs a number, such as "1.5bn EUR" or "<29,000 vehicles"',
    "billions of dollars": '"billions of dollars": missing number; if the source gives none, '
    'write figures.METRIC.printed = "billions of dollars"',
    "１5": '"１5": "１" is not an ASCII digit; write digits as 0-9',
    "5 ٣": '"5 ٣": "٣" is not an ASCII digit; write digits as 0-9',
    "1.500": '"1.500": "1.500" can be read as 1.5 or as 1,500; write it that way',
    "1.234bn EUR": '"1.234bn EUR": "1.234" can be read as 1.2340 or as 1,234; write it that way',
    "1,5bn": '"1,5bn": "1,5" can be read as 1.5 or as 15; write it that way',
    "0,500": '"0,500": "0,500" can be read as 0.5 or as 500; write it that way',
    "1.500,00": '"1.500,00": "1.500,00" can be read as 1.5 or as 1,500; write it that way',
    "1.500.000": '"1.500.000": "1.500.000" can be read as 1,500,000; write it that way',
    "1,23,456": '"1,23,456": "1,23,456" can be read as 123,456; write it that way',
    "1.2.3,4,5": '"1.2.3,4,5": "1.2.3,4,5" is not a number; write digits as in 68,000 or 1.5',
    "1234567890123456": '"1234567890123456": a number has at most 15 significant digits',
    "1" + 40 * "0": f'"1{40 * "0"}": a number is written with at most 40 digits',
    ".5": '".5": write a digit before the point: "0.5"',
    "68 000": '"68 000": digits are grouped by commas, as in 68,000',
    "68'000": '"68\'000": digits are grouped by commas, as in 68,000',
    "1e9": '"1e9": exponents are not read; write a scale (1bn) or all digits (1,000,000,000)',
    "-10-20%": '"-10-20%": a range is written with two points, as in "10..20%"',
    "100 A-320": '"100 A-320": a range is written with two points, as in "10..20%"',
    "5 m/day": '"5 m/day": "m" is a scale only directly after the number; write 5m, or a unit in full',
    "maybe 5": f'"maybe 5": "maybe" {WHERE_NONE}',
    "--5": f'"--5": "--" {WHERE_NONE}',
    "up to about 5": '"up to about 5": "up to" and "about" are two qualifiers; keep one',
    "<0": '"<0": the range is empty; if the number may be negative, add a sign, as in <+0',
    "nearly 0": '"nearly 0": the range is empty; if the number may be negative, add a sign, as in <+0',
    "¥5bn": '"¥5bn": "¥" is the yuan and the yen; write CNY or JPY',
    "5 ¥": '"5 ¥": "¥" is the yuan and the yen; write CNY or JPY',
    "R$5": '"R$5": "R$" is a currency not known by its sign; write its three letters, such as USD',
    "$5 vehicles": '"$5 vehicles": "$" and "vehicles" are two units; keep one',
    "5k m": '"5k m": "m" is a scale, not a unit; write the unit in full, such as metres',
    "5 cr": '"5 cr": "cr" is not a supported scale; write crore',
    "1.5B": '"1.5B": "B" is not a supported scale; write k, m, bn or tn',
    "5 T€": '"5 T€": "T€" is thousands or trillions; write 5k€ or 5tn€',
    "5T€": '"5T€": "T€" is thousands or trillions; write 5k€ or 5tn€',
    "5 TEUR": '"5 TEUR": "TEUR" is thousands or trillions; write 5k EUR or 5tn EUR',
    "3万辆": '"3万辆": "万辆" is not a supported scale; write k, m, bn or tn',
    "5 bln EUR": '"5 bln EUR": "bln" is not a supported scale; write k, m, bn or tn before EUR',
    "5 electric cars": '"5 electric cars": "electric cars" is more than one word; '
    'a unit is one word, such as "electric-cars"',
    "5 °C": '"5 °C": "°C" is not a unit; a unit is one word of letters, or %',
    "5/kWh": '"5/kWh": "/kWh" is not a period; write "/year", "/month", "/day", or a unit before the "/"',
    "500..": '"500..": a quantity is not open on one side; write "at least 500"',
    "..5": '"..5": a quantity is not open on one side; write "up to 5"',
    "1..2..3": '"1..2..3": a range has two ends, as in "10..20%"',
    "1...2": '"1...2": a range has two ends, as in "10..20%"',
    "up to 5..6": '"up to 5..6": a range cannot have "up to"; write "10..20", "~10..20", ">10..20" or "10..<20"',
    "5..about 6": '"5..about 6": a range cannot have "~"; write "10..20", "~10..20", ">10..20" or "10..<20"',
    "5 EUR..6 USD": '"5 EUR..6 USD": the ends have different units, "EUR" and "USD"; write the unit once, at the end',
    "5..3": '"5..3": "5..3" is reversed or empty; a scale at the end counts for both, so write one at each',
    "900,000..1.5m": '"900,000..1.5m": "900,000,000,000..1,500,000" is reversed or empty; '
    "a scale at the end counts for both, so write one at each",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text):
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text)
    assert str(caught.value) == REFUSED[text]


# text: shown, low, high, ends, unit, per
RANGES = {
    "1bn..": (">=1bn", "1000000000", None, "[)", "", ""),
    "..29k": ("<=29,000", None, "29000", "(]", "", ""),
    ">1bn..": (">1bn", "1000000000", None, "()", "", ""),
    "..<29k": ("<29,000", None, "29000", "()", "", ""),
    "10%..20%": ("10..20%", "10", "20", "[]", "%", ""),
    "1bn..2bn EUR": ("1bn..2bn EUR", "1000000000", "2000000000", "[]", "EUR", ""),
    "1..2bn": ("1bn..2bn", "1000000000", "2000000000", "[]", "", ""),
    ">1bn": (">1bn", "1000000000", None, "()", "", ""),
    "<=29k": ("<=29,000", None, "29000", "(]", "", ""),
    "<0": ("<0", None, "0", "()", "", ""),
    "up to 5": ("<=5", None, "5", "(]", "", ""),
    "1.5bn": ("1.5bn", "1500000000", "1500000000", "[]", "", ""),
    "~1.5bn": ("1.35bn..1.65bn", "1350000000", "1650000000", "[]", "", ""),
    "..5 GWh/year": ("<=5 GWh/year", None, "5", "(]", "GWh", "year"),
}


@pytest.mark.parametrize("text", RANGES)
def test_reads_ranges(text):
    shown, low, high, brackets, unit, per = RANGES[text]
    value = parse_range(text)
    assert (value.shown, value.low, value.high) == (shown, number(low), number(high))
    assert (ends(value), value.unit, value.per) == (brackets, unit, per)
    assert parse_range(value.shown) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("..", '"..": missing number; if the source gives none, write figures.METRIC.printed = ".."'),
        ("~5..", '"~5..": a range open on one side cannot have that qualifier; write "10.." or "..20"'),
        (">..5", '">..5": a range open on one side cannot have that qualifier; write "10.." or "..20"'),
        ("1,5..", '"1,5..": "1,5" can be read as 1.5 or as 15; write it that way'),
    ],
)
def test_refuses_ranges(text, message):
    with pytest.raises(QuantityError) as caught:
        parse_range(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("5 vehicles", "5 Vehicle", True),
        ("1,500m EUR", "€1.5bn", True),
        ("0..5", "up to 5", True),
        ("+3%", "3%", True),
        ("5 gas", "5 ga", False),
        ("5 mass", "5 mas", False),
        ("~5", "4.5..5.5", False),
        ("5/year", "5/month", False),
        ("<5", "up to 5", False),
    ],
)
def test_equal_by_meaning(one, other, same):
    assert (parse_quantity(one) == parse_quantity(other)) is same
    assert (len({parse_quantity(one), parse_quantity(other)}) == 1) is same


def test_a_range_equals_no_quantity():
    assert parse_quantity("5") != parse_range("5")


def test_values_are_immutable_and_copied_whole():
    value = parse_quantity("~1.5bn EUR/year")
    with pytest.raises(AttributeError, match="Quantity is immutable"):
        value.low = None
    with pytest.raises(AttributeError, match="Quantity is immutable"):
        del value.unit
    for twin in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301 - our own bytes
        assert (twin, twin.shown) == (value, value.shown)


def test_unit_key_takes_each_part():
    assert unit_key("Euros/Vehicles") == unit_key("euro/vehicle") == "euro/vehicle"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mW", "MW", False),
        ("mWh/month", "MWh/month", False),
        ("mm", "Mm", False),
        ("t", "T", False),
        ("GWh", "gwh", True),
        ("MW", "Mw", True),
        ("l", "L", True),
        ("EUR", "eur", True),
        ("pkr", "PKR", True),
        ("Men", "men", True),
        ("vehicles", "Vehicle", True),
    ],
)
def test_a_capital_may_make_another_unit(one, other, same):
    assert (unit_key(one) == unit_key(other)) is same
    assert (parse_quantity(f"5 {one}") == parse_quantity(f"5 {other}")) is same


digits = st.integers(-(10**15) + 1, 10**15 - 1)
decimals = st.builds(lambda n, places: Decimal(n).scaleb(-places), digits, st.integers(-6, 15))
units = st.sampled_from(["", "%", "EUR", "vehicles", "GWh", "辆", "m²", "USD/kWh"])
pers = st.sampled_from(["", "/year", "/month", "/day"])


@st.composite
def texts(draw):
    number = draw(decimals)
    tail = draw(units.map(lambda unit: " " + unit)) + draw(pers)
    if draw(st.booleans()):
        other = draw(decimals)
        low, high = sorted((number, other))
        marks = draw(st.sampled_from([("", ""), ("~", ""), (">", ""), ("", "<"), (">", "<")]))
        if low == high:
            marks = ("", "")
        return (
            f"{marks[0]}{format_number(low, use_scale=False)}..{marks[1]}{format_number(high, use_scale=False)}{tail}"
        )
    number = number or Decimal(1)  # nothing is "nearly 0"
    sign = "+" if number >= 0 else ""
    return f"{draw(st.sampled_from(list(CANONICAL_QUALIFIERS)))} {sign}{format_number(number)}{tail}"


@given(texts())
def test_what_is_shown_reads_as_the_same(text):
    value, wanted = parse_quantity(text), parse_range(text)
    assert parse_quantity(value.shown) == value
    assert parse_quantity(value.shown).shown == value.shown
    assert parse_range(wanted.shown) == wanted
    assert parse_range(wanted.shown).shown == wanted.shown


PIECES = [
    *CANONICAL_QUALIFIERS,
    *"0123456789.,+-−~<>/ %$€¥",
    "..",
    " EUR",
    "bn",
    "k",
    "m",
    "vehicles",
    "/year",
    "per ",
    "²",
    "辆",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=8))
def test_anything_reads_stably_or_is_refused_by_name(text):
    for read in (parse_quantity, parse_range):
        try:
            value = read(text)
        except QuantityError:
            continue
        assert read(value.shown) == value
        assert read(value.shown).shown == value.shown
        if value.low is not None and value.high is not None:
            assert value.low <= value.high


@given(decimals, units, st.booleans(), st.booleans())
def test_numbers_are_shown_exactly(number, unit, plus, scaled):
    shown = format_number(number, unit, force_sign=plus, use_scale=scaled)
    assert parse_quantity(f"{shown} {unit}").low == number


@given(st.lists(decimals, min_size=2, max_size=2, unique=True))
def test_fifteen_digits_keep_their_order_as_real(pair):
    low, high = sorted(pair)
    assert float(low) < float(high)


def test_currencies_are_known_by_their_code_in_any_case():
    assert {parse_quantity(f"5 {code.lower()}").unit for code in CURRENCIES} == CURRENCIES
