"""jq, on a file of JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from feed import ACTOR, QUESTIONS, WORD, YEAR, Event
from tools._tool import Form, Place, Tool, fixed

if TYPE_CHECKING:
    from collections.abc import Sequence


def text(event: Event) -> str:
    """Return an event as a line of JSON, its amount a number."""
    return json.dumps({**event._asdict(), "amount": int(event.amount)}, ensure_ascii=False) + "\n"


class Jq(Tool):
    """jq, which reads all of the file for each question."""

    name = "jq"
    program = "jq"
    debian = "jq"
    form = Form("events.jsonl", fixed(), text)

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        chosen = "[inputs | select({}) | [.date, .id, .title]] | sort[] | [.[1], .[0], .[2]] | @csv"
        asked = (
            ("-nr", chosen.format(f'.date | startswith("{YEAR}")')),
            ("-nr", chosen.format(f'.actor == "{ACTOR}" and (.title | contains("{WORD}"))')),
            ("-nr", "reduce (inputs | .date[:4]) as $y ({}; .[$y] += 1) | to_entries | sort[] | [.key, .value] | @csv"),
            ("-r", f"[{', '.join('.' + field for field in Event._fields)}] | @csv"),
        )
        return {
            question: (at.program, *words, self.form.file) for question, words in zip(QUESTIONS, asked, strict=True)
        }


TOOLS = [Jq()]
