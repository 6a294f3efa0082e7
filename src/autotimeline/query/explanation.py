"""How queries are understood: their terms, dates, order, and limit, in words."""

from collections.abc import Sequence

from autotimeline.dates.span import format_iso
from autotimeline.query.selection import Selection
from autotimeline.text import format_count


def explain_lines(
    selections: Sequence[Selection],
    *,
    as_of: int | None,
    sort: str | None = None,
    reverse: bool = False,
    limit: int | None = None,
    context: int | None = None,
) -> list[str]:
    """Return one line for each term, meaning of a date, and option; `as_of` is an ordinal."""
    selection = selections[0]
    lines = [f"query: {each.compiled.text or 'everything'}" for each in selections]
    meanings = [meaning for each in selections for meaning in each.resolver.meanings.items()]
    lines += [f"{term} is {meaning}" for term, meaning in dict.fromkeys(meanings)]
    lines.append(f"today is {format_iso(selection.resolver.today)}")
    if as_of is not None:
        lines.append(f"as of {format_iso(as_of)}")
    lines.append("certain matches only" if selection.certain else "certain and possible matches")
    if any(each.compiled.has_date_term for each in selections):
        lines.append("date terms do not match undated events")
    lines.append(f"in the order of {sort or 'dates'}{', reversed' if reverse else ''}")
    if limit is not None:
        lines.append(f"at most {format_count(limit, 'row' if selection.limit is None else 'event')}")
    if context:
        lines.append(f"with {format_count(context, 'event')} before and after each match")
    return lines
