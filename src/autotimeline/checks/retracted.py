"""A fact whose sources are all retracted."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import read_bodies

LEVEL = "problem"
EXPLAIN = """\
A retracted source no longer supports a fact, so a fact without other sources has none.

Cite a source that still supports it, or remove the fact."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each event all of whose sources are retracted."""
    retracted = {id for _, id, _, _, keys in read_bodies(everything, "source") if keys.get("status") == "retracted"}
    if not retracted:
        return
    for id, file, line, cited in everything.rows(("id", "file", "line", "cited")):
        if cited and retracted.issuperset(cited):
            what = f"all sources are retracted: {', '.join(cited)}"
            yield Finding(file, line, id, f"{what}; cite another source")
