"""Two events that may be the same event."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.duplicates import find_duplicate_pairs

LEVEL = "note"
EXPLAIN = """\
Two events share an actor, can have the same date and place, and either state the same amount or
have similar titles, names of actors aside. A similar title is not enough if each event has an actor
that is not in the other. Linked events are known to be two, and a repeated figure ("@id") is not an
amount of its own.

Merge them with `autotimeline merge` if they are one event. If they are two, link them (related,
part-of, same-deal, fulfils, …), or accept the finding."""
_MAX_SHOWN = 3


def find(everything: Selection) -> Findings:
    """Yield a finding for each pair of likely duplicates, at the later event; at most three for each event."""
    duplicates: dict[str, list[tuple[str, str]]] = {}
    for id, other_id, reason in find_duplicate_pairs(everything):
        duplicates.setdefault(id, []).append((other_id, reason))
    needed = set(duplicates).union(*({id for id, _ in others[:_MAX_SHOWN]} for others in duplicates.values()))
    rows = everything.rows(("id", "file", "line", "date", "title")) if duplicates else ()
    details = {id: rest for id, *rest in rows if id in needed}
    for id, others in duplicates.items():
        file, line, *_ = details[id]
        for index, (other_id, reason) in enumerate(others[:_MAX_SHOWN], 1):
            *_, date, title = details[other_id]
            suffix = f" and {len(others) - index} more" if index == _MAX_SHOWN and len(others) > index else ""
            what = f'possibly the same as {other_id} ({date or "undated"}, "{title}"){suffix}: {reason}'
            yield Finding(file, line, id, f"{what}; merge them, link them", (other_id,))
