"""The import of files into a store: it is repeated without the records that the store rejects."""

import re
from collections.abc import Sequence

from autotimeline.editing.draft import ChangeProblem, Draft, RejectedChangeError
from autotimeline.editing.transaction import FileChanges, StoreWriter
from autotimeline.errors import AutotimelineError
from autotimeline.importing.plan import ImportPlan, ImportRun
from autotimeline.importing.records import ImportProblem, format_problems

_UNKNOWN_ENTITY = re.compile(r'no (actor|source) "([^"]+)"$')


class InvalidRecordsError(AutotimelineError):
    """An import with invalid records; nothing was written."""

    def __init__(self, problems: Sequence[ImportProblem], row_count: int, alternative: str) -> None:
        self.problems = problems
        invalid_count = len({str(problem.location) for problem in problems})
        what = f"nothing was written: {invalid_count:,} of {row_count:,} cannot be taken; mend them{alternative}"
        self.grouped_lines = [*format_problems(problems, grouped=True), what]
        super().__init__(*format_problems(problems), what)


def run_import(plan: ImportPlan, writer: StoreWriter) -> tuple[FileChanges, ImportRun]:
    """Import records, and return the files as `StoreWriter.change` does, and the run.

    Raises:
        InvalidRecordsError: If records are invalid and not to be skipped.
        DuplicateEventError: If events are likely duplicates, and the plan does not allow them.
    """
    runs: list[ImportRun] = []
    dry_run = writer.dry_run

    def edit_draft(draft: Draft) -> None:
        runs[:] = [ImportRun(plan, draft)]
        runs[0].run(writer.progress)
        # The store may reject valid records too, so the change is still tried.
        writer.dry_run = dry_run or (bool(runs[0].problems) and not plan.skip_invalid)

    while True:
        try:
            files = writer.change(edit_draft)
        except RejectedChangeError as error:
            _record_rejections(plan, runs[0], error.problems)
            continue
        if runs[0].problems and (plan.must_be_new or (writer.dry_run and not dry_run)):
            alternative = "" if plan.must_be_new else ", or leave them out with --skip-bad"
            raise InvalidRecordsError(runs[0].problems, plan.loaded.row_count, alternative)
        return files, runs[0]


def _record_rejections(plan: ImportPlan, import_run: ImportRun, problems: list[ChangeProblem]) -> None:
    """Note the problems that records would cause in the store, so that the next run skips them."""
    records_by_label = {str(record.location): record for record in plan.loaded.records} | import_run.updated_records
    for label, _, _, text in problems:
        if label not in records_by_label:
            raise AutotimelineError(f"nothing was written; the store would have a problem: {text}")
        record = records_by_label[label]
        unknown = _UNKNOWN_ENTITY.search(text)
        hint = f"; `autotimeline add {unknown[1]}:{unknown[2]}` defines it" if unknown else ""
        problem = record.make_problem("", text + hint)
        problem.missing_entity = (unknown[1], unknown[2]) if unknown else None
        plan.rejections.setdefault(str(record.location), []).append(problem)
