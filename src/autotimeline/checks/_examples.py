"""The two example stores of each rule: NAME.bad.toml and NAME.good.toml, beside its module."""

from pathlib import Path


def read_examples(rule: str) -> tuple[str, str]:
    """Return a store in which the rule finds something, and one in which no rule does."""
    name = rule.replace("-", "_")
    bad, good = (Path(__file__).with_name(f"{name}.{kind}.toml").read_text("utf-8") for kind in ("bad", "good"))
    return bad, good
