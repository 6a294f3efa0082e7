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
        return _piped(values)
    if values["title"]:
        return _added(values)
    if not environment.asks():
        raise UsageError('write what happened: autotimeline add "TITLE" --date DATE; on a terminal you are asked')
    from autotimeline.cli import prompts

    return prompts.prompt_event(values)


def _added(values: dict[str, Any]) -> int:
    """Add what the words and options say."""
    from autotimeline.cli.days import day
    from autotimeline.editing import add, assignments
    from autotimeline.errors import UsageError

    kind, id = add.thing(values["title"])
    words = [*_words(values), *(assignments.read(word) for word in values["assignments"] or ())]
    if id and values["id"]:
        raise UsageError(f'--id {values["id"]}: "{values["title"]}" has its id already; leave --id out')
    given = values["id"] or id

    def make(draft: Draft) -> None:
        nonlocal given
        body = {"title": values["title"]} if kind == "event" else {}
        body = assignments.assigned(kind, body, words, day(draft.story.today))
        given = add.add(draft, kind, given, body, into=values["into"], twin=values["force"])

    shown = [values["title"], *(word.word for word in words)]
    with write_commands.changer(values, "add", *shown) as changer:
        files = changer.change(make)
    return write_commands.added(values, files, [given])


def _piped(values: dict[str, Any]) -> int:
    """Add what standard input holds, as `import -` reads it: events that are new, and all that is new with them."""
    import sys

    from autotimeline.cli import environment
    from autotimeline.errors import AutotimelineError, UsageError
    from autotimeline.importing.import_options import Settings
    from autotimeline.importing.load import gather
    from autotimeline.importing.plan import Plan
    from autotimeline.importing.run import run
    from autotimeline.store import bounded_input
    from autotimeline.store.locate import STDIN

    if values["assignments"] or values["id"] or any(values[option.name] for option in _SAID):
        raise UsageError("standard input says all of it; leave the other words and options out")
    if sys.stdin is None:
        raise AutotimelineError("standard input is closed")
    gathered = gather([(STDIN, bounded_input.read(sys.stdin.buffer, STDIN, AutotimelineError), None)], Settings())
    if not (gathered.entries or gathered.problems):
        raise AutotimelineError("-: it is empty: write an event in TOML or JSON")
    plan = Plan(gathered, into=values["into"], adds=True, twin=values["force"])
    with write_commands.changer(values, "add", STDIN) as changer:
        files, taken = run(plan, changer)
    for line in taken.told:
        environment.complain(line)
    return write_commands.added(values, files, taken.ids)


def _words(values: dict[str, Any]) -> Iterator[Any]:
    """Yield the assignments that the options are other words for."""
    from autotimeline.editing.assignments import Assignment
    from autotimeline.errors import UsageError

    for option in _SAID:
        given = values[option.name]
        for value in [given] if isinstance(given, str) else given or ():
            field = _FIELDS.get(option.name, option.name)
            name, equals, rest = value.partition("=")
            if option.name in ("figure", "link") and not (name and equals):
                raise UsageError(f"--{option.name} {value}: write --{option.name} {option.takes}")
            if option.name in ("actor", "figure", "link") and equals:
                yield Assignment((field, name), "=", rest)
            else:
                yield Assignment((field,), "=", value)


_FIELDS = {
    "actor": "actors",
    "place": "places",
    "tag": "tags",
    "figure": "figures",
    "source": "sources",
    "link": "links",
}
_SAID = (
    options.Option("date", "--date", "When: some time within 2025-11, ~2023, by 2026, …", "DATE"),
    options.Option("period", "-p --period", "When, if throughout it: 2025H1.", "PERIOD"),
    options.Option("printed", "--printed", "The source's own words for the date.", "TEXT"),
    options.Option("known", "--known", "When it became public, if not with its first source.", "DATE"),
    options.Option("kind", "--kind", "What kind of event.", "KIND", complete="kind"),
    options.Option("status", "--status", "happened, planned or cancelled.", "STATUS", complete="status"),
    options.Option("actor", "--actor", "Who took part.", "[ROLE=]ID", many=True, complete="actor"),
    options.Option("place", "--place", "Where.", "PLACE", many=True),
    options.Option("tag", "--tag", "A tag.", "TAG", many=True, complete="tag"),
    options.Option("figure", "--figure", "A number: investment='~2bn EUR'.", "METRIC=VALUE", many=True),
    options.Option("source", "--source", "Who says so.", "ID", many=True, complete="source"),
    options.Option("link", "--link", "What it has to do with: leads-to=ID.", "TYPE=ID", many=True),
    options.Option("note", "--note", "A note.", "TEXT"),
)
ID = options.Option("id", "--id", "Its id; made of the title and the year.", "ID")
TITLE = options.Words(
    "title", "[TITLE]", "What happened; or actor:ID, source:ID, era:ID; - for standard input.", most=1
)
MORE = options.Words("assignments", "[FIELD=VALUE]...", "As `set` takes them.", complete="assignment")
COMMAND = options.Command(
    "Add an event (or actor, source, era), or be asked for one.",
    _run,
    (*write_commands.WRITE, write_commands.FORCE, write_commands.INTO, ID, *_SAID),
    (TITLE, MORE),
)
