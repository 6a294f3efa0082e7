"""`autotimeline merge`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.editing.draft import Draft


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.editing.merging import MERGED_KINDS, merge_in_draft

    words = (request.required(REMAINING), *request.texts(OTHERS))
    dropped: list[str] = []
    changed: list[str] = []

    def edit_draft(draft: Draft) -> None:
        (kind, id), *others = [draft.resolve_reference(word) for word in words]
        if kind not in MERGED_KINDS:
            raise UsageError(f'"{id}" is {kind}, which cannot be merged; change it with `autotimeline edit`')
        for other_kind, other_id in others:
            if other_kind != kind:
                raise UsageError(f'"{other_id}" is {other_kind}, but "{id}" is {kind}; merge entries of one kind')
        ids = [id, *(other_id for _, other_id in others)]
        if twice := next((id for id in ids if ids.count(id) > 1), None):
            raise UsageError(f'"{twice}" is given twice; write each id once')
        dropped[:], changed[:] = merge_in_draft(draft, kind, id, ids[1:])

    with write_commands.open_writer(request, environment, "merge", *words) as writer:
        files = writer.change(edit_draft)
    for line in dropped:
        environment.error(line)
    suffix = f", also changed: {', '.join(changed)}" if changed else ""
    write_commands.report_change(request, environment, files, f"{', '.join(words[1:])} merged into {words[0]}{suffix}")
    return 0


REMAINING = options.Argument(
    "thing", "ID", "The event, actor, or source that remains, with its id.", "thing", min_count=1, max_count=1
)
OTHERS = options.Argument("others", "OTHER...", "The duplicates, which are removed.", "thing", min_count=1)
COMMAND = Command(
    "Merge duplicate events, actors, or sources into one.",
    _run,
    write_commands.WRITE_OPTIONS,
    (REMAINING, OTHERS),
)
