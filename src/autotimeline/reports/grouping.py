"""Events counted in groups, by the values of fields and by columns of their rows: the SQL of counting."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.facets import Axis
    from autotimeline.query.selection import Selection


class Groups:
    """The events of a selection by the values of some fields.

    Attributes:
        words: For each field how the keys are written that have been read so far; of several spellings the first one
            in the order of letters.
    """

    __slots__ = ("axes", "free", "parameters", "selection", "surely", "where", "with_", "words")

    def __init__(self, selection: Selection, axes: Sequence[Axis]) -> None:
        self.selection = selection
        self.axes = axes
        self.words: list[dict[Any, str]] = [{} for _ in axes]
        self.where = selection.condition()
        self.surely = selection.compiled.must
        # Nothing is asked of the event itself, so that its row is not needed either.
        self.free = selection.compiled.may == selection.compiled.must == ("1", ())
        relations = [(f"v{n}", axis.relation) for n, axis in enumerate(axes) if axis.relation]
        parts = [f"{v}({columns}) AS ({sql})" for v, (columns, (sql, _)) in relations]
        self.with_ = f"WITH {', '.join(parts)} " if parts else ""
        self.parameters = [p for _, (_, (_, parameters)) in relations for p in parameters]

    def rows(
        self, columns: Sequence[str] = (), *, of: str = "event", first: str = "", where: str = "1 = 1"
    ) -> Iterator[Any]:
        """Yield (keys, values of `columns`, (certain, possible)) for each group of both.

        Where few events are meant, the table that names them comes `first`. Rows `of` span stand for several events,
        of which nothing else is asked.
        """
        axes = [(f"v{n}", axis) for n, axis in enumerate(self.axes)]
        keys = [axis.key.format(v=v) for v, axis in axes]
        spelled = [(words, n) for n, (axis, words) in enumerate(zip(self.axes, self.words, strict=True)) if axis.word]
        words = [f"MIN({self.axes[n].word.format(v=f'v{n}')})" for _, n in spelled]
        relations = [v for v, axis in axes if axis.relation]
        bare = self.free and relations and not columns and all(axis.of_events for axis in self.axes)
        event = "v0.event" if bare else "e.n"
        (may, mays), (must, musts) = self.where, self.surely
        falls = [axis.falls.format(v=v) for v, axis in axes if axis.falls]
        falls += [f"{v}.event = {event}" for v, axis in axes if axis.of_events and f"{v}.event" != event]
        sure = [axis.sure.format(v=v) for v, axis in axes if axis.sure]
        doubted = self.surely != self.selection.compiled.may
        sure += [must] if doubted else []
        several = any(axis.several for axis in self.axes)
        possible = f"COUNT(DISTINCT {event})" if several else "SUM(e.events)" if of == "span" else "COUNT(*)"
        certain = "NULL"
        if sure:
            surely = " AND ".join(f"({part})" for part in sure)
            whole = ("COUNT(DISTINCT CASE", event) if several else ("COUNT(CASE", "1")
            certain = f"{whole[0]} WHEN {surely} THEN {whole[1]} END)"
        grouped = ", ".join(str(n) for n in range(1, len(keys) + len(columns) + 1))
        # The events one after another, and to each what it has: SQLite keeps the order of a CROSS JOIN.
        sql = (
            f"{self.with_}SELECT {', '.join([*keys, *columns, *words, certain, possible])}"
            f" FROM {' CROSS JOIN '.join([*([first] if first else ()), *(() if bare else [f'{of} e']), *relations])}"
            f" WHERE {' AND '.join(f'({part})' for part in (may, *falls, where))}"
            + (f" GROUP BY {grouped}" if grouped else "")
        )
        parameters = [*self.parameters, *(musts if doubted else ()), *mays]
        width, end = len(keys), len(keys) + len(columns)
        for row in self.selection.db.execute(sql, parameters):
            for (known, n), word in zip(spelled, row[end:-2], strict=True):
                known[row[n]] = min(word, known.get(row[n], word))
            yield row[:width], row[width:end], (row[-1] if row[-2] is None else row[-2], row[-1])

    def total(self, where: str = "1 = 1", *, outside: int | None = None) -> tuple[int, int]:
        """Return (certain, possible) of the events where something holds, or that are outside of a field's cells."""
        parameters: list[object] = []
        if outside is not None:
            axis, v = self.axes[outside], f"v{outside}"
            falls = axis.falls.format(v=v) if axis.falls else "1 = 1"
            if axis.relation:
                columns, (sql, given) = axis.relation
                falls += f" AND {v}.event = e.n" if axis.of_events else ""
                falls = f"EXISTS (WITH {v}({columns}) AS ({sql}) SELECT 1 FROM {v} WHERE {falls})"
                parameters += given
            where = f"NOT ({falls})"
        (must, musts), (may, mays) = self.surely, self.where
        sql = f"SELECT SUM(CASE WHEN {must} THEN 1 ELSE 0 END), COUNT(*) FROM event e WHERE {where} AND ({may})"
        certain, possible = self.selection.db.execute(sql, [*musts, *parameters, *mays]).fetchone()
        return certain or 0, possible
