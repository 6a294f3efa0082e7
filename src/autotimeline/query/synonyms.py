"""What to write for words that are no field and no state of the query language, but that people write."""

from collections.abc import Iterable

# What to write for words that are not fields.
FIELD_SYNONYMS = {
    **dict.fromkeys(("after", "from"), "since:{}"),
    **dict.fromkeys(("before", "to"), "until:{}"),
    **dict.fromkeys(("between", "during", "in", "on"), "date:{}"),
    **dict.fromkeys(("who", "by"), "actor:{}"),
    **dict.fromkeys(("where", "country"), "place:{}"),
    "type": "kind:{}",
}
# Words that people write for a state, and that are not similar to its name.
STATE_SYNONYMS = {
    **dict.fromkeys(("late", "delayed", "postponed", "slip"), "slipped"),
    **dict.fromkeys(("done", "kept", "completed"), "fulfilled"),
    **dict.fromkeys(("uncertain", "estimated"), "approximate"),
    **dict.fromkeys(("open", "next", "future"), "upcoming"),
    **dict.fromkeys(("contested", "contradicted"), "disputed"),
    "superseded": "replaced",
    **dict.fromkeys(("plan", "plans"), "planned"),
}


def state_remedies(states: Iterable[str]) -> dict[str, str]:
    """Return what to write for words that are neither states nor their synonyms."""
    opposites = {f"{prefix}{state}": f"not is:{state}" for state in states for prefix in ("un", "not-", "non-")}
    return opposites | {"sourced": "not is:unsourced", "dated": "not is:undated", "certain": "--certain"}
