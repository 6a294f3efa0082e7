"""A store on disk with the oracle for it."""

from datetime import date

import tomli_w
from hypothesis import assume

from autotimeline.api import Timeline
from autotimeline.query.parser import Not, Term
from autotimeline.store import read
from query_draws import ACTORS, ERAS, SOURCES, TODAY
from query_oracle import Oracle


class Pair:
    """A store on disk, opened, and the oracle for it."""

    def __init__(self, folder, found):
        eras = {id: {"name": id, "period": period} for id, period in ERAS.items()}
        text = tomli_w.dumps({"source": SOURCES, "actor": ACTORS, "era": eras, "event": found})
        path = folder / "facts.toml"
        path.write_text(text, "utf-8")
        self.story = Timeline([str(path)], today=TODAY, cache=False)
        self.story.check()
        self.events = [read.event_from_body(body) for body in found]
        sources = {id: read.entry_from_body("source", id, body) for id, body in SOURCES.items()}
        parts = {id: tuple(body.get("part_of", ())) for id, body in ACTORS.items()}
        self.oracle = Oracle(self.events, sources, ERAS, parts, date.fromisoformat(TODAY).toordinal())

    def select(self, tree, **options):
        # Figures that no event has are no metric: then the question is an error, which others test.
        metrics = {f.metric for e in self.events for f, _ in self.oracle.figures(e)}
        for term in terms(tree):
            assume(not (term.field in ("money", "share") and term.field not in metrics))
            assume(not (term.field == "metric" and term.value not in metrics))
            at = term.value.partition("/")[0]
            assume(not (at.startswith("@") and self.oracle.events[at[1:]].date is None))
        return self.story.select(str(tree), **options)

    def close(self):
        self.story.close()


def terms(tree):
    if isinstance(tree, Term):
        return [tree]
    return [t for part in ([tree.operand] if isinstance(tree, Not) else tree.operands) for t in terms(part)]
