"""`autotimeline add`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError, UsageError
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

    if request.texts(ASSIGNMENTS) or any(map(request.is_given, (ID, *_FIELD_OPTIONS))):
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

    for option in _FIELD_OPTIONS:
        if not option.multiple:
            if text := request.text(option):
                yield Assignment((option.name,), "=", text)
            continue
        for value in request.texts(option):
            key, (name, equals, rest) = f"{option.name}s", value.partition("=")
            if option.name in ("figure", "link") and not (name and equals):
                raise UsageError(f"--{option.name} {value}: write --{option.name} {option.metavar}")
            nested = equals and "=" in option.metavar
            yield Assignment((key, name), "=", rest) if nested else Assignment((key,), "=", value)


_FIELD_OPTIONS = (
    options.Option("--date", "The date: some time within 2025-11, ~2023, by 2026, …", "DATE"),
    options.Option("-p --period", "The period, if it lasted: 2025H1.", "PERIOD"),
    options.Option("--printed", "The date in the words of the source.", "TEXT"),
    options.Option("--known", "When it became public; by default, with its first source.", "DATE"),
    options.Option("--kind", "The kind of event.", "KIND", "kind"),
    options.Option("--status", "The status: happened (default), planned, or cancelled.", "STATUS", "status"),
    options.Option("--actor", "Who took part.", "[ROLE=]ID", "actor", multiple=True),
    options.Option("--place", "Where it happened.", "PLACE", multiple=True),
    options.Option("--tag", "A tag.", "TAG", "tag", multiple=True),
    options.Option("--figure", "A number: investment='~2bn EUR'.", "METRIC=VALUE", multiple=True),
    options.Option("--source", "The source.", "ID", "source", multiple=True),
    options.Option("--link", "A link to another event: leads-to=ID.", "TYPE=ID", multiple=True),
    options.Option("--note", "A note.", "TEXT"),
)
ID = options.Option("--id", "The id; by default, made from the title and the year.", "ID")
TITLE = options.Argument(
    "title", "[TITLE]", "What happened; or actor:ID, source:ID, era:ID; - for standard input.", max_count=1
)
ASSIGNMENTS = options.Argument("assignments", "[FIELD=VALUE]...", "Fields, as in `set`.", "assignment")
COMMAND = Command(
    "Add an event, actor, source, or era.",
    _run,
    (*write_commands.WRITE_OPTIONS, write_commands.FORCE, write_commands.INTO, ID, *_FIELD_OPTIONS),
    (TITLE, ASSIGNMENTS),
)
