"""`autotimeline rename`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autotimeline.editing.draft import Draft


def _run(values: dict[str, Any]) -> int:
    from autotimeline.editing import references
    from autotimeline.errors import UsageError
    from autotimeline.index import locations
    from autotimeline.store.table_reader import ID, made_of

    old, new = values["thing"], values["new"]
    if not ID.fullmatch(new):
        raise UsageError(f'"{new}" is no id; {made_of(new)}')
    named: list[str] = []

    def make(draft: Draft) -> None:
        kind, id = draft.kind(old)
        if new in locations.ids(draft.story.index, kind):
            raise UsageError(f'the id "{new}" of {kind} is taken; choose another')
        named.clear()
        for holder, name, _ in references.naming(draft, kind, id):
            body, _ = references.replaced(holder, draft.body(holder, name), kind, id, new)
            draft.rewrite(holder, name, body)
            named.append(f"{holder} {name}")
        draft.rename(kind, id, new)

    with write_commands.changer(values, "rename", old, new) as changer:
        files = changer.change(make)
    also = f", also in {', '.join(named)}" if named else ""
    write_commands.tell(values, files, f"{old} is {new} now{also}")
    return 0


NEW = options.Words("new", "NEW", "Its new id.", at_least=1, most=1)
COMMAND = options.Command(
    "Give an event, actor, source or era another id, everywhere.",
    _run,
    write_commands.WRITE,
    (write_commands.THING, NEW),
)
