"""`autotimeline figures`, as it is started: its options, its errors to the letter, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asking import ask

STORY = str(Path(__file__).parent.parent / "facts.toml")
STORE = str(Path(__file__).parent / "reports" / "figures.toml")
PERIODS = "year, half, quarter, month, week, day, hour"
FIELDS = (
    "metric, text, low, high, unit, about, of, period, basis, sources, event, date, match, status,"
    " claimed, disputed, repeats, holder"
)
pytestmark = pytest.mark.usefixtures("cache")


def plain(*arguments, store=STORE):
    code, out, err = ask("-f", store, "--today", "2025-11-22", "figures", *arguments, "-O", "plain")
    assert (code, err) == (0, "")
    return [line.split("\t") for line in out.splitlines()]


def test_sales_of_a_year_and_of_a_half_on_one_footing():
    rows = plain("--metric", "sales", "--per", "month", "--fields", "event,rate,change,before", store=STORY)
    assert ["french-brands-2024", "5,667 vehicles/month", "", ""] in rows
    assert [*("french-brands-2025h1", "<4,834 vehicles/month", "down more than 14%", "french-brands-2024")] in rows
    code, out, _ = ask("-f", STORY, "figures", "--metric", "sales", "--per", "month", "-O", "table")
    assert code == 0
    assert (
        "  French brands: 5,667 vehicles/month (2024) against fewer than 4,834 vehicles/month (2025H1):"
        " down more than 14%\n" in out
    )


def test_bounds_of_rates_are_numbers_rounded_outward():
    code, out, _ = ask("-f", STORY, "figures", "--metric", "sales", "--per", "month", "-O", "json")
    assert code == 0
    assert '"rate": "5,667 vehicles/month", "rate_low": 5666.66666666666, "rate_high": 5666.66666666667' in out
    assert '"rate": "<4,834 vehicles/month", "rate_low": 0, "rate_high": 4833.33333333334' in out


def test_metrics_are_given_one_by_one_or_parted_by_commas():
    assert plain("--metric", "growth", "--metric", "debt") == plain("--metric", "growth,debt")
    assert {row[0] for row in plain("--metric", "growth,debt")} == {"growth", "debt"}


def test_sort_reverse_limit_and_fields_are_about_the_rows():
    rows = plain("--unit", "EUR", "--sort", "high", "-r", "-n", "2", "--fields", "high,event")
    assert rows == [["3000000000", "rail"], ["3000000000", "rail-repeated"]]
    turned = [event for event, _ in plain("--metric", "sales,debt", "--fields", "event,date", "-r")]
    assert (turned[0], turned[-1]) == ("report", "rail-repeated")
    assert plain("--sum", "-n", "1", "--fields", "metric,text,figures") == [["sales", "~16,500..19,000 cars", "2"]]


def test_dates_and_periods_sort_as_dates():
    dates = [row[0] for row in plain("--sort", "date", "--fields", "date")]
    assert [date for n, date in enumerate(dates) if n == 0 or dates[n - 1] != date] == [
        *("2023", "~2023", "2023-05", "2023-06", "2023-07", "2023-09", "2024H1", "2024-03", "")
    ]
    periods = [row[0] for row in plain("--metric", "sales", "--sort", "period", "--fields", "period")]
    assert periods == ["2023", "2023H2", *["2024H1"] * 4, "2024-01-01/2024-02-29", "2024-03/2024-04", "2024-03", ""]


@pytest.mark.parametrize("arguments", [["--sort", "high"], ["-r"], ["-n", "3"], ["--fields", "metric,text"]])
def test_who_asks_for_another_order_gets_a_table(arguments):
    _, out, _ = ask("-f", STORE, "figures", *arguments, "-O", "table")
    assert out.splitlines()[0].split()[:2] == ["metric", "text"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--per", "month", "--sum"], "--per and --sum: rates neither add nor convert; choose one"),
        (
            ["--per", "decade"],
            'invalid period "decade"; the periods are ' + PERIODS,
        ),
        (["--per", "mounth"], 'invalid period "mounth"; did you mean "month"?; the periods are ' + PERIODS),
        (["--metric", "sale"], 'no metric "sale"; did you mean "sales"?'),
        (["--metric", ","], "--metric: missing value; write --metric NAME, or remove the option"),
        (["--sum", "--unit", "EURR"], 'no figure has the unit "EURR"; did you mean "EUR"?'),
        (["--unit", "EUR/day"], 'no figure has the unit "EUR/day"; there is EUR'),
        (["--unit", "1 2"], 'invalid unit "1 2"; write a unit like EUR, vehicles, %, or GWh/year'),
        (
            ["--sort", "rate"],
            'cannot sort by "rate"; did you mean "date"?',
        ),
        (
            ["--fields", "change"],
            'no field "change"; there are ' + FIELDS,
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_wrong_is_said_with_what_to_write_instead(arguments, told):
    code, out, err = ask("-f", STORE, "figures", *arguments)
    assert (code, out, err) == (2, "", f"autotimeline: {told}\n")


def test_exit_status_asks_for_figures():
    def code(*arguments):
        return ask("-f", STORE, "figures", *arguments, "-e")[0]

    assert code("kind:nonesuch") == code("id:plant", "--metric", "sales") == 1
    assert code("id:plant") == code("id:plant", "--sum") == code("id:plant", "--per", "month") == 0
    assert ask("-f", STORE, "figures", "id:plant", "--metric", "sales") == (0, "", "")


@pytest.mark.parametrize("more", [[], ["--sum"], ["--per", "year"]])
def test_as_of_and_certain_hold_for_figures_too(more):
    def events(*arguments):
        rows = json.loads(ask("-f", STORE, "figures", "2023", *more, *arguments, "-O", "json")[1])
        return {event for row in rows for event in row.get("events", [row.get("event")])}

    assert "road" in events()
    assert "road" not in events("--certain")
    assert events("--as-of", "2024-03-01") == {"year-2023", "plant", "mine", "rail"}


REPEATED = """\
[[event]]
id = "first"
period = "2022"
title = "First"
figures.revenue = "600 EUR"
figures.sales = { printed = "many" }

[[event]]
id = "again"
period = "2024"
title = "Again"
figures.revenue = "@first"
figures.sales = "@first"

[[event]]
id = "thrice"
date = "2025-03-01"
title = "Thrice"
figures.revenue = "@again"

[[event]]
id = "other"
period = "2025"
title = "Other"
figures.revenue = { value = "@first", period = "2021" }
"""


def test_a_figure_that_repeats_another_covers_the_period_of_that_one(tmp_path):
    store = tmp_path / "facts.toml"
    store.write_text(REPEATED, "utf-8")
    rows = plain("--fields", "event,metric,period,rate", "--per", "month", "--sort", "event", store=str(store))
    assert rows == [
        ["again", "revenue", "2022", "50 EUR/month"],
        ["again", "sales", "2022", ""],
        ["first", "revenue", "2022", "50 EUR/month"],
        ["first", "sales", "2022", ""],
        ["other", "revenue", "2021", "50 EUR/month"],
        ["thrice", "revenue", "2022", "50 EUR/month"],
    ]
    drawn = ask("-f", str(store), "figures", "again", "-O", "table")[1]
    assert "600 EUR  2022  again · the figure of first\n" in drawn
    snapshot = tmp_path / "snapshot.toml"
    assert ask("-f", str(store), "export", "since:2024", "-o", str(snapshot))[0] == 0
    again = plain("--fields", "event,metric,period", "--sort", "event", store=str(snapshot))
    assert again == [row[:3] for row in rows if row[0] != "first"]
