"""Miller, on a file of CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feed import ACTOR, QUESTIONS, WORD, YEAR
from tools._tool import CSV, Place, Tool

if TYPE_CHECKING:
    from collections.abc import Sequence


class Miller(Tool):
    """Miller, which reads all of the file for each question."""

    name = "Miller"
    program = "mlr"
    debian = "miller"
    form = CSV
    remark = "everything as CSV: as it is stored, read and written"

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        brief = ("then", "sort", "-f", "date,id", "then", "cut", "-o", "-f", "id,date,title")
        asked = (
            ("filter", f'$date >= "{YEAR}-01-01" && $date <= "{YEAR}-12-31"', *brief),
            ("filter", f'$actor == "{ACTOR}" && $title =~ "{WORD}"', *brief),
            ("put", "-q", '@n[$date[1:4]] += 1; end { emit @n, "year" }', "then", "sort", "-f", "year"),
            ("cat",),
        )
        start = (at.program, "--icsv", "--ocsv", "--headerless-csv-output")
        return {question: (*start, *words, CSV.file) for question, words in zip(QUESTIONS, asked, strict=True)}


TOOLS = [Miller()]
