"""`autotimeline set`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.editing.draft import Draft
    from autotimeline.query.selection import Selection


def _run(request: Request, environment: Environment) -> int:
    word, texts = request.text(ID), request.texts(ASSIGNMENTS)
    has_query = request.is_given(WHERE)
    if has_query and word and "=" not in word:
        raise UsageError(f'"{word}": an id and --where exclude each other; remove one of them')
    if request.flag(POSSIBLE) and not has_query:
        raise UsageError("--possible: missing query; add --where QUERY")
    if has_query and word:
        # Without an ID, the first word is an assignment.
        texts, word = (word, *texts), None
    if not texts:
        name = (ASSIGNMENTS if word or has_query else ID).metavar
        raise UsageError(f"missing argument '{name}'; see `autotimeline set --help`")
    return _set_one(request, environment, word, texts) if word else _set_matches(request, environment, texts)


def _set_one(request: Request, environment: Environment, word: str, texts: Sequence[str]) -> int:
    from autotimeline.cli.days import day_resolver
    from autotimeline.editing.assignments import apply_assignments, parse_assignment

    assignments = [parse_assignment(text) for text in texts]

    def edit_draft(draft: Draft) -> None:
        kind, id = draft.resolve_reference(word)
        resolve_day = day_resolver(draft.timeline.today)
        draft.set_body(kind, id, apply_assignments(kind, draft.read_body(kind, id), assignments, resolve_day))

    with write_commands.open_writer(request, environment, "set", word, *texts) as writer:
        files = writer.change(edit_draft)
    write_commands.report_change(request, environment, files, f"{word} is changed")
    return 0


def _set_matches(request: Request, environment: Environment, texts: Sequence[str]) -> int:
    """Change every event that matches the queries, and report those that are unchanged."""
    from autotimeline.cli.days import day_resolver
    from autotimeline.cli.run_query import report_notes
    from autotimeline.editing.assignments import apply_assignments, parse_assignment
    from autotimeline.text import format_count

    assignments = [parse_assignment(text) for text in texts]
    queries = request.texts(WHERE)
    changed_count, unchanged_count, possible_count = 0, 0, 0
    selection: Selection

    def edit_draft(draft: Draft) -> None:
        nonlocal changed_count, unchanged_count, possible_count, selection
        changed_count = unchanged_count = possible_count = 0
        resolve_day = day_resolver(draft.timeline.today)
        selection = _select(draft, queries)
        for id, match in selection.rows(("id", "match")):
            if match == "possible" and not request.flag(POSSIBLE):
                possible_count += 1
                continue
            body = draft.read_body("event", id)
            try:
                new_body = apply_assignments("event", body, assignments, resolve_day, ignore_missing=True)
            except UsageError as error:
                raise UsageError(f'event "{id}": {error}; nothing was written') from None
            if new_body == body:
                unchanged_count += 1
            else:
                changed_count += 1
                draft.set_body("event", id, new_body)

    where = [word for query in queries for word in ("--where", query)]
    with write_commands.open_writer(request, environment, "set", *where, *texts) as writer:
        files = writer.change(edit_draft)
    report_notes(request, environment, selection)
    if possible_count:
        environment.error(f"possible matches unchanged: {possible_count:,}; change them too with --possible")
    elif not changed_count + unchanged_count:
        environment.error("no event matches; nothing was written")
    suffix = f", {unchanged_count:,} had these values already" if unchanged_count else ""
    if changed_count + unchanged_count:
        message = f"{format_count(changed_count, 'event')} changed{suffix}"
        write_commands.report_change(request, environment, files, message)
    return 0


def _select(draft: Draft, queries: Sequence[str]) -> Selection:
    """Return the events that match all queries.

    Raises:
        StoreError: If the store is invalid: an event that cannot be read could match.
        UsageError: If a query is invalid or empty.
    """
    from autotimeline.query.parser import parse_query

    draft.timeline.check()
    selection = draft.timeline.select(queries[0], terms=[parse_query(query) for query in queries[1:]])
    if not selection.compiled.text:
        raise UsageError(f'--where "{queries[0]}": missing query; write one, such as kind:deal')
    return selection


ID = options.Argument(
    "thing",
    "ID",
    "An event, actor, source, or era; none with --where.",
    "thing",
    max_count=1,
    alternative=("where", "assignment"),
)
ASSIGNMENTS = options.Argument(
    "assignments",
    "FIELD=VALUE...",
    "kind=deal, tags+=ev, tags-=ev, actors.buyer=ID, figures.investment=…; FIELD= removes it.",
    "assignment",
)
WHERE = options.Option(
    "--where", "Change all events that certainly match this query, instead of one ID.", "QUERY", "query", multiple=True
)
POSSIBLE = options.Option("--possible", "With --where: also change events that possibly match.")
COMMAND = Command(
    "Change fields of one entry, or of all matching events.",
    _run,
    (*write_commands.WRITE_OPTIONS, WHERE, POSSIBLE),
    (ID, ASSIGNMENTS),
)
