"""A name or alias that two actors have."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.checks._word_usage import actor_names
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import read_bodies
from autotimeline.text import fold

LEVEL = "problem"
EXPLAIN = """\
A query by name, such as actor:fca, is refused if two actors have the name. If the name is also the
id of another actor, the query finds that actor. Case, accents, strokes (ø), ligatures (æ), hyphens,
and apostrophes do not distinguish names.

Remove the alias from one of the two, or distinguish the names: "FCA (bank)". Merge two actors that
are one."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each name of an actor that is also the name or the id of another."""
    actors = sorted(read_bodies(everything, "actor"), key=lambda actor: actor[1])
    ids = {id for _, id, *_ in actors}
    first_id: dict[str, str] = {}
    for _, id, file, line, keys in actors:
        for name in actor_names(keys):
            other_id = name.lower() if name.lower() in ids - {id} else first_id.setdefault(fold(name), id)
            if other_id != id:
                what = f'actor "{id}": "{name}" is also a name of the actor "{other_id}"'
                yield Finding(file, line, None, f"{what}; remove it from one of them")
