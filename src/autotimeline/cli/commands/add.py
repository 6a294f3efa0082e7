"""`autotimeline add`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.keys import EVENT, Key
from autotimeline.store.locate import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.editing.assignments import Assignment
    from autotimeline.editing.draft import Draft


def _run(request: Request, environment: Environment) -> int:
    title = request.text(TITLE)
    if title == "-":
        return _add_from_stdin(request, environment)
    if title:
        return _add_from_arguments(title, request, environment)
    if not environment.is_interactive():
        raise UsageError('write what happened: autotimeline add "TITLE" --date DATE; on a terminal you are asked')
    from autotimeline.cli import prompts

    return prompts.prompt_event(request, environment)


def _add_from_arguments(title: str, request: Request, environment: Environment) -> int:
    from autotimeline.cli.days import day_resolver
    from autotimeline.editing import add
    from autotimeline.editing.assignments import apply_assignments, parse_assignment

    kind, id = add.parse_target(title)
    assignments = [*_option_assignments(request), *map(parse_assignment, request.texts(ASSIGNMENTS))]
    given_id = request.text(ID)
    if id and given_id:
        raise UsageError(f'--id {given_id}: "{title}" has its id already; leave --id out')
    new_id = given_id or id

    def edit_draft(draft: Draft) -> None:
        nonlocal new_id
        body = {"title": title} if kind == "event" else {}
        body = apply_assignments(kind, body, assignments, day_resolver(draft.timeline.today))
        target_file, force = request.text(write_commands.INTO), request.flag(write_commands.FORCE)
        new_id = add.add_to_draft(draft, kind, new_id, body, target_file=target_file, allow_duplicate=force)

    words = [assignment.text for assignment in assignments]
    with write_commands.open_writer(request, environment, "add", title, *words) as writer:
        files = writer.change(edit_draft)
    return write_commands.report_added(request, environment, files, [new_id])


def _add_from_stdin(request: Request, environment: Environment) -> int:
    """Add the new events and entities on standard input, in a format that `import -` reads."""
    from autotimeline.importing.import_options import ImportOptions
    from autotimeline.importing.load import load_files
    from autotimeline.importing.plan import ImportPlan
    from autotimeline.importing.run import run_import
    from autotimeline.store import bounded_input

    if request.texts(ASSIGNMENTS) or any(map(request.is_given, (ID, *_FIELD_OPTIONS.values()))):
        raise UsageError("standard input says all of it; leave the other words and options out")
    data = bounded_input.read_bounded(environment.require_stdin(), STDIN, AutotimelineError)
    loaded = load_files([(STDIN, data, None)], ImportOptions())
    if not (loaded.records or loaded.problems):
        raise AutotimelineError("-: it is empty: write an event in TOML or JSON")
    target_file, force = request.text(write_commands.INTO), request.flag(write_commands.FORCE)
    plan = ImportPlan(loaded, target_file=target_file, must_be_new=True, allow_duplicates=force)
    with write_commands.open_writer(request, environment, "add", STDIN) as writer:
        files, import_run = run_import(plan, writer)
    for line in import_run.messages:
        environment.error(line)
    return write_commands.report_added(request, environment, files, import_run.new_ids)


def _option_assignments(request: Request) -> Iterator[Assignment]:
    """Yield the assignments given by the options."""
    from autotimeline.editing.assignments import Assignment

    for key, option in _FIELD_OPTIONS.items():
        if not option.multiple:
            if text := request.text(option):
                yield Assignment((key,), "=", text)
            continue
        for value in request.texts(option):
            name, equals, rest = value.partition("=")
            if key in ("figures", "links") and not (name and equals):
                raise UsageError(f"--{option.name} {value}: write --{option.name} {option.metavar}")
            nested = equals and "=" in option.metavar
            yield Assignment((key, name), "=", rest) if nested else Assignment((key,), "=", value)


def _key_option(key: Key) -> options.Option:
    names = "-p --period" if key.name == "period" else f"--{key.singular}"
    # Queries name places without capitals, and a link begins with its type.
    completed = key.field if key.type not in ("texts", "links") else ""
    return options.Option(names, key.summary, key.metavar, completed, multiple=key.singular != key.name)


_FIELD_OPTIONS = {name: _key_option(key) for name, key in EVENT.items() if key.metavar}
ID = options.Option("--id", "The id; by default, made from the title and the year.", "ID")
TITLE = options.Argument(
    "title", "[TITLE]", "What happened; or actor:ID, source:ID, era:ID; - for standard input.", max_count=1
)
ASSIGNMENTS = options.Argument("assignments", "[FIELD=VALUE]...", "Fields, as in `set`.", "assignment")
COMMAND = Command(
    "Add an event or another entry, such as an actor.",
    _run,
    (*write_commands.WRITE_OPTIONS, write_commands.FORCE, write_commands.INTO, ID, *_FIELD_OPTIONS.values()),
    (TITLE, ASSIGNMENTS),
)
