"""Bring what files hold into a store: what is new is added, what is there already stays, what differs is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline.editing.draft import RefusedError
from autotimeline.errors import AutotimelineError
from autotimeline.importing.plan import HaltError, Taking
from autotimeline.importing.records import lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.editing.draft import Draft
    from autotimeline.editing.transaction import Changer, Files
    from autotimeline.importing.plan import Plan
    from autotimeline.importing.records import Problem

_UNKNOWN = re.compile(r'no (actor|source) "([^"]+)"$')


class BadDataError(AutotimelineError):
    """Some rows cannot be taken; `problems` says which and why, and nothing was written."""

    def __init__(self, problems: Sequence[Problem], rows: int, instead: str) -> None:
        self.problems = problems
        bad = len({str(problem.place) for problem in problems})
        what = f"nothing was written: {bad:,} of {rows:,} cannot be taken; mend them{instead}"
        super().__init__("\n".join([*lines(problems), what]))


def run(plan: Plan, changer: Changer) -> tuple[Files, Taking]:
    """Write what is new; return of each file that changes its bytes before and after, and what was taken.

    Raises:
        BadDataError: where rows cannot be taken, and are not to be left out; all of them are told.
        TwinError: where one is a likely twin, and is not to be.
    """
    taken: list[Taking] = []

    def make(draft: Draft) -> None:
        taken[:] = [Taking(plan, draft)]
        taken[0].run(changer.progress, halt=not changer.dry)

    dry, bad = changer.dry, False
    while True:
        try:
            files = changer.change(make)
        except HaltError:
            # Nothing is written any more; what the whole has against the others is told with the rest.
            changer.dry = bad = True
        except RefusedError as error:
            _note(plan, taken[0], error.problems)
        else:
            if taken[0].problems and (plan.adds or (bad and not dry)):
                instead = "" if plan.adds else ", or leave them out with --skip-bad"
                raise BadDataError(taken[0].problems, plan.gathered.rows, instead)
            return files, taken[0]


def _note(plan: Plan, taken: Taking, problems: list[tuple[str | None, int, str | None, str]]) -> None:
    """Note what the store as a whole has against entries, which the next try leaves out."""
    known = {str(entry.place): entry for entry in plan.gathered.entries} | taken.changed
    for name, _, _, text in problems:
        if name not in known:
            raise AutotimelineError(f"nothing was written; the store would have a problem: {text}")
        found = plan.refused.setdefault(str(known[name].place), [])
        if unknown := _UNKNOWN.search(text):
            text += f"; `autotimeline add {unknown[1]}:{unknown[2]}` defines it"
        problem = known[name].problem("", text)
        problem.missing = (unknown[1], unknown[2]) if unknown else None
        found.append(problem)
