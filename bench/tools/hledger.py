"""hledger: a journal in which each event is a transaction of its actor's account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feed import ACTOR, QUESTIONS, WORD, YEAR, Event
from tools._tool import Form, Place, Tool, fixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def text(event: Event) -> str:
    """Return an event as a transaction; an amount in parentheses needs none on the other side."""
    head = f"{event.date} ({event.id}) {event.title}  ; kind: {event.kind}\n"
    return f"{head}    ; note: {event.note}\n    ({event.actor})  {event.amount} {event.unit}\n\n"


class Hledger(Tool):
    """hledger, which reads all of the journal for each question."""

    name = "hledger"
    program = "hledger"
    debian = "hledger"
    form = Form("events.journal", fixed(), text)
    remark = "count by year: a star an event, as its `activity` shows them"

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        asked = (
            ("print", "-O", "csv", f"date:{YEAR}"),
            ("print", "-O", "csv", f"acct:^{ACTOR}$", f"desc:{WORD}"),
            ("activity", "--yearly"),
            ("print", "-O", "csv"),
        )
        start = (at.program, "-f", self.form.file)
        return {question: (*start, *words) for question, words in zip(QUESTIONS, asked, strict=True)}

    def rows(self, question: str, text: str) -> Iterable[Sequence[str]]:
        """Return the rows."""
        if question == "count by year":
            return ((row[:4], str(row.count("*"))) for row in text.splitlines())
        return (row(question, transaction) for transaction in list(super().rows(question, text))[1:])


def row(question: str, transaction: Sequence[str]) -> Sequence[str]:
    """Return a row of what `print` tells of a transaction; its comment is that of the head and that below it."""
    _, date, _, _, id, title, comment, account, amount, unit, *_ = transaction
    if question != "everything as CSV":
        return id, date, title
    kind, note = comment.removeprefix("kind: ").split("\nnote: ")
    return id, date, kind, account.strip("()"), amount, unit, title, note


TOOLS = [Hledger()]
