"""Answer a question: open the store, select, arrange it in a view, write it in a format."""

from __future__ import annotations

import gc

from autotimeline import api, formats, plugins, views
from autotimeline.cli import environment, options
from autotimeline.dates.span import format_iso
from autotimeline.errors import UsageError
from autotimeline.query.columns import COLUMNS, ELAPSED_COLUMNS
from autotimeline.query.parser import Term
from autotimeline.table import reorder, track_rows
from autotimeline.text import escape_control, format_count, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

    from autotimeline.query.parser import Node
    from autotimeline.query.selection import Selection
    from autotimeline.table import Table

ROW_OPTIONS = ("sort", "reverse", "limit")
"""The values that arrange rows."""
# SQLite has 2,000 columns at most in an answer, and some of them are ours.
_MOST_FIELDS = 1_000


def open_store(values: dict[str, Any], *, check: bool = True) -> api.Timeline:
    """Open the store that the options name; an invalid one is refused where `check`."""
    # What a first question loads stays until the end. To look through it for garbage then is a tenth of a start.
    if not gc.get_freeze_count():
        gc.freeze()
    progress_bar = environment.make_progress_bar(values["color"])
    try:
        timeline = api.Timeline(
            values["file"],
            today=values["today"],
            as_of=values.get("as_of"),
            cache=not values["no_cache"],
            progress=progress_bar,
        )
    finally:
        if progress_bar:
            progress_bar.close()
    if check:
        timeline.check()
    return timeline


def select(timeline: api.Timeline, values: dict[str, Any], words: Sequence[str], *extra_terms: Node) -> Selection:
    """Return what the words, the options and `more` terms ask for, and say what there is to say about it."""
    selection = build_selection(timeline, values, words, *extra_terms)
    report_notes(values, selection)
    return selection


def build_selection(
    timeline: api.Timeline, values: dict[str, Any], words: Sequence[str], *extra_terms: Node
) -> Selection:
    """Return what the words, the options and `more` terms ask for."""
    terms = [
        *extra_terms,
        *(Term(option.name, value) for option in options.TERM_OPTIONS for value in values.get(option.name) or ()),
    ]
    query_options = {name: values[name] for name in ("certain", *ROW_OPTIONS) if values.get(name) is not None}
    return timeline._select(words or (), terms, **query_options)


def report_notes(values: dict[str, Any], *selections: Selection) -> None:
    """Say what there is to say about the questions, once."""
    for warning in dict.fromkeys(line for selection in selections for line in selection.resolver.warnings):
        environment.print_note(f"autotimeline: {warning}")
    if not values.get("explain") and environment.stderr_is_tty():
        meanings = [meaning for selection in selections for meaning in selection.resolver.relative_meanings.items()]
        for term, meaning in dict.fromkeys(meanings):
            environment.print_note(f"{term} is {meaning}")


def run_view(
    view: str, values: dict[str, Any], words: Sequence[str] | None = None, *extra_terms: Node, **view_arguments: Any
) -> int:
    """Run a query command: its words, options and `more` terms through a view, in the format that is asked for.

    `particulars` are what the view takes besides. A view whose rows are no events names their fields in
    `FIELDS`; `--sort`, `-r` and `-n` are then about those rows. Where they depend on the particulars it is a
    function of these, and none of them is left out. `EXTRA_FIELDS` are fields of an event that only this view has.
    """
    query_words = (values["query"] or ()) if words is None else words
    formatter = resolve_format(values)
    view_module = plugins.load(views, view)
    own_fields, default_fields = getattr(view_module, "FIELDS", None), view_module.DEFAULT_FIELDS
    if callable(own_fields):
        own_fields = default_fields = own_fields(**view_arguments)
    elapsed_fields = [names for option, names in ELAPSED_COLUMNS.items() if values.get(option)]
    default_fields = (*default_fields, *(words for words, *_ in elapsed_fields))
    known_fields = (
        *(own_fields or COLUMNS),
        *getattr(view_module, "EXTRA_FIELDS", ()),
        *(name for names in elapsed_fields for name in names),
    )
    fields = resolve_fields(values, default_fields, known_fields, all_by_default=formatter.ALL_FIELDS_BY_DEFAULT)
    timeline = open_store(values)
    selection = select(
        timeline, {**values, **dict.fromkeys(ROW_OPTIONS)} if own_fields else values, query_words, *extra_terms
    )
    if values["explain"]:
        return write_explanation(timeline, values, selection)
    table = view_module.table(selection, own_fields or fields, **view_arguments)
    description = f"{view} {selection.compiled.text}".rstrip()
    return write_result(
        table, description, formatter, fields, values, timeline, selection, has_own_fields=bool(own_fields)
    )


def write_result(
    table: Table,
    description: str,
    formatter: ModuleType,
    fields: Sequence[str],
    values: dict[str, Any],
    timeline: api.Timeline,
    *selections: Selection,
    has_own_fields: bool = True,
) -> int:
    """Write the table of these selections, which is `about` a question, and return the exit code.

    Where its rows have fields of their `own` they are arranged here.
    """
    table.title = lambda: ": ".join(filter(None, (selections[0].catalog.title(), description)))
    row_options = {name: values.get(name) for name in ROW_OPTIONS}
    if values["fields"] or (has_own_fields and any(row_options.values()) and table.display_table is None):
        # A picture shows what its view shows, in its own order; who names fields, or another, wants those.
        table.draw = table.chart_layout = None
    if values["fields"]:
        table.display_table = None
    if has_own_fields:
        reorder(table, fields, **row_options)
    has_rows = track_rows(table) if has_own_fields else lambda: True
    write_table(table, formatter, values, timeline.files)
    if not (values["exit_status"] or environment.stderr_is_tty()) or (
        any(selection.total() for selection in selections) and has_rows()
    ):
        return 0
    if environment.stderr_is_tty():
        message = "nothing to show" if any(selection.total() for selection in selections) else "nothing matches"
        environment.print_note("; ".join([message, *table.footer()]))
    return 1 if values["exit_status"] else 0


def resolve_fields(
    values: dict[str, Any], default: Sequence[str], known: Sequence[str], *, all_by_default: bool
) -> Sequence[str]:
    """Return the fields that are asked for, else all that are known for data, else the view's brief ones."""
    if not values["fields"]:
        return known if all_by_default else default
    fields = [field.strip() for field in values["fields"].split(",") if field.strip()]
    if len(fields) > _MOST_FIELDS:
        raise UsageError(f"--fields: {len(fields):,} fields; name at most {_MOST_FIELDS:,}")
    for field in fields:
        if field not in known:
            if option := next(
                (option for option, names in ELAPSED_COLUMNS.items() if field in names and option in values), ""
            ):
                raise UsageError(f'no field "{field}" but with --{option.replace("_", "-")}')
            raise UsageError(f'no field "{field}"{suggest(field, known)}; there are {", ".join(known)}')
    if not fields:
        raise UsageError(f"--fields: write one or more of {', '.join(known)}")
    return fields


def resolve_format(values: dict[str, Any]) -> ModuleType:
    """Return the format: by name, by the output file's ending, else `table` on a terminal and `plain` off it."""
    known = plugins.list_names(formats)
    path = values["output"]
    if name := values["format"]:
        if name not in known:
            raise UsageError(f'no format "{name}"{suggest(name, known)}; there are {", ".join(known)}')
        return plugins.load(formats, name)
    if path is None or path == "-":
        return plugins.load(formats, "table" if environment.stdout_is_tty() else "plain")
    if formatter := plugins.load_by_extension(formats, path):
        return formatter
    raise UsageError(f"{path}: no format has this ending; name one with -O {'|'.join(known)}")


def write_table(table: Table, formatter: ModuleType, values: dict[str, Any], sources: Sequence[str]) -> None:
    """Write a table in a format, where the options say."""
    path = values["output"]
    canvas = environment.make_canvas(values["color"], file=path not in (None, "-"), unicode=not values.get("ascii"))
    flags = frozenset(name for name in ("raw", "bom") if values.get(name))
    with environment.open_output(path, list(sources)) as out:
        formatter.write(table, out, canvas, flags)


def write_explanation(timeline: api.Timeline, values: dict[str, Any], *selections: Selection) -> int:
    """Print the queries as they were understood: terms, what dates were taken to mean, what is asked of the rows."""
    selection, scope = selections[0], selections[0].resolver
    lines = [f"query: {each.compiled.text or 'everything'}" for each in selections]
    meanings = [meaning for each in selections for meaning in each.resolver.meanings.items()]
    lines += [f"{term} is {meaning}" for term, meaning in dict.fromkeys(meanings)]
    lines.append(f"today is {format_iso(scope.today)}")
    if timeline.as_of is not None:
        lines.append(f"answered as it was known on {format_iso(timeline.as_of)}")
    lines.append("only what surely matches" if selection.certain else "what surely matches, and what possibly does")
    if any(each.compiled.has_date_term for each in selections):
        lines.append("undated events are left out where a date decides")
    order = f"in the order of {selection.sort or 'dates'}"
    lines.append(order + (", turned round" if selection.reverse else ""))
    if selection.limit is not None:
        lines.append(f"at most {format_count(selection.limit, 'event')}")
    with environment.open_output(values["output"], list(timeline.files)) as out:
        out.writelines(escape_control(line) + "\n" for line in lines)
    return 0
