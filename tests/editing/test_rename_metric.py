"""A metric and a rate are renamed with everything that names them."""

from __future__ import annotations

import tomllib

from asking import ask
from autotimeline.editing.references import replace_references

STORE = """\
[source.s]
title = "S"

[metric.sales_value]
measures = "amount"

[rate.usd]
of = "USD"
in = "EUR"
value = "0.9"
date = 2024-01-01
source = "s"

[alias]
big = "sales_value:5.. metric:sales_value sales_value-tag"

[[event]]
id = "one"
title = "One"
figures.sales_value = "5 USD"
sources = [{ id = "s", figures = { sales_value = "7 USD" } }]
"""


def test_a_renamed_metric_takes_its_figures_and_queries_along(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    assert ask("-f", str(path), "rename", "metric:sales_value", "revenue")[0] == 0
    store = tomllib.loads(path.read_text("utf-8"))
    assert store["metric"] == {"revenue": {"measures": "amount"}}
    assert store["alias"] == {"big": "revenue:5.. metric:revenue sales_value-tag"}
    assert store["event"][0]["figures"] == {"revenue": "5 USD"}
    assert store["event"][0]["sources"][0]["figures"] == {"revenue": "7 USD"}


def test_a_metric_without_a_table_gets_one_first(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE.replace('[metric.sales_value]\nmeasures = "amount"\n', ""), "utf-8")
    remedy = "add it with `autotimeline add metric:sales_value measures=amount`"
    error = f"autotimeline: no table [metric.sales_value]; {remedy}\n"
    assert ask("-f", str(path), "rename", "metric:sales_value", "revenue") == (2, "", error)


def test_no_figure_is_lost_if_an_event_has_both_metrics():
    body = {"id": "e", "figures": {"cost": "1", "fee": ["2", "3"]}}
    renamed, paths = replace_references("event", body, "metric", "fee", "cost")
    assert (renamed["figures"], paths) == ({"cost": ["1", "2", "3"]}, ["figures.fee"])


def test_a_renamed_source_is_renamed_in_a_rate(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    assert ask("-f", str(path), "rename", "s", "bank")[0] == 0
    assert tomllib.loads(path.read_text("utf-8"))["rate"]["usd"]["source"] == "bank"
    code, _, err = ask("-f", str(path), "remove", "bank")
    assert (code, "rate usd: source" in err) == (4, True)


def test_the_rule_for_the_name_of_a_metric_is_its_own(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    error = 'autotimeline: "2024" is not an id; begin with a letter, and use a-z, 0-9, - and _\n'
    assert ask("-f", str(path), "add", "metric:2024", "measures=level") == (2, "", error)
