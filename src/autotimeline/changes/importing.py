"""Bring what files hold into a store: what is new is added, what is there already stays, what differs is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline.changes.draft import RefusedError
from autotimeline.changes.entries import lines
from autotimeline.changes.taking import HaltError, Taking
from autotimeline.errors import AutotimelineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.changes.change import Changer, Files
    from autotimeline.changes.draft import Draft
    from autotimeline.changes.entries import Problem
    from autotimeline.changes.gathering import Gathered

_UNKNOWN = re.compile(r'no (actor|source) "([^"]+)"$')


class BadDataError(AutotimelineError):
    """Some rows cannot be taken; `problems` says which and why, and nothing was written."""

    def __init__(self, problems: Sequence[Problem], rows: int, instead: str) -> None:
        self.problems = problems
        bad = len({str(problem.place) for problem in problems})
        what = f"nothing was written: {bad:,} of {rows:,} cannot be taken; mend them{instead}"
        super().__init__("\n".join([*lines(problems), what]))


class Import:
    """An import, as far as it has come.

    Args:
        gathered: What files hold.
        update: Let what is there already say what the files say.
        skip: Leave out what cannot be taken.
        into: Which file of the store takes what is new.
        adds: All events have to be new, and none of them a likely twin.
        twin: They may be.

    `taken` is what came of it when it was last tried.
    """

    taken: Taking

    def __init__(
        self,
        gathered: Gathered,
        *,
        update: bool = False,
        skip: bool = False,
        into: str | None = None,
        adds: bool = False,
        twin: bool = False,
    ) -> None:
        self.gathered = gathered
        self.update = update
        self.skip = skip
        self.into = into
        self.adds = adds
        self.twin = twin
        # What the store as a whole has against a piece, by the name of the piece.
        self.refused: dict[str, list[Problem]] = {}

    def run(self, changer: Changer) -> Files:
        """Write what is new, and return of each file that changes its bytes before and after.

        Raises:
            BadDataError: where rows cannot be taken, and are not to be left out; all of them are told.
            TwinError: where one is a likely twin, and is not to be.
        """

        def make(draft: Draft) -> None:
            self.taken = Taking(self, draft)
            self.taken.run(changer.progress, halt=not changer.dry)

        dry, bad = changer.dry, False
        while True:
            try:
                files = changer.change(make)
            except HaltError:
                # Nothing is written any more; what the whole has against the others is told with the rest.
                changer.dry = bad = True
            except RefusedError as error:
                self._note(error.problems)
            else:
                if self.taken.problems and (self.adds or (bad and not dry)):
                    instead = "" if self.adds else ", or leave them out with --skip-bad"
                    raise BadDataError(self.taken.problems, self.gathered.rows, instead)
                return files

    def _note(self, problems: list[tuple[str | None, int, str | None, str]]) -> None:
        known = {str(entry.place): entry for entry in self.gathered.entries} | self.taken.changed
        for name, _, _, text in problems:
            if name not in known:
                raise AutotimelineError(f"nothing was written; the store would have a problem: {text}")
            found = self.refused.setdefault(str(known[name].place), [])
            if unknown := _UNKNOWN.search(text):
                text += f"; `autotimeline add {unknown[1]}:{unknown[2]}` defines it"
            problem = known[name].problem("", text)
            problem.missing = (unknown[1], unknown[2]) if unknown else None
            found.append(problem)
