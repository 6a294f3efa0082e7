"""Answer a question: open the store, select, arrange it in a view, write it in a format."""

from __future__ import annotations

import gc

from autotimeline import api, formats, plugins, views
from autotimeline.cli import environment, options
from autotimeline.dates.span import iso
from autotimeline.errors import UsageError
from autotimeline.query.columns import COLUMNS, ELAPSED
from autotimeline.query.parser import Term
from autotimeline.table import arrange, watch
from autotimeline.text import count, nearest, safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

    from autotimeline.query.parser import Node
    from autotimeline.query.selection import Selection
    from autotimeline.table import Table

ARRANGED = ("sort", "reverse", "limit")
"""The values that arrange rows."""
# SQLite has 2,000 columns at most in an answer, and some of them are ours.
_MOST_FIELDS = 1_000


def story(values: dict[str, Any], *, check: bool = True) -> api.Timeline:
    """Open the store that the options name; an invalid one is refused where `check`."""
    # What a first question loads stays until the end. To look through it for garbage then is a tenth of a start.
    if not gc.get_freeze_count():
        gc.freeze()
    bar = environment.bar(values["color"])
    try:
        opened = api.Timeline(
            values["file"],
            today=values["today"],
            as_of=values.get("as_of"),
            cache=not values["no_cache"],
            progress=bar,
        )
    finally:
        if bar:
            bar.end()
    if check:
        opened.check()
    return opened


def select(opened: api.Timeline, values: dict[str, Any], words: Sequence[str], *more: Node) -> Selection:
    """Return what the words, the options and `more` terms ask for, and say what there is to say about it."""
    selection = selected(opened, values, words, *more)
    tell(values, selection)
    return selection


def selected(opened: api.Timeline, values: dict[str, Any], words: Sequence[str], *more: Node) -> Selection:
    """Return what the words, the options and `more` terms ask for."""
    terms = [*more, *(Term(option.name, value) for option in options.TERMS for value in values.get(option.name) or ())]
    chosen = {name: values[name] for name in ("certain", *ARRANGED) if values.get(name) is not None}
    return opened._select(words or (), terms, **chosen)


def tell(values: dict[str, Any], *selections: Selection) -> None:
    """Say what there is to say about the questions, once."""
    for warning in dict.fromkeys(line for selection in selections for line in selection.scope.warnings):
        environment.say(f"autotimeline: {warning}")
    if not values.get("explain") and environment.talks():
        meanings = [meaning for selection in selections for meaning in selection.scope.relative.items()]
        for term, meaning in dict.fromkeys(meanings):
            environment.say(f"{term} is {meaning}")


def query(
    view: str, values: dict[str, Any], words: Sequence[str] | None = None, *more: Node, **particulars: Any
) -> int:
    """Run a query command: its words, options and `more` terms through a view, in the format that is asked for.

    `particulars` are what the view takes besides. A view whose rows are no events names their fields in
    `FIELDS`; `--sort`, `-r` and `-n` are then about those rows. Where they depend on the particulars it is a
    function of these, and none of them is left out. `MORE` are fields of an event that only this view has.
    """
    asked = (values["query"] or ()) if words is None else words
    form = chosen_format(values)
    shape = plugins.load(views, view)
    own, brief = getattr(shape, "FIELDS", None), shape.BRIEF
    if callable(own):
        own = brief = own(**particulars)
    added = [names for option, names in ELAPSED.items() if values.get(option)]
    brief = (*brief, *(words for words, *_ in added))
    known = (*(own or COLUMNS), *getattr(shape, "MORE", ()), *(name for names in added for name in names))
    fields = chosen_fields(values, brief, known, complete=form.COMPLETE)
    opened = story(values)
    selection = select(opened, {**values, **dict.fromkeys(ARRANGED)} if own else values, asked, *more)
    if values["explain"]:
        return explain(opened, values, selection)
    table = shape.table(selection, own or fields, **particulars)
    about = f"{view} {selection.compiled.text}".rstrip()
    return deliver(table, about, form, fields, values, opened, selection, own=bool(own))


def deliver(
    table: Table,
    about: str,
    form: ModuleType,
    fields: Sequence[str],
    values: dict[str, Any],
    opened: api.Timeline,
    *selections: Selection,
    own: bool = True,
) -> int:
    """Write the table of these selections, which is `about` a question, and return the exit code.

    Where its rows have fields of their `own` they are arranged here.
    """
    table.title = lambda: ": ".join(filter(None, (selections[0].title(), about)))
    ordered = {name: values.get(name) for name in ARRANGED}
    if values["fields"] or (own and any(ordered.values()) and table.sheet is None):
        # A picture shows what its view shows, in its own order; who names fields, or another, wants those.
        table.draw = table.scene = None
    if values["fields"]:
        table.sheet = None
    if own:
        arrange(table, fields, **ordered)
    found = watch(table) if own else lambda: True
    write(table, form, values, opened.files)
    if not (values["exit_status"] or environment.talks()) or (any(asked.total() for asked in selections) and found()):
        return 0
    if environment.talks():
        what = "nothing to show" if any(asked.total() for asked in selections) else "nothing matches"
        environment.say("; ".join([what, *table.footer()]))
    return 1 if values["exit_status"] else 0


def chosen_fields(
    values: dict[str, Any], brief: Sequence[str], known: Sequence[str], *, complete: bool
) -> Sequence[str]:
    """Return the fields that are asked for, else all that are known for data, else the view's brief ones."""
    if not values["fields"]:
        return known if complete else brief
    fields = [field.strip() for field in values["fields"].split(",") if field.strip()]
    if len(fields) > _MOST_FIELDS:
        raise UsageError(f"--fields: {len(fields):,} fields; name at most {_MOST_FIELDS:,}")
    for field in fields:
        if field not in known:
            if option := next((option for option, names in ELAPSED.items() if field in names and option in values), ""):
                raise UsageError(f'no field "{field}" but with --{option.replace("_", "-")}')
            raise UsageError(f'no field "{field}"{nearest(field, known)}; there are {", ".join(known)}')
    if not fields:
        raise UsageError(f"--fields: write one or more of {', '.join(known)}")
    return fields


def chosen_format(values: dict[str, Any]) -> ModuleType:
    """Return the format: by name, by the output file's ending, else `table` on a terminal and `plain` off it."""
    known = plugins.names(formats)
    path = values["output"]
    if name := values["format"]:
        if name not in known:
            raise UsageError(f'no format "{name}"{nearest(name, known)}; there are {", ".join(known)}')
        return plugins.load(formats, name)
    if path is None or path == "-":
        return plugins.load(formats, "table" if environment.is_terminal() else "plain")
    if form := plugins.by_ending(formats, path):
        return form
    raise UsageError(f"{path}: no format has this ending; name one with -O {'|'.join(known)}")


def write(table: Table, form: ModuleType, values: dict[str, Any], sources: Sequence[str]) -> None:
    """Write a table in a format, where the options say."""
    path = values["output"]
    page = environment.paper(values["color"], file=path not in (None, "-"), unicode=not values.get("ascii"))
    flags = frozenset(name for name in ("raw", "bom") if values.get(name))
    with environment.opened(path, list(sources)) as out:
        form.write(table, out, page, flags)


def explain(opened: api.Timeline, values: dict[str, Any], *selections: Selection) -> int:
    """Print the queries as they were understood: terms, what dates were taken to mean, what is asked of the rows."""
    selection, scope = selections[0], selections[0].scope
    lines = [f"query: {asked.compiled.text or 'everything'}" for asked in selections]
    meanings = [meaning for asked in selections for meaning in asked.scope.meanings.items()]
    lines += [f"{term} is {meaning}" for term, meaning in dict.fromkeys(meanings)]
    lines.append(f"today is {iso(scope.today)}")
    if opened.as_of is not None:
        lines.append(f"answered as it was known on {iso(opened.as_of)}")
    lines.append("only what surely matches" if selection.certain else "what surely matches, and what possibly does")
    if any(asked.compiled.dated for asked in selections):
        lines.append("undated events are left out where a date decides")
    order = f"in the order of {selection.sort or 'dates'}"
    lines.append(order + (", turned round" if selection.reverse else ""))
    if selection.limit is not None:
        lines.append(f"at most {count(selection.limit, 'event')}")
    with environment.opened(values["output"], list(opened.files)) as out:
        out.writelines(safe(line) + "\n" for line in lines)
    return 0
