"""A saved query that is invalid for every store; names that are not in this store are allowed."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.errors import UnknownNameError, UsageError
from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
A saved query is parsed only when it is used, so a mistake in it stays hidden. Names that are not in
this store are allowed, because the store may be a part of another.

Correct the query; autotimeline list --explain :NAME shows how it is understood."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each alias with an invalid query."""
    for name, file, line in everything.catalog.entity_locations("alias"):
        try:
            everything.derive(f":{name}")
        except UnknownNameError:
            continue
        except UsageError as error:
            yield Finding(file, line, None, str(error))
