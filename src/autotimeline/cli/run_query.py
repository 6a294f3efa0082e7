"""Run a query command: open the store, select events, arrange them in a view, and write them in a format."""

from __future__ import annotations

import gc

from autotimeline import api, formats, plugins, views
from autotimeline.cli import options
from autotimeline.errors import UsageError
from autotimeline.query.columns import COLUMNS, ELAPSED_COLUMNS, OPTIONAL_FIELDS
from autotimeline.query.parser import Term
from autotimeline.table import track_rows
from autotimeline.text import escape_control, format_count, suggest_or_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Any

    from autotimeline.cli.environment import Environment
    from autotimeline.cli.options import Request
    from autotimeline.query.parser import Node
    from autotimeline.query.selection import Selection
    from autotimeline.table import Table

# SQLite allows 2,000 columns in a result, and some of them are internal.
_MAX_FIELDS = 1_000


def open_store(request: Request, environment: Environment, *, check: bool = True) -> api.Timeline:
    """Open the store of a request; with `check`, reject an invalid one."""
    # What the first query loads stays until the end: searching it for garbage costs 10% of a start.
    if not gc.get_freeze_count():
        gc.freeze()
    as_of = request.text(options.AS_OF)
    progress_bar = environment.progress_bar(request)
    try:
        timeline = api.Timeline(
            request.texts(options.FILE),
            today=request.text(options.TODAY) or (None if as_of else environment.today),
            as_of=as_of,
            cache=not request.flag(options.NO_CACHE),
            progress=progress_bar,
        )
    finally:
        if progress_bar:
            progress_bar.close()
    environment.timelines.append(timeline)
    if check:
        timeline.check()
    if timeline.omitted_later and environment.stdout_is_tty():
        environment.note(f"--as-of {as_of}: {format_count(timeline.omitted_later, 'event')} became known later")
    if timeline.omitted_unknown:
        number = format_count(timeline.omitted_unknown, "event")
        remedy = "add known, or the date of a source"
        environment.warn(f"--as-of {as_of}: {number} without a known date omitted; {remedy}")
    return timeline


def select(timeline: api.Timeline, request: Request, *extra_terms: Node) -> Selection:
    """Return the events that match the query, the options, and the extra terms."""
    terms = [Term(option.name, value) for option in options.TERM_OPTIONS for value in request.texts(option)]
    return timeline.select(
        request.texts(options.QUERY_ARGUMENT),
        terms=[*extra_terms, *terms],
        certain=request.flag(options.CERTAIN),
        sort=request.text(options.SORT),
        reverse=request.flag(options.REVERSE),
        limit=request.number(options.LIMIT),
    )


def report_notes(request: Request, environment: Environment, *selections: Selection) -> None:
    """Write the warnings about the queries, and on a terminal the meanings of relative dates, each once."""
    for warning in dict.fromkeys(line for selection in selections for line in selection.resolver.warnings):
        environment.warn(warning)
    if not request.flag(options.EXPLAIN) and environment.stderr_is_tty():
        meanings = [meaning for selection in selections for meaning in selection.resolver.relative_meanings.items()]
        for term, meaning in dict.fromkeys(meanings):
            environment.note(f"{term} is {meaning}")


def run_view(view: str, request: Request, environment: Environment, *extra_terms: Node, **arguments: Any) -> int:
    """Show the events of a query in a view, which takes the arguments, and return the exit code.

    `FIELDS` of a view names the fields of rows that are not events: the row options then apply to these rows. If the
    fields depend on the arguments, `arrange_fields` adapts them. `EXTRA_FIELDS` are fields of events that only this
    view has. `NOTE_FIELDS` are shown by default in formats with notes.
    """
    formatter = resolve_format(request, environment)
    view_module = plugins.load(views, view)
    own_fields, default_fields = getattr(view_module, "FIELDS", None), view_module.DEFAULT_FIELDS
    if arrange_fields := getattr(view_module, "arrange_fields", None):
        own_fields, default_fields = (arrange_fields(names, **arguments) for names in (own_fields, default_fields))
    elapsed_option = _elapsed_option(request, request.text(options.SORT))
    if elapsed_option:
        request = _sort_by_elapsed_time(request, formatter, elapsed_option)
    extra: list[Sequence[str]] = [
        ELAPSED_COLUMNS[option.name] for option in options.ELAPSED_OPTIONS if request.is_given(option)
    ]
    if request.is_given(options.CONTEXT):
        extra.append(("context",))
    notes = getattr(view_module, "NOTE_FIELDS", ()) if getattr(formatter, "HAS_NOTES", False) else ()
    default_fields = (*default_fields, *(names[0] for names in extra), *notes)
    extra_fields = (*getattr(view_module, "EXTRA_FIELDS", ()), *(name for names in extra for name in names))
    known_fields = (*(own_fields or COLUMNS), *extra_fields)
    fields = resolve_fields(request, formatter, default_fields, known_fields, () if own_fields else OPTIONAL_FIELDS)
    timeline = open_store(request, environment)
    are_events = not (own_fields or elapsed_option)
    event_request = request if are_events else request.without(*options.ROW_OPTIONS)
    selection = select(timeline, event_request, *extra_terms)
    report_notes(request, environment, selection)
    if request.flag(options.EXPLAIN):
        return write_explanation(timeline, request, environment, selection)
    sort = request.text(options.SORT)
    sort_fields = [sort] if elapsed_option and sort and sort not in fields else []
    table = view_module.table(selection, own_fields or [*fields, *sort_fields], **arguments)
    description = f"{view} {selection.compiled.text}".rstrip()
    return write_result(
        table, description, formatter, fields, request, environment, timeline, selection, are_events=are_events
    )


def _elapsed_option(request: Request, field: str | None) -> options.Option | None:
    """Return the option of the command that adds a field of ELAPSED_COLUMNS; None for other fields."""
    available = filter(request.has, options.ELAPSED_OPTIONS)
    return next((option for option in available if field in ELAPSED_COLUMNS[option.name]), None)


def _sort_by_elapsed_time(request: Request, formatter: ModuleType, option: options.Option) -> Request:
    """Return a request for rows with the fields of an option in ELAPSED_COLUMNS, sorted by a number among them.

    Raises:
        UsageError: If the request has context, asks for a store, or lacks the value of the option.
    """
    field = request.text(options.SORT)
    if request.is_given(options.CONTEXT):
        raise UsageError(f"--sort {field}: not with -C; remove one of them")
    if formatter.__name__.endswith(".toml"):
        raise UsageError(f"--sort {field}: not in toml; choose another format, such as json")
    if option.metavar and not request.is_given(option):
        raise UsageError(f"--sort {field}: missing {option.flags[-1]}; add {option.flags[-1]} {option.metavar}")
    text_field, low_field, _ = ELAPSED_COLUMNS[option.name]
    request = request if request.is_given(option) else request.replace(option, True)
    return request.replace(options.SORT, low_field if field == text_field else field)


def write_result(
    table: Table,
    description: str,
    formatter: ModuleType,
    fields: Sequence[str],
    request: Request,
    environment: Environment,
    timeline: api.Timeline,
    *selections: Selection,
    are_events: bool = False,
) -> int:
    """Write the table of some selections and return the exit code; rows that are not events are sorted here."""
    table = table.replace(title=lambda: ": ".join(filter(None, (selections[0].catalog.title(), description))))
    sort, reverse, limit = request.text(options.SORT), request.flag(options.REVERSE), request.number(options.LIMIT)
    named = request.text(options.FIELDS)
    if named or (not are_events and (sort or reverse or limit) and table.display is None):
        # A drawing shows the fields and the order of its view.
        table = table.replace(drawing=None, display=None)
    has_rows = None
    if not are_events:
        table, has_rows = track_rows(table.arrange(fields, sort, reverse, limit))
    write_table(table, formatter, request, environment, timeline.files)
    return report_empty_answer(request, environment, selections, has_rows and has_rows(), table.footer)


def report_empty_answer(
    request: Request,
    environment: Environment,
    selections: Sequence[Selection],
    has_rows: bool | None = None,
    footer: Callable[[], list[str]] = list,
) -> int:
    """Write on stderr why an answer that was written may be empty, and return the exit code.

    `has_rows` is whether the answer has rows that are not events; None if its rows are events, or if it is a drawing.
    """
    empty = [selection for selection in selections if has_rows is False or _has_no_events(selection, has_rows)]
    if not empty:
        return 0
    from autotimeline.query.hints import has_words, word_hints

    # A script that asks for the exit code waits until an event is in that state.
    exit_status = request.flag(options.EXIT_STATUS)
    hints = dict.fromkeys(line for selection in empty for line in word_hints(selection, include_states=not exit_status))
    for line in hints:
        environment.warn(line)
    if len(empty) < len(selections):
        return 0
    is_explained = hints or any(selection.resolver.warnings for selection in empty)
    if environment.stderr_is_tty() or (not is_explained and any(map(has_words, empty))):
        matches = any(selection.total() for selection in selections)
        environment.note("; ".join(["nothing to show" if matches else "nothing matches", *footer()]))
    return int(exit_status)


def _has_no_events(selection: Selection, has_rows: bool | None) -> bool:
    is_unknown = selection.had_rows is None
    # A limit of 0 is not an empty answer.
    return not (selection.had_rows or (has_rows and is_unknown) or selection.total())


def resolve_fields(
    request: Request, formatter: ModuleType, default: Sequence[str], known: Sequence[str], extra: Sequence[str] = ()
) -> Sequence[str]:
    """Return the fields of `--fields`; without it, all known fields in data formats, and else the default ones.

    `extra` are further fields, which are shown only if `--fields` names them.

    Raises:
        UsageError: If a field is unknown, or there are none or too many.
    """
    text = request.text(options.FIELDS)
    if not text:
        return known if formatter.ALL_FIELDS_BY_DEFAULT else default
    fields = [field.strip() for field in text.split(",") if field.strip()]
    if len(fields) > _MAX_FIELDS:
        raise UsageError(f"--fields: {len(fields):,} fields; name at most {_MAX_FIELDS:,}")
    known = (*known, *extra)
    for field in fields:
        if field not in known:
            if option := _elapsed_option(request, field):
                flag = option.flags[-1]
                raise UsageError(f'no field "{field}" without {flag}; add {flag}')
            if field == "context" and request.has(options.CONTEXT):
                raise UsageError('no field "context" without -C; add -C 1')
            raise UsageError(f'no field "{field}"{suggest_or_list(field, known)}')
    if not fields:
        raise UsageError(f"--fields: no field; write one or more of {', '.join(known)}")
    return fields


def resolve_format(request: Request, environment: Environment) -> ModuleType:
    """Return the format: by its name, by the extension of the output, else `table` on a terminal and `plain` off it.

    Raises:
        UsageError: If the name or the extension is unknown, or the format does not accept `--empty`.
    """
    path = request.text(options.OUTPUT)
    name = request.text(options.FORMAT)
    if not name and path in (None, "-"):
        name = "table" if environment.stdout_is_tty() else "plain"
    if formatter := plugins.find(formats, name) if name else plugins.load_by_extension(formats, path or ""):
        if request.text(options.EMPTY) and not getattr(formatter, "FILLS_EMPTY_CELLS", False):
            raise UsageError("--empty: only in plain and tsv; remove it, or choose one of them with -O")
        return formatter
    known = plugins.list_names(formats)
    if name:
        raise UsageError(f'no format "{name}"{suggest_or_list(name, known)}')
    raise UsageError(f"{path}: no format has this extension; name one with -O {'|'.join(known)}")


def write_table(
    table: Table, formatter: ModuleType, request: Request, environment: Environment, sources: Sequence[str]
) -> None:
    """Write a table to the output of a request, which must not be one of the sources."""
    canvas = environment.canvas(request)
    if empty := request.text(options.EMPTY):
        table = table.fill_empty_cells(empty)
    with environment.open_output(request.text(options.OUTPUT), sources) as out:
        formatter.write(table, out, canvas, format_flags(request))


def format_flags(request: Request) -> frozenset[str]:
    """Return the names of the options for formats that were given: `raw` and `bom`."""
    return frozenset(option.name for option in (options.RAW, options.BOM) if request.flag(option))


def write_explanation(
    timeline: api.Timeline, request: Request, environment: Environment, *selections: Selection
) -> int:
    """Print how the queries were understood: terms, dates, and the order and number of rows; return the exit code."""
    from autotimeline.query.explanation import explain_lines

    lines = explain_lines(
        selections,
        as_of=timeline.as_of,
        sort=request.text(options.SORT),
        reverse=request.flag(options.REVERSE),
        limit=request.number(options.LIMIT),
        context=request.number(options.CONTEXT),
    )
    with environment.open_output(request.text(options.OUTPUT), timeline.files) as out:
        out.writelines(escape_control(line) + "\n" for line in lines)
    return 0
