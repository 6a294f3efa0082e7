"""`autotimeline check`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.table import TableRow


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query
    from autotimeline.views import findings

    arguments = values["files"] or []
    if values["explain"]:
        return _print_explanations(arguments, values)
    formatter = run_query.resolve_format(values)
    timeline = run_query.open_store({**values, "file": [*(values["file"] or []), *arguments]}, check=False)
    rows = [
        row for row in _run_rules(timeline.select(), strict=values["strict"]) if values["strict"] or row[2] != "note"
    ]
    rows.sort(key=lambda row: (str(row[0]), row[1]))
    if rows or formatter.ALL_FIELDS_BY_DEFAULT:
        fields = findings.FIELDS if formatter.ALL_FIELDS_BY_DEFAULT else findings.DEFAULT_FIELDS
        run_query.write_table(findings.table(rows, fields), formatter, values, timeline.files)
    return 1 if rows else 0


def _run_rules(everything: Selection, *, strict: bool) -> Iterator[TableRow]:
    from autotimeline import checks, plugins

    accepted = {id: accept for id, accept in everything.rows(("id", "accept")) if accept}
    for rule in plugins.list_names(checks):
        check = plugins.load(checks, rule)
        # What nobody asked for need not be looked for.
        for finding in check.find(everything) if strict or check.LEVEL != "note" else ():
            level, text = check.LEVEL, finding.text
            # With an error in it the store cannot be asked, whatever its author thinks of it.
            if level != "error":
                text += f', or accept.{rule} = "why"' if finding.event else ""
                reasons = [accepted.get(event, {}).get(rule) for event in (finding.event, *finding.other_events)]
                if reason := next(filter(None, reasons), None):
                    level, text = "note", f"{text} (accepted: {reason})"
            yield finding.file, finding.line, level, rule, finding.event, text


def _print_explanations(rules: Sequence[str], values: dict[str, Any]) -> int:
    """Print what each of these rules finds, why and what to do; without one, what rules there are."""
    from autotimeline import checks, plugins
    from autotimeline.cli import environment
    from autotimeline.errors import UsageError
    from autotimeline.text import suggest

    known = plugins.list_names(checks)
    for rule in rules:
        if rule not in known:
            raise UsageError(f'no rule "{rule}"{suggest(rule, known) or "; there are " + ", ".join(known)}')
    path = values["output"]
    canvas = environment.make_canvas(values["color"], file=path not in (None, "-"), unicode=not values["ascii"])
    with environment.open_output(path, _store_files(values)) as out:
        for index, rule in enumerate(rules or known):
            check = plugins.load(checks, rule)
            lines = _explanation_lines(rule, check, canvas) if rules else _summary_lines(rule, check, canvas)
            out.writelines(f"{line}\n" for line in (*([""] if rules and index else []), *lines))
    return 0


def _store_files(values: dict[str, Any]) -> list[str]:
    """Return the files of the store, over which nothing is written; none where none is in reach."""
    from autotimeline.errors import AutotimelineError
    from autotimeline.store.locate import find_files

    try:
        return find_files(values["file"] or ())
    except AutotimelineError:
        return []


def _summary_lines(rule: str, check: Any, canvas: Canvas) -> Iterator[str]:
    prefix = f"{canvas.pad(rule, 14)} {canvas.pad(check.LEVEL, 8)} "
    for line in canvas.wrap(_rule_title(check), max(20, (canvas.width or 0) - len(prefix))):
        yield prefix + line
        prefix = " " * len(prefix)


def _rule_title(check: Any) -> str:
    return (check.__doc__ or "").partition("\n")[0]


def _explanation_lines(rule: str, check: Any, canvas: Canvas) -> Iterator[str]:
    from autotimeline.checks._examples import read_examples

    yield f"{canvas.stylize(rule, 'title')} ({check.LEVEL})"
    for paragraph in (_rule_title(check), *check.EXPLAIN.split("\n\n")):
        yield ""
        yield from canvas.wrap(" ".join(paragraph.split()), canvas.width or 0)
    for label, example in zip(("It finds something here", "and nothing here"), read_examples(rule), strict=True):
        yield from ("", f"{label}:", "")
        yield from (f"    {canvas.sanitize(line)}".rstrip() for line in example.splitlines())


STRICT = options.Option("strict", "--strict", "Show notes too (likely twins, undated, accepted, …), and fail on them.")
EXPLAIN = options.Option("explain", "--explain", "Say what the rules that are named find, and why; or which there are.")
FILES = options.Argument(
    "files",
    "[FILE]...",
    "Stores, as with -f; with --explain, rules.",
    alternative=(EXPLAIN.name, "rules"),
)
COMMAND = options.Command(
    "Silent when all is well; else every problem, and exit 1.",
    _run,
    (*options.STORE_OPTIONS, options.FORMAT, options.OUTPUT, STRICT, EXPLAIN),
    (FILES,),
)
