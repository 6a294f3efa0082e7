"""Bring what files hold into a store: what is new is added, what is there already stays, what differs is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline.editing.draft import RejectedChangeError
from autotimeline.errors import AutotimelineError
from autotimeline.importing.plan import HaltError, ImportRun
from autotimeline.importing.records import format_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.editing.draft import Draft
    from autotimeline.editing.transaction import FileChanges, StoreWriter
    from autotimeline.importing.plan import ImportPlan
    from autotimeline.importing.records import ImportProblem

_UNKNOWN_ENTITY = re.compile(r'no (actor|source) "([^"]+)"$')


class InvalidRecordsError(AutotimelineError):
    """Some rows cannot be taken; `problems` says which and why, and nothing was written."""

    def __init__(self, problems: Sequence[ImportProblem], row_count: int, alternative: str) -> None:
        self.problems = problems
        invalid_count = len({str(problem.location) for problem in problems})
        what = f"nothing was written: {invalid_count:,} of {row_count:,} cannot be taken; mend them{alternative}"
        super().__init__("\n".join([*format_problems(problems), what]))


def run_import(plan: ImportPlan, writer: StoreWriter) -> tuple[FileChanges, ImportRun]:
    """Write what is new; return of each file that changes its bytes before and after, and what was taken.

    Raises:
        BadDataError: where rows cannot be taken, and are not to be left out; all of them are told.
        TwinError: where one is a likely twin, and is not to be.
    """
    runs: list[ImportRun] = []

    def edit_draft(draft: Draft) -> None:
        runs[:] = [ImportRun(plan, draft)]
        runs[0].run(writer.progress, stop_if_invalid=not writer.dry_run)

    dry_run, has_invalid_records = writer.dry_run, False
    while True:
        try:
            files = writer.change(edit_draft)
        except HaltError:
            # Nothing is written any more; what the whole has against the others is told with the rest.
            writer.dry_run = has_invalid_records = True
        except RejectedChangeError as error:
            _record_rejections(plan, runs[0], error.problems)
        else:
            if runs[0].problems and (plan.must_be_new or (has_invalid_records and not dry_run)):
                alternative = "" if plan.must_be_new else ", or leave them out with --skip-bad"
                raise InvalidRecordsError(runs[0].problems, plan.loaded.row_count, alternative)
            return files, runs[0]


def _record_rejections(
    plan: ImportPlan, import_run: ImportRun, problems: list[tuple[str | None, int, str | None, str]]
) -> None:
    """Note what the store as a whole has against entries, which the next try leaves out."""
    records_by_label = {str(record.location): record for record in plan.loaded.records} | import_run.updated_records
    for name, _, _, text in problems:
        if name not in records_by_label:
            raise AutotimelineError(f"nothing was written; the store would have a problem: {text}")
        rejections = plan.rejections.setdefault(str(records_by_label[name].location), [])
        if unknown := _UNKNOWN_ENTITY.search(text):
            text += f"; `autotimeline add {unknown[1]}:{unknown[2]}` defines it"
        problem = records_by_label[name].make_problem("", text)
        problem.missing_entity = (unknown[1], unknown[2]) if unknown else None
        rejections.append(problem)
