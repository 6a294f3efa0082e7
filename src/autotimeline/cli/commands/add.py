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
    from autotimeline.importing.plan import ImportPlan


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
    from autotimeline.editing.assignments import Assignment, parse_assignment
    from autotimeline.editing.ids import require_valid_id
    from autotimeline.importing.typed import TypedEntry

    kind, id = _parse_target(title)
    given_id = request.text(ID)
    if id and given_id:
        raise UsageError(f'--id {given_id}: "{title}" already has an id; remove --id')
    assignments = [*_option_assignments(request), *map(parse_assignment, request.texts(ASSIGNMENTS))]
    words = [assignment.text for assignment in assignments]
    if kind == "event":
        assignments.insert(0, Assignment(("title",), "=", title))
    entry = TypedEntry(
        kind,
        require_valid_id(given_id) if given_id else id,
        assignments,
        source_details=_source_details(request),
        target_file=request.text(write_commands.INTO),
        allow_duplicates=request.flag(write_commands.FORCE),
        create=not request.flag(write_commands.NO_CREATE),
    )
    plans: list[ImportPlan] = []

    def edit_draft(draft: Draft) -> None:
        plans[:] = [entry.add(draft, day_resolver(draft.timeline.today))]

    with write_commands.open_writer(request, environment, "add", title, *words) as writer:
        files = writer.change(edit_draft)
    return write_commands.report_added(request, environment, files, plans[0])


def _add_from_stdin(request: Request, environment: Environment) -> int:
    """Add the new events and entities on standard input, in a format that `import -` reads."""
    from autotimeline.importing.import_options import ImportOptions
    from autotimeline.importing.load import load_files
    from autotimeline.importing.plan import ImportPolicy
    from autotimeline.importing.run import run_import
    from autotimeline.store import bounded_input

    own_options = (ID, write_commands.NO_CREATE, QUOTE, SOURCE_TITLE, SOURCE_DATE, *_FIELD_OPTIONS.values())
    if request.texts(ASSIGNMENTS) or any(map(request.is_given, own_options)):
        raise UsageError("standard input has all values; remove the other arguments and options")
    data = bounded_input.read_bounded(environment.require_stdin(), STDIN, AutotimelineError)
    loaded = load_files([(STDIN, data, None)], ImportOptions(suggest_date_formats=False))
    if not (loaded.records or loaded.problems):
        raise AutotimelineError("-: empty input; write an event in TOML or JSON")
    target_file, force = request.text(write_commands.INTO), request.flag(write_commands.FORCE)
    policy = ImportPolicy(target_file=target_file, must_be_new=True, allow_duplicates=force)
    with write_commands.open_writer(request, environment, "add", STDIN) as writer:
        files, plan = run_import(loaded, policy, writer)
    return write_commands.report_added(request, environment, files, plan)


def _parse_target(text: str) -> tuple[str, str]:
    """Return ("actor", "byd") for `actor:byd` and ("event", "") for a title, or raise UsageError for an invalid id."""
    from autotimeline.editing.ids import require_valid_id, split_reference
    from autotimeline.schema import SETTABLE_KINDS

    kind, id = split_reference(text)
    if kind in SETTABLE_KINDS and not id:
        raise UsageError(f'"{text}": missing id; write {kind}:ID')
    if kind not in SETTABLE_KINDS or " " in id or "\n" in id:
        return "event", ""
    return kind, require_valid_id(id, kind)


def _option_assignments(request: Request) -> Iterator[Assignment]:
    """Yield the assignments given by the options."""
    from autotimeline.editing.assignments import Assignment
    from autotimeline.importing.typed import parse_option

    quote = request.text(QUOTE)
    for key, option in _FIELD_OPTIONS.items():
        if key == "sources" and quote:
            yield Assignment((key, _only_source(request), "quote"), "=", quote)
            continue
        for text in request.texts(option) if option.multiple else filter(None, [request.text(option)]):
            yield parse_option(key, text)


def _source_details(request: Request) -> dict[str, list[Assignment]]:
    """Return the keys of a new source by its name."""
    from autotimeline.editing.assignments import Assignment

    given = [(key, text) for key, option in _SOURCE_OPTIONS.items() if (text := request.text(option))]
    return {_only_source(request): [Assignment((key,), "=", text) for key, text in given]} if given else {}


def _only_source(request: Request) -> str:
    sources = request.texts(_FIELD_OPTIONS["sources"])
    if len(sources) != 1:
        raise UsageError("--quote, --source-title, and --source-date are about one --source: name it")
    return sources[0].strip()


def _key_option(key: Key) -> options.Option:
    names = "-p --period" if key.name == "period" else f"--{key.singular}"
    # Queries name places without capitals, and a link begins with its type.
    completed = key.field if key.type not in ("texts", "links") else ""
    return options.Option(names, key.summary, key.metavar, completed, multiple=key.singular != key.name)


_FIELD_OPTIONS = {name: _key_option(key) for name, key in EVENT.items() if key.metavar}
ID = options.Option("--id", "The id; by default, made from the title and the year.", "ID")
SOURCE_TITLE = options.Option("--source-title", "The title of the source, if it is new; by default, its URL.", "TITLE")
SOURCE_DATE = options.Option("--source-date", "The date of publication of the source, if it is new.", "DATE")
QUOTE = options.Option("--quote", "The words of the source that state the event.", "TEXT")
_SOURCE_OPTIONS = {"title": SOURCE_TITLE, "published": SOURCE_DATE}
TITLE = options.Argument(
    "title", "[TITLE]", "What happened; or KIND:ID, such as actor:vw; - for standard input.", max_count=1
)
ASSIGNMENTS = options.Argument("assignments", "[FIELD=VALUE]...", "Fields, as in `set`.", "assignment")
COMMAND = Command(
    "Add an event or another entry, such as an actor.",
    _run,
    (
        *(*write_commands.WRITE_OPTIONS, write_commands.FORCE, write_commands.INTO, write_commands.NO_CREATE),
        *(ID, *_FIELD_OPTIONS.values(), QUOTE, SOURCE_TITLE, SOURCE_DATE),
    ),
    (TITLE, ASSIGNMENTS),
)
