"""The four questions in SQL, which SQLite and DuckDB both read."""

from __future__ import annotations

from feed import ACTOR, QUESTIONS, WORD, YEAR, Event

CREATE = (
    "CREATE TABLE events (id TEXT PRIMARY KEY, date TEXT, kind TEXT, actor TEXT,"
    " amount INTEGER, unit TEXT, title TEXT, note TEXT)"
)
INDEXES = "CREATE INDEX by_date ON events (date); CREATE INDEX by_actor ON events (actor, date)"


def questions(table: str = "events") -> dict[str, str]:
    """Return the statement of each question about a table, or what stands for one."""
    selected = f"SELECT id, date, title FROM {table} WHERE"
    statements = (
        f"{selected} date BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31' ORDER BY date, id",
        f"{selected} actor = '{ACTOR}' AND title LIKE '%{WORD}%' ORDER BY date, id",
        f"SELECT substr(CAST(date AS TEXT), 1, 4), count(*) FROM {table} GROUP BY 1 ORDER BY 1",
        f"SELECT {', '.join(Event._fields)} FROM {table}",
    )
    return dict(zip(QUESTIONS, statements, strict=True))
