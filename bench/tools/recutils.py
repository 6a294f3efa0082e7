"""GNU recutils: a file of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feed import ACTOR, QUESTIONS, WORD, YEAR, Event
from tools._tool import Form, Place, Tool, counted, fixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEAD = "%rec: Event\n%key: Id\n%type: Date date\n%type: Amount int\n\n"


def text(event: Event) -> str:
    """Return an event as a record."""
    return "".join(f"{field.title()}: {value}\n" for field, value in event._asdict().items()) + "\n"


class Recutils(Tool):
    """recsel and rec2csv, which read all of the file for each question."""

    name = "recutils"
    program = "recsel"
    debian = "recutils"
    form = Form("events.rec", fixed(HEAD), text)
    remark = "lists through sort; count by year: the dates, through cut, sort and uniq"

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        # Its own `-S` takes four times as long at 10,000 events: it sorts all records before it chooses among them.
        brief = f"-CR Id,Date,Title {self.form.file} | sort -k 2,2 -k 1,1"
        asked = (
            f"""recsel -e "Date ~ '^{YEAR}'" {brief}""",
            f"""recsel -e "Actor = '{ACTOR}' && Title ~ '{WORD}'" {brief}""",
            f"recsel -CR Date {self.form.file} | cut -c 1-4 | sort | uniq -c",
            f"rec2csv -t Event {self.form.file}",
        )
        return {question: ("sh", "-c", words) for question, words in zip(QUESTIONS, asked, strict=True)}

    def rows(self, question: str, text: str) -> Iterable[Sequence[str]]:
        """Return the rows; a list has a space between its cells, and the title last."""
        if question == "count by year":
            return counted(text)
        if question == "everything as CSV":
            return list(super().rows(question, text))[1:]
        return (row.split(" ", 2) for row in text.splitlines())


TOOLS = [Recutils()]
