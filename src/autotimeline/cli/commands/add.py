"""`autotimeline add`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from autotimeline.editing.draft import Draft


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment
    from autotimeline.errors import UsageError

    if values["title"] == "-":
        return _add_from_stdin(values)
    if values["title"]:
        return _add_from_arguments(values)
    if not environment.is_interactive():
        raise UsageError('write what happened: autotimeline add "TITLE" --date DATE; on a terminal you are asked')
    from autotimeline.cli import prompts

    return prompts.prompt_event(values)


def _add_from_arguments(values: dict[str, Any]) -> int:
    """Add what the words and options say."""
    from autotimeline.cli.days import day_resolver
    from autotimeline.editing import add
    from autotimeline.editing.assignments import apply_assignments, parse_assignment
    from autotimeline.errors import UsageError

    kind, id = add.parse_target(values["title"])
    assignments = [*_option_assignments(values), *(parse_assignment(word) for word in values["assignments"] or ())]
    if id and values["id"]:
        raise UsageError(f'--id {values["id"]}: "{values["title"]}" has its id already; leave --id out')
    given_id = values["id"] or id

    def edit_draft(draft: Draft) -> None:
        nonlocal given_id
        body = {"title": values["title"]} if kind == "event" else {}
        body = apply_assignments(kind, body, assignments, day_resolver(draft.timeline.today))
        given_id = add.add_to_draft(
            draft, kind, given_id, body, target_file=values["into"], allow_duplicate=values["force"]
        )

    command_words = [values["title"], *(word.text for word in assignments)]
    with write_commands.open_writer(values, "add", *command_words) as writer:
        files = writer.change(edit_draft)
    return write_commands.report_added(values, files, [given_id])


def _add_from_stdin(values: dict[str, Any]) -> int:
    """Add what standard input holds, as `import -` reads it: events that are new, and all that is new with them."""
    import sys

    from autotimeline.cli import environment
    from autotimeline.errors import AutotimelineError, UsageError
    from autotimeline.importing.import_options import ImportOptions
    from autotimeline.importing.load import load_files
    from autotimeline.importing.plan import ImportPlan
    from autotimeline.importing.run import run_import
    from autotimeline.store import bounded_input
    from autotimeline.store.locate import STDIN

    if values["assignments"] or values["id"] or any(values[option.name] for option in _FIELD_OPTIONS):
        raise UsageError("standard input says all of it; leave the other words and options out")
    if sys.stdin is None:
        raise AutotimelineError("standard input is closed")
    loaded = load_files(
        [(STDIN, bounded_input.read_bounded(sys.stdin.buffer, STDIN, AutotimelineError), None)], ImportOptions()
    )
    if not (loaded.records or loaded.problems):
        raise AutotimelineError("-: it is empty: write an event in TOML or JSON")
    plan = ImportPlan(loaded, target_file=values["into"], must_be_new=True, allow_duplicates=values["force"])
    with write_commands.open_writer(values, "add", STDIN) as writer:
        files, import_run = run_import(plan, writer)
    for line in import_run.messages:
        environment.print_error(line)
    return write_commands.report_added(values, files, import_run.new_ids)


def _option_assignments(values: dict[str, Any]) -> Iterator[Any]:
    """Yield the assignments that the options are other words for."""
    from autotimeline.editing.assignments import Assignment
    from autotimeline.errors import UsageError

    for option in _FIELD_OPTIONS:
        given = values[option.name]
        for value in [given] if isinstance(given, str) else given or ():
            field = _KEYS_BY_OPTION.get(option.name, option.name)
            name, equals, rest = value.partition("=")
            if option.name in ("figure", "link") and not (name and equals):
                raise UsageError(f"--{option.name} {value}: write --{option.name} {option.metavar}")
            if option.name in ("actor", "figure", "link") and equals:
                yield Assignment((field, name), "=", rest)
            else:
                yield Assignment((field,), "=", value)


_KEYS_BY_OPTION = {
    "actor": "actors",
    "place": "places",
    "tag": "tags",
    "figure": "figures",
    "source": "sources",
    "link": "links",
}
_FIELD_OPTIONS = (
    options.Option("date", "--date", "When: some time within 2025-11, ~2023, by 2026, …", "DATE"),
    options.Option("period", "-p --period", "When, if throughout it: 2025H1.", "PERIOD"),
    options.Option("printed", "--printed", "The source's own words for the date.", "TEXT"),
    options.Option("known", "--known", "When it became public, if not with its first source.", "DATE"),
    options.Option("kind", "--kind", "What kind of event.", "KIND", completion="kind"),
    options.Option("status", "--status", "happened, planned or cancelled.", "STATUS", completion="status"),
    options.Option("actor", "--actor", "Who took part.", "[ROLE=]ID", multiple=True, completion="actor"),
    options.Option("place", "--place", "Where.", "PLACE", multiple=True),
    options.Option("tag", "--tag", "A tag.", "TAG", multiple=True, completion="tag"),
    options.Option("figure", "--figure", "A number: investment='~2bn EUR'.", "METRIC=VALUE", multiple=True),
    options.Option("source", "--source", "Who says so.", "ID", multiple=True, completion="source"),
    options.Option("link", "--link", "What it has to do with: leads-to=ID.", "TYPE=ID", multiple=True),
    options.Option("note", "--note", "A note.", "TEXT"),
)
ID = options.Option("id", "--id", "Its id; made of the title and the year.", "ID")
TITLE = options.Argument(
    "title", "[TITLE]", "What happened; or actor:ID, source:ID, era:ID; - for standard input.", max_count=1
)
ASSIGNMENTS = options.Argument("assignments", "[FIELD=VALUE]...", "As `set` takes them.", completion="assignment")
COMMAND = options.Command(
    "Add an event (or actor, source, era), or be asked for one.",
    _run,
    (*write_commands.WRITE_OPTIONS, write_commands.FORCE, write_commands.INTO, ID, *_FIELD_OPTIONS),
    (TITLE, ASSIGNMENTS),
)
