"""The import of loaded records into a store: planned and applied again without those that the store rejects."""

import re
from collections.abc import Sequence

from autotimeline.editing.draft import ChangeProblem, Draft
from autotimeline.editing.transaction import FileChanges, StoreWriter
from autotimeline.errors import AutotimelineError
from autotimeline.importing.load import LoadedFiles
from autotimeline.importing.plan import ImportPlan, ImportPolicy
from autotimeline.importing.planner import plan_import
from autotimeline.importing.records import ImportProblem, format_problems
from autotimeline.text import format_count

_UNKNOWN_ENTITY = re.compile(r'no (actor|source) "([^"]+)"$')


class InvalidRecordsError(AutotimelineError):
    """An import with invalid records; nothing was written."""

    def __init__(self, problems: Sequence[ImportProblem], row_count: int, *, can_skip: bool) -> None:
        self.problems = problems
        invalid_count = len({str(problem.location) for problem in problems})
        them = "it" if invalid_count == 1 else "them"
        skip = f", or skip {them} with --skip-bad" if can_skip else ""
        counts = f"{format_count(invalid_count, 'invalid record')} of {row_count:,}"
        what = f"nothing was written: {counts}; fix {them}{skip}"
        self.grouped_lines = [*format_problems(problems, grouped=True), what]
        super().__init__(*format_problems(problems), what)


def run_import(loaded: LoadedFiles, policy: ImportPolicy, writer: StoreWriter) -> tuple[FileChanges, ImportPlan]:
    """Import records, and return the files as `StoreWriter.change` does, and the plan.

    Raises:
        InvalidRecordsError: If records are invalid and not to be skipped.
        DuplicateEventError: If events are likely duplicates, and the policy does not allow them.
    """
    plan = ImportPlan([], [])
    rejections: dict[str, list[ImportProblem]] = {}

    def edit_draft(draft: Draft) -> None:
        nonlocal plan
        plan = plan_import(loaded, policy, draft, rejections, writer.progress)
        plan.apply(draft, policy.target_file)

    def review(problems: list[ChangeProblem]) -> bool:
        # The store may reject valid records too, so an import with invalid ones is still tried.
        for label, problem in _attribute_problems(problems, loaded, plan):
            rejections.setdefault(label, []).append(problem)
        if not problems and plan.problems and not policy.skip_invalid and (policy.must_be_new or not writer.dry_run):
            raise InvalidRecordsError(plan.problems, loaded.row_count, can_skip=not policy.must_be_new)
        return bool(problems)

    return writer.change(edit_draft, review=review), plan


def _attribute_problems(
    problems: Sequence[ChangeProblem], loaded: LoadedFiles, plan: ImportPlan
) -> list[tuple[str, ImportProblem]]:
    """Return the problems that records would cause in the store, by the location of the record."""
    records_by_label = {str(record.location): record for record in loaded.records} | plan.updated_records
    result = []
    for label, _, _, text in problems:
        if label not in records_by_label:
            raise AutotimelineError(f"nothing was written; the store would have a problem: {text}")
        record = records_by_label[label]
        unknown = _UNKNOWN_ENTITY.search(text)
        hint = f"; `autotimeline add {unknown[1]}:{unknown[2]}` defines it" if unknown else ""
        problem = record.make_problem("", text + hint)
        problem.missing_entity = (unknown[1], unknown[2]) if unknown else None
        result.append((str(record.location), problem))
    return result
