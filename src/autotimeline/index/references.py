"""Problems that show only between blocks: duplicate ids and references to missing ids."""

import json
from typing import Any

from autotimeline.engines.sqlite import sqlite3
from autotimeline.index.event_rows import all_figures, needs_original
from autotimeline.store import read
from autotimeline.text import Suggester


def update_reference_problems(db: sqlite3.Connection) -> None:
    """Update the problems of the ids in the table `touched`."""
    # The suggestions and the first of several depend on other ids.
    db.execute("INSERT OR IGNORE INTO touched SELECT kind, id FROM problem WHERE rule <> 'form'")
    db.execute(
        "DELETE FROM problem WHERE rule <> 'form'"
        " AND EXISTS (SELECT 1 FROM touched t WHERE t.kind = problem.kind AND t.id = problem.id)"
    )
    problems: list[tuple[Any, ...]] = []
    suggesters: dict[str, Suggester] = {}
    undefined = db.execute(_UNDEFINED_IDS).fetchall()
    # In the order of the store, because only the first few get a suggestion.
    for _, _, key, kind, id, block, line, event in sorted(
        row for missing in undefined for row in db.execute(_REFERENCES_TO_ID, missing)
    ):
        if kind not in suggesters:
            suggesters[kind] = Suggester(
                row[0] for row in db.execute(f"SELECT id FROM ({_DEFINED_IDS}) WHERE kind = ?", (kind,))
            )
        text = f'{key}: no {kind} "{id}"{suggesters[kind](id)}'
        problems.append((block, line, "unknown", event, text, kind, id, None, None))
    for repeats, block, line, event, text in db.execute(_REPEATING_FIGURES):
        for figure in filter(needs_original, all_figures(read.event_from_body(json.loads(text)))):
            if figure.repeats == repeats:
                message = f'figures.{figure.metric}: event "{repeats}" has no such figure to repeat'
                problems.append((block, line, "unknown", event, message, "event", repeats, None, None))
    for kind, id, block, line, *first_position in db.execute(_DUPLICATE_IDS):
        message = f'duplicate id "{id}" (also {{first}}); choose another'
        if not id:
            message = f"duplicate table [{kind}]; merge it into {{first}}"
        problems.append((block, line, "duplicate", id if kind == "event" else None, message, kind, id, *first_position))
    db.executemany(
        "INSERT INTO problem (block, line, rule, event, text, kind, id, first_block, first_line)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        problems,
    )


_UNDEFINED_IDS = """
SELECT t.kind, t.id FROM touched t
WHERE NOT EXISTS (SELECT 1 FROM entity x WHERE x.kind = t.kind AND x.id = t.id)
  AND NOT (t.kind = 'event' AND EXISTS (SELECT 1 FROM event x WHERE x.id = t.id))
  AND NOT EXISTS (SELECT 1 FROM unreadable x WHERE x.kind = t.kind AND x.id = t.id)
"""

_REFERENCES_TO_ID = """
SELECT c.file, c.line + b.line + r.line, r.key, r.kind, r.id, r.block, r.line, e.id
FROM reference r JOIN block b ON b.number = r.block JOIN chunk c ON c.number = b.chunk
LEFT JOIN event e ON e.number = r.event
WHERE r.kind = ? AND r.id = ?
"""

_DEFINED_IDS = """
  SELECT 'event' AS kind, id, block, line FROM event
  UNION ALL SELECT kind, id, block, line FROM entity WHERE kind NOT IN ('store', 'snapshot')
"""

_REPEATING_FIGURES = """
SELECT DISTINCT r.id, e.block, e.line, e.id, d.body
FROM touched t JOIN reference r ON r.kind = t.kind AND r.id = t.id JOIN event e ON e.number = r.event
JOIN detail d ON d.event = e.number
WHERE t.kind = 'event' AND EXISTS (SELECT 1 FROM event x WHERE x.id = t.id)
"""

# Of each of several by one id, or of several heads in one file, all but the first.
_DUPLICATE_IDS = """
WITH several AS (
  SELECT 'event' AS kind, e.id, e.block, e.line FROM touched t JOIN event e ON e.id = t.id WHERE t.kind = 'event'
  UNION ALL
  SELECT x.kind, x.id, x.block, x.line FROM touched t JOIN entity x ON x.kind = t.kind AND x.id = t.id
  WHERE t.kind NOT IN ('store', 'snapshot')
), defined AS (
  SELECT d.kind, d.id, d.block, d.line, '' AS part, c.file, c.line + b.line + d.line AS at
  FROM several d JOIN block b ON b.number = d.block JOIN chunk c ON c.number = b.chunk
  UNION ALL
  SELECT b.header, '', b.number, 0, c.file, c.file, c.line + b.line
  FROM block b JOIN chunk c ON c.number = b.chunk
  WHERE b.header IN ('alias', 'snapshot', 'store')
    AND EXISTS (SELECT 1 FROM touched t WHERE t.kind = b.header AND t.id = '')
), placed AS (
  SELECT kind, id, block, line,
    FIRST_VALUE(block) OVER first AS first_block, FIRST_VALUE(line) OVER first AS first_line,
    ROW_NUMBER() OVER first AS nth
  FROM defined WINDOW first AS (PARTITION BY kind, id, part ORDER BY file, at)
)
SELECT kind, id, block, line, first_block, first_line FROM placed WHERE nth > 1
"""
