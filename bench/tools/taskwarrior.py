"""Taskwarrior: completed tasks, each with the day of its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from feed import ACTOR, QUESTIONS, WORD, YEAR, Event
from tools._tool import Form, Place, Tool, counted, fixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# No task is on the list of those to do: nothing has to be collected or numbered before an answer.
SETTINGS = """\
data.location={folder}
confirmation=off
verbose=nothing
hooks=off
defaultwidth=0
json.array=off
dateformat=Y-M-D
dateformat.report=Y-M-D
uda.eid.type=string
uda.kind.type=string
uda.amount.type=numeric
uda.unit.type=string
uda.note.type=string
report.brief.columns=eid,end,description
report.brief.sort=end+,eid+
report.years.columns=end
report.years.sort=end+
"""


def text(event: Event) -> str:
    """Return an event as a line of what `task import` reads."""
    day = f"{event.date.replace('-', '')}T000000Z"
    task = {"status": "completed", "entry": day, "end": day, "project": event.actor, "description": event.title}
    others = {"eid": event.id, "kind": event.kind, "amount": int(event.amount), "unit": event.unit, "note": event.note}
    return json.dumps(task | others, ensure_ascii=False) + "\n"


class Taskwarrior(Tool):
    """Taskwarrior, which reads all of its data for each question."""

    name = "Taskwarrior"
    program = "task"
    debian = "taskwarrior"
    form = Form("tasks.json", fixed(), text)
    remark = "count by year: the dates, through cut and uniq; everything: as JSON, for it writes no CSV"

    def environment(self, at: Place) -> dict[str, str]:
        """Return settings of its own; without them it would ask whether to write some."""
        settings = at.folder / "taskrc"
        if not settings.exists():
            settings.write_text(SETTINGS.format(folder=at.folder), "utf-8")
        return {"TASKRC": str(settings), "TZ": "UTC"}

    def load(self, at: Place) -> Sequence[Sequence[str]]:
        """Return the import."""
        return [(at.program, "import", self.form.file)]

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        asked = (
            (at.program, f"end.after:{int(YEAR) - 1}-12-31", f"end.before:{int(YEAR) + 1}-01-01", "brief"),
            (at.program, f"project.is:{ACTOR}", f"description.has:{WORD}", "brief"),
            ("sh", "-c", f"{at.program} years | cut -c 1-4 | uniq -c"),
            (at.program, "export"),
        )
        return dict(zip(QUESTIONS, asked, strict=True))

    def rows(self, question: str, text: str) -> Iterable[Sequence[str]]:
        """Return the rows; columns of a report have a space between them, and the description last."""
        if question == "count by year":
            return counted(text)
        if question != "everything as CSV":
            return (row.rstrip().split(" ", 2) for row in text.splitlines())
        return (
            (
                t["eid"],
                day(t["end"]),
                t["kind"],
                t["project"],
                f"{t['amount']:.0f}",
                t["unit"],
                t["description"],
                t["note"],
            )
            for t in map(json.loads, text.splitlines())
        )


def day(end: str) -> str:
    """Return `20190304T000000Z` as an ISO day."""
    return f"{end[:4]}-{end[4:6]}-{end[6:8]}"


TOOLS = [Taskwarrior()]
