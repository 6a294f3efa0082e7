"""SQL with its parameters, and the operators that combine clauses."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

# SQLite parses a AND b AND c to a depth of three, and limits the depth.
_MAX_OPERANDS = 100


class Sql:
    """A statement or a part of one, with the parameters of its `?` in order."""

    __slots__ = ("params", "text")

    def __init__(self, text: str, params: Iterable[object] = ()) -> None:
        self.text = text
        self.params = tuple(params)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sql) and self.text == other.text and self.params == other.params

    def __hash__(self) -> int:
        return hash((self.text, self.params))

    def execute(self, db: sqlite3.Connection) -> sqlite3.Cursor:
        """Execute the statement."""
        return db.execute(self.text, self.params)

    def bind_columns(self) -> str:
        """Return the text if the parameters are the SQL of columns."""
        return self.text.replace("?", "{}").format(*self.params)


TRUE, FALSE = Sql("1"), Sql("0")


def compose(template: str, *parts: Sql | str) -> Sql:
    """Fill each `{}` of a template with a part, and collect the parameters in order."""
    texts = [part if isinstance(part, str) else part.text for part in parts]
    return Sql(template.format(*texts), [p for part in parts if not isinstance(part, str) for p in part.params])


def param(value: object) -> Sql:
    """Return a placeholder with its value."""
    return Sql("?", (value,))


def values(items: Iterable[object]) -> Sql:
    """Return placeholders for a list in parentheses."""
    params = tuple(items)
    return Sql(f"({', '.join('?' * len(params))})", params)


def and_(*clauses: Sql) -> Sql:
    """Combine clauses, of which all must hold; without clauses, the result is true."""
    return _join(" AND ", clauses) or TRUE


def or_(*clauses: Sql) -> Sql:
    """Combine clauses, of which one must hold; without clauses, the result is false."""
    return _join(" OR ", clauses) or FALSE


def not_(clause: Sql) -> Sql:
    """Negate a clause."""
    return compose("NOT ({})", clause)


def _join(operator: str, clauses: Iterable[Sql]) -> Sql | None:
    distinct = list(dict.fromkeys(clauses))
    while len(distinct) > _MAX_OPERANDS:
        groups = [distinct[start : start + _MAX_OPERANDS] for start in range(0, len(distinct), _MAX_OPERANDS)]
        distinct = [group[0] if len(group) == 1 else _join(operator, group) or TRUE for group in groups]
    return compose(operator.join(["({})"] * len(distinct)), *distinct) if distinct else None
