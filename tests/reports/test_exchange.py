"""Conversion of currencies: which rates apply on a day, and that the bounds include whatever is true."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from datetime import date, timedelta
from fractions import Fraction

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

import autotimeline
from asking import ask
from autotimeline.quantities.arithmetic import add_quantities
from autotimeline.quantities.factor import Factor, scale_quantity
from autotimeline.quantities.parse import parse_quantity
from autotimeline.reports.exchange import CurrencyConverter

FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(number) for number in range(12)]
ORDINALS = [day.toordinal() for day in DAYS]


def store(rates, *events):
    return tomli_w.dumps(
        {
            "source": {"s": {"title": "S"}},
            "rate": {f"r{n}": rate for n, rate in enumerate(rates)},
            "event": [{"id": f"e{n}", "title": "x", **event} for n, event in enumerate(events)],
        }
    )


def rate(value, *, of="USD", into="EUR", **when):
    return {"of": of, "in": into, "value": str(value), **when}


def converted(path, text, currency="EUR"):
    """Return the number of each figure in the currency, or why it has none, and the ids of the rates."""
    path.write_text(text, "utf-8")
    with autotimeline.open(str(path), cache=False) as story:
        selection = story.select()
        converter = CurrencyConverter(selection, currency)
        results = [converter.convert(figure) for figure in selection.figures()]
    return [
        (result, []) if isinstance(result, str) else (result.quantity.shown, [r.id for r in result.rates])
        for result in results
    ]


COST = {"figures": {"cost": "100 USD"}}


@pytest.mark.parametrize(
    ("rates", "when", "answer"),
    [
        ([rate("0.5", date="2024-01-01")], {"date": "2024-01-01"}, ("50 EUR", ["r0"])),
        ([rate("0.5", date="2024-01-01")], {"date": "2024-06"}, ("50 EUR", ["r0"])),
        ([rate("0.5", date="2024-01-02")], {"date": "2024-01-01"}, ('no rate from USD to EUR covers "2024-01-01"', [])),
        ([rate("0.5", date="2024-01-02")], {}, ("no date is known for a rate from USD to EUR", [])),
        ([rate("0.5", date="2020")], {"date": "by 2024", "status": "planned"}, ("~50..50 EUR", ["r0"])),
        ([rate("0.5", date="2020")], {"date": "2024-01?"}, ("~50..50 EUR", ["r0"])),
        ([rate("0.5", date="2020?")], {"date": "2024-01"}, ("~50..50 EUR", ["r0"])),
        ([rate("0.5", date="2020")], {"date": "until 2024"}, ('no rate from USD to EUR covers "until 2024"', [])),
        ([rate("0.5", date="2020")], {"period": "2024/.."}, ('no rate from USD to EUR covers "from 2024"', [])),
        # A later rate, an average of the year, and one of the month.
        ([rate("0.5", date="2020"), rate("0.6", date="2024-01-01")], {"date": "2024-02"}, ("60 EUR", ["r1"])),
        ([rate("0.5", date="2024-01-01"), rate("0.6", period="2024")], {"date": "2024-02"}, ("60 EUR", ["r1"])),
        ([rate("0.5", date="2024-01-01"), rate("0.6", period="2024")], {"date": "2024-01-01"}, ("50 EUR", ["r0"])),
        ([rate("0.5", period="2024"), rate("0.6", period="2024-02")], {"date": "2024-02-03"}, ("60 EUR", ["r1"])),
        (
            [rate("0.5", date="2024")],
            {"date": "2024-03"},
            (
                'no rate from USD to EUR covers "2024-03"; r0 applies after its date,'
                ' so write period = "2024" for an average',
                [],
            ),
        ),
        ([rate("0.5", period="2024")], {"date": "2025-01"}, ('no rate from USD to EUR covers "2025-01"', [])),
        ([rate("0.5", period="2024")], {"date": "2024/2025-01"}, ('no rate from USD to EUR covers "2024/2025-01"', [])),
        # Several rates that may apply, and rates with bounds.
        ([rate("0.5", date="2020"), rate("0.6", date="2024-02-10")], {"date": "2024-02"}, ("50..60 EUR", ["r0", "r1"])),
        (
            [rate("0.5", date="2024-02-01"), rate("0.6", date="2024-02-01")],
            {"date": "2024-02-01"},
            ("50..60 EUR", ["r0", "r1"]),
        ),
        ([rate("0.5..0.6", date="2020")], {"date": "2024"}, ("50..60 EUR", ["r0"])),
        ([rate(">0.5", date="2020")], {"date": "2024"}, (">50 EUR", ["r0"])),
        ([rate("~0.5", date="2020")], {"date": "2024"}, ("~50 EUR", ["r0"])),
        # The inverse, and a chain.
        ([rate("4", of="EUR", into="USD", date="2020")], {"date": "2024"}, ("25 EUR", ["r0"])),
        (
            [rate("7", into="CNY", date="2020"), rate("7", of="EUR", into="CNY", date="2020")],
            {"date": "2024"},
            ("100 EUR", ["r0", "r1"]),
        ),
        (
            [rate("0.5", date="2020"), rate("4", of="EUR", into="USD", date="2021")],
            {"date": "2024"},
            ("50 EUR", ["r0"]),
        ),
        # Chains of the same length.
        (
            [
                *(rate("0.8", into="GBP", date="2020"), rate("1.2", of="GBP", date="2020")),
                *(rate("7", into="CNY", date="2020"), rate("0.2", of="CNY", date="2020")),
            ],
            {"date": "2024"},
            ("96..140 EUR", ["r0", "r1", "r2", "r3"]),
        ),
        # A chain without an inverse comes first.
        (
            [
                rate("2", of="EUR", into="USD", date="2020"),
                *(rate("1", into="GBP", date="2023"), rate("3", of="GBP", date="2023")),
            ],
            {"date": "2024"},
            ("300 EUR", ["r1", "r2"]),
        ),
    ],
)  # fmt: skip
def test_the_rate_of_a_day(tmp_path, rates, when, answer):
    known = {"known": "2023"} if when.get("status") else {}
    assert converted(tmp_path / "facts.toml", store(rates, {**COST, **when, **known})) == [answer]


def test_a_period_of_the_figure_goes_before_the_date_of_its_event(tmp_path):
    rates = [rate("0.5", period="2023"), rate("0.6", period="2024")]
    event = {"date": "2024-03", "figures": {"sales": {"value": "100 USD", "period": "2023"}}}
    assert converted(tmp_path / "facts.toml", store(rates, event)) == [("50 EUR", ["r0"])]


def test_a_disputed_date_takes_the_rates_of_all_claims(tmp_path):
    rates = [rate("0.5", period="2023"), rate("0.6", period="2024")]
    event = {**COST, "date": "2024-03", "sources": [{"id": "s", "date": "2023-03"}]}
    assert converted(tmp_path / "facts.toml", store(rates, event)) == [("50..60 EUR", ["r1", "r0"])]
    reason = 'no rate from USD to EUR covers "2024-03" and "2023-03"'
    assert converted(tmp_path / "facts.toml", store(rates[1:], event)) == [(reason, [])]


def test_other_units_and_the_currency_itself_remain(tmp_path):
    event = {"date": "2024", "figures": {"a": "5 vehicles", "b": "5 EUR", "c": "-100 USD", "d": "<100 USD"}}
    expected = [("5 vehicles", []), ("5 EUR", []), ("-60..-50 EUR", ["r0"]), ("<60 EUR", ["r0"])]
    assert converted(tmp_path / "facts.toml", store([rate("0.5..0.6", period="2024")], event)) == expected


@pytest.mark.parametrize(
    ("amount", "value", "answer"),
    [
        ("9999.99 USD", "3", "3,333.33 EUR"),
        ("1234567.89 USD", "1.1", "1,122,334.44..1,122,334.45 EUR"),
        ("1000 USD", "1.0847", "921.91..921.92 EUR"),
        ("0.01 USD", "3", "0.003333..0.003334 EUR"),
        ("-1000 USD", "3", "-333.34..-333.33 EUR"),
        ("1bn USD", "1.6", "625m EUR"),
        ("~1bn USD", "3", "~333.3m EUR"),
        ("a little over 500 USD", "1.0847", "~>460.9..507.1 EUR"),
        ("100 USD/year", "3", "33.33..33.34 EUR/year"),
    ],
)
def test_an_endless_decimal_is_a_range(tmp_path, amount, value, answer):
    rates = [rate(value, of="EUR", into="USD", date="2020")]
    event = {"date": "2024", "figures": {"cost": amount}}
    assert converted(tmp_path / "facts.toml", store(rates, event)) == [(answer, ["r0"])]


@given(st.decimals("0.01", "9999999.99", places=2), st.decimals("0.001", "99.999", places=3), st.booleans())
def test_the_text_of_an_amount_includes_it(amount, value, is_inverse):
    factor = Factor.from_quantity(parse_quantity(f"{value:.4f}"))
    stated = parse_quantity(f"{amount:.4f} USD")
    exact = Fraction(amount) / Fraction(value) if is_inverse else Fraction(amount) * Fraction(value)
    result = scale_quantity(stated, factor.inverse() if is_inverse else factor, "EUR")
    total = add_quantities([result, result])
    for quantity, number in ((result, exact), (total, 2 * exact)):
        assert quantity.exact_bounds == (number, number)
        shown = [part.replace(",", "").replace(" EUR", "") for part in quantity.shown.split("..")]
        low, high = (
            Fraction(text.replace("m", "")) * (1_000_000 if "m" in text else 1) for text in (shown[0], shown[-1])
        )
        assert low <= number <= high
        assert high - low <= Fraction(1, 100)
        assert (low == high) is (10**40 % number.denominator == 0)


def test_a_repeated_figure_is_converted_as_the_original(tmp_path):
    rates = [rate("0.5", period="2023"), rate("0.6", period="2024")]
    original = {**COST, "date": "2023-05", "sources": [{"id": "s", "date": "2024-06"}]}
    again = {"date": "2024-07", "figures": {"cost": "@e0"}}
    text = store(rates, original, again, {**again, "figures": {"cost": "@e1"}})
    assert converted(tmp_path / "facts.toml", text) == [("50..60 EUR", ["r0", "r1"])] * 3


def test_as_of_a_day_only_the_rates_of_that_day_are_known(tmp_path):
    path = tmp_path / "facts.toml"
    events = {**COST, "date": "2024-01-05", "known": "2024-01-05"}
    path.write_text(
        store([rate("0.5", date="2024-01-01"), rate("0.6", date="2024-01-05", source="s")], events), "utf-8"
    )
    text = path.read_text("utf-8").replace('title = "S"', 'title = "S"\npublished = 2024-02-01')
    path.write_text(text, "utf-8")
    line = ("-f", str(path), "figures", "--in", "EUR", "-O", "plain", "--fields", "converted,rates")
    assert ask(*line) == (0, "60 EUR\tr1\n", "")
    assert ask(*line, "--as-of", "2024-01-20") == (0, "50 EUR\tr0\n", "")


# ---------------------------------------------------------------- brute force over days


@pytest.mark.parametrize("options", [(), ("--as-of", "2024-06")])
def test_the_export_of_a_query_has_every_rate_and_its_source(tmp_path, options):
    """An amount in CNY may need the rates from CNY to USD and from USD to EUR."""
    rates = [
        rate("0.5", of="CNY", into="USD", date="2024-01-01", source="s"),
        rate("0.5", date="2024-01-01", source="s"),
    ]
    bought = {"date": "2024-02", "known": "2024-02", "kind": "deal", "figures": {"cost": "100 CNY"}}
    text = store(rates, bought, {"date": "2023", "known": "2023"})
    text = text.replace("[source.s]", '[source.s]\npublished = "2024-02"')
    path, snapshot = tmp_path / "facts.toml", tmp_path / "snapshot.toml"
    path.write_text(text, "utf-8")
    code, out, err = ask("export", "-f", path, *options, "kind:deal", "-O", "toml")
    assert (code, err) == (0, "")
    snapshot.write_text(out, "utf-8")
    code, out, err = ask("figures", "-f", snapshot, "--in", "EUR", "--fields", "text,rates", "-O", "jsonl")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"text": "100 CNY", "rates": ["r0", "r1"]}


@st.composite
def when(draw):
    """A day, or a range of days as a date or as a period."""
    first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    key = draw(st.sampled_from(["date", "period"]))
    return {key: f"{first}" if key == "date" and draw(st.booleans()) else f"{first}/{last}"}


def worlds(spec):
    """Return (kind, first, last) of each reading of a rate's date or period."""
    ((key, text),) = spec.items()
    first, _, last = text.partition("/")
    first, last = date.fromisoformat(first).toordinal(), date.fromisoformat(last or first).toordinal()
    if key == "period":
        return [("period", first, last)]
    return [("date", day, day) for day in range(first, last + 1)]


def applying(world, day):
    """Return the rates of a world that apply on a day, by the rule of docs/figures.md."""
    same_day = [n for n, (kind, first, _) in enumerate(world) if kind == "date" and first == day]
    inside = [n for n, (kind, first, last) in enumerate(world) if kind == "period" and first <= day <= last]
    before = [n for n, (kind, first, _) in enumerate(world) if kind == "date" and first < day]
    shortest = min((world[n][2] - world[n][1] for n in inside), default=0)
    latest = max((world[n][1] for n in before), default=0)
    return (
        same_day
        or [n for n in inside if world[n][2] - world[n][1] == shortest]
        or [n for n in before if world[n][1] == latest]
    )


@given(st.lists(when(), min_size=1, max_size=3), st.sampled_from(ORDINALS), st.sampled_from(ORDINALS))
def test_the_bounds_are_those_of_the_rates_in_every_world(tmp_path_factory, specs, one, other):
    from itertools import product

    first, last = sorted((one, other))
    span = f"{date.fromordinal(first)}/{date.fromordinal(last)}"
    rates = [rate(n + 1, **spec) for n, spec in enumerate(specs)]
    path = tmp_path_factory.mktemp("rates") / "facts.toml"
    found = converted(path, store(rates, {**COST, "period": span}))[0]
    used, is_covered = set(), True
    for world in product(*map(worlds, specs)):
        for day in range(first, last + 1):
            chosen = applying(world, day)
            used.update(chosen)
            is_covered = is_covered and bool(chosen)
    if is_covered:
        low, high = 100 * (min(used) + 1), 100 * (max(used) + 1)
        assert (found[0], set(found[1])) == (
            f"{low}..{high} EUR" if low < high else f"{low} EUR",
            {f"r{n}" for n in used},
        )
    else:
        assert found[0].startswith("no rate from USD to EUR covers")


# ---------------------------------------------------------------- hledger

CURRENCIES = ("USD", "GBP")
MONEY = st.decimals("0.01", "9999.99", places=2)
PRICES = st.decimals("0.001", "9.999", places=3)
SOME_DAYS = st.dates(date(2021, 1, 1), date(2024, 12, 31))


@st.composite
def books(draw):
    """Prices of two currencies, of which each has one on the first day, and amounts of three."""
    prices = {(date(2021, 1, 1), code): draw(PRICES) for code in CURRENCIES}
    prices |= draw(st.dictionaries(st.tuples(SOME_DAYS, st.sampled_from(CURRENCIES)), PRICES, max_size=8))
    amounts = draw(
        st.lists(st.tuples(SOME_DAYS, st.sampled_from((*CURRENCIES, "EUR")), MONEY), min_size=1, max_size=12)
    )
    return prices, amounts


@pytest.mark.skipif(not shutil.which("hledger"), reason="hledger is not installed")
def test_totals_by_year_in_one_currency_are_those_of_hledger(tmp_path):
    hledger = shutil.which("hledger")

    @given(books())
    def compare(book):
        prices, amounts = book
        # Without it, hledger rounds to the fewest decimals.
        journal = "commodity 1000.00000 EUR\n"
        journal += "".join(f"P {day} {code} {value} EUR\n" for (day, code), value in sorted(prices.items()))
        for day, code, amount in amounts:
            journal += f"\n{day} x\n    costs  {amount} {code}\n    cash\n"
        line = [hledger, "-f", "-", "bal", "costs", "-Y", "-X", "EUR", "--value=then", "-O", "csv"]
        out = subprocess.run(line, input=journal, capture_output=True, text=True, check=True).stdout
        head, *rows = csv.reader(io.StringIO(out))
        expected = {int(year): cell for year, cell in zip(head[1:], rows[-1][1:], strict=True)}
        rates = [rate(f"{value:.4f}", of=code, date=str(day)) for (day, code), value in prices.items()]
        events = [{"date": str(day), "figures": {"cost": f"{amount} {code}"}} for day, code, amount in amounts]
        path = tmp_path / "facts.toml"
        path.write_text(store(rates, *events), "utf-8")
        line = ("-f", str(path), "--no-cache", "figures", "--sum", "--by", "year", "--in", "EUR", "-O", "json")
        code, out, err = ask(*line)
        assert (code, err) == (0, "")
        found = {row["year"]: (row["low"], row["high"]) for row in json.loads(out, parse_float=str, parse_int=int)}
        numbers = {year: Fraction(text.replace(" EUR", "")) for year, text in expected.items()}
        assert {year: number for year, number in numbers.items() if number} == {
            year: Fraction(low) for year, (low, high) in found.items() if low == high
        }
        assert all(low == high for low, high in found.values())

    compare()
