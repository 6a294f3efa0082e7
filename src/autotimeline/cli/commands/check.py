"""`autotimeline check`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.table import Row


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import answer
    from autotimeline.views import findings

    form = answer.chosen_format(values)
    opened = answer.story(values, check=False)
    found = [row for row in _found(opened.select()) if values["strict"] or row[2] != "note"]
    found.sort(key=lambda row: (str(row[0]), row[1]))
    if found or form.COMPLETE:
        fields = findings.FIELDS if form.COMPLETE else findings.BRIEF
        answer.write(findings.table(found, fields), form, values, opened.files)
    return 1 if found else 0


def _found(everything: Selection) -> Iterator[Row]:
    from autotimeline import checks, plugins

    accepted = {id: accept for id, accept in everything.rows(("id", "accept"))}  # noqa: C416  rows are no pairs
    for rule in plugins.names(checks):
        check = plugins.load(checks, rule)
        for finding in check.find(everything):
            # With an error in it the store cannot be asked, whatever its author thinks of it.
            reason = accepted.get(finding.event, {}).get(rule) if check.LEVEL != "error" else None
            level = "note" if reason else check.LEVEL
            text = f"{finding.text} (accepted: {reason})" if reason else finding.text
            yield finding.file, finding.line, level, rule, finding.event, text


STRICT = options.Option("strict", "--strict", "Show notes too (undated, unsourced, accepted), and fail on them.")
COMMAND = options.Command(
    "Silent when all is well; else every problem, and exit 1.",
    _run,
    (*options.STORE, options.FORMAT, options.OUTPUT, STRICT),
)
