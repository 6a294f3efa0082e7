"""autotimeline: a store of TOML."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from feed import ACTOR, QUESTIONS, WORD, YEAR, Event, actors
from generate import actor, text
from tools._tool import Form, Place, Tool, tabbed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def head(size: int) -> str:
    """Return the head of a store, and its actors."""
    named = (actor(number) for number in range(actors(size)))
    blocks = [("[store]", {"format": 1}), *((f"[actor.{id}]", {"name": keys["name"]}) for id, keys in named)]
    return "".join(text(header, keys) for header, keys in blocks)


def block(event: Event) -> str:
    """Return an event of a store."""
    keys = {key: getattr(event, key) for key in ("id", "date", "title", "kind")}
    figures = {"amount": f"{event.amount} {event.unit}"}
    return text("[[event]]", {**keys, "actors": [event.actor], "figures": figures, "note": event.note})


class Autotimeline(Tool):
    """The program that is installed beside the Python that runs this."""

    name = "autotimeline"
    program = "autotimeline"
    form = Form("events.toml", head, block)

    def environment(self, at: Place) -> dict[str, str]:
        """Return a cache folder of its own."""
        return {"XDG_CACHE_HOME": str(at.folder)}

    def load(self, at: Place) -> Sequence[Sequence[str]]:
        """Return the first question, which reads the store and keeps its index."""
        return [(at.program, "-f", self.form.file, "list", "-n", "1", "-O", "plain")]

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        brief = ("-O", "plain", "--fields", "id,date,title")
        asked = (
            ("list", "-p", YEAR, *brief),
            ("list", f"actor:{ACTOR}", f"title:{WORD}", *brief),
            ("count", "--by", "year", "-O", "plain"),
            ("list", "-O", "csv", "--fields", "id,date,kind,actors,figures,title,note"),
        )
        return {
            question: (at.program, "-f", self.form.file, *words)
            for question, words in zip(QUESTIONS, asked, strict=True)
        }

    def rows(self, question: str, text: str) -> Iterable[Sequence[str]]:
        """Return the rows; a figure is `amount=1,200 EUR` or `amount=1.2m EUR`, and years without events count 0."""
        if question == "count by year":
            return (row[:2] for row in tabbed(text) if row[1] != "0")
        if question != "everything as CSV":
            return tabbed(text)
        return (
            (id, date, kind, actor, *amount(figure), title, note)
            for id, date, kind, actor, figure, title, note in list(super().rows(question, text))[1:]
        )


def amount(figure: str) -> tuple[str, str]:
    """Return a figure as a whole number and its unit."""
    written, unit = figure.removeprefix("amount=").replace(",", "").split()
    number = written.rstrip("mbn")
    return str(int(Decimal(number) * {"": 1, "m": 10**6, "bn": 10**9}[written[len(number) :]])), unit


TOOLS = [Autotimeline()]
