"""`autotimeline check`."""

from __future__ import annotations

from collections import Counter

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.store.locate import find_files
from autotimeline.text import suggest_or_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from autotimeline.api import Timeline
    from autotimeline.render.canvas import Canvas


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.views import findings

    arguments, strict = request.texts(FILES), request.flag(STRICT)
    if request.flag(EXPLAIN):
        if request.flag(SUMMARY):
            raise UsageError("--summary: not with --explain; remove one of them")
        return _print_explanations(arguments, request, environment)
    formatter = run_query.resolve_format(request, environment)
    all_files = request.replace(options.FILE, (*request.texts(options.FILE), *arguments))
    timeline = run_query.open_store(all_files, environment, check=False)
    if request.flag(SUMMARY):
        return _print_summary(timeline, all_files, environment)
    rows = [
        (finding.file, finding.line, finding.level, finding.rule, finding.event, finding.text)
        for finding in timeline.findings(strict=strict)
    ]
    if rows or formatter.ALL_FIELDS_BY_DEFAULT:
        fields = findings.FIELDS if formatter.ALL_FIELDS_BY_DEFAULT else findings.DEFAULT_FIELDS
        run_query.write_table(findings.table(rows, fields), formatter, request, environment, timeline.files)
    return 1 if rows else 0


def _print_summary(timeline: Timeline, request: Request, environment: Environment) -> int:
    """Print how certain the facts are and the numbers of findings; return the exit code of `check`."""
    from autotimeline.cli import run_query
    from autotimeline.cli.summary import program_with_store
    from autotimeline.views import summary

    levels = Counter(finding.level for finding in timeline.findings(strict=True))
    findings = {f"{level}s": levels[level] for level in ("error", "problem", "note")}
    table = summary.table(timeline.select(), summary.FIELDS, program=program_with_store(request), findings=findings)
    formatter = run_query.resolve_format(request, environment)
    run_query.write_table(table, formatter, request, environment, timeline.files)
    return int(bool(findings["errors"] or findings["problems"] or (request.flag(STRICT) and findings["notes"])))


def _print_explanations(rules: Sequence[str], request: Request, environment: Environment) -> int:
    """Print what each rule finds, why, and what to do; without rules, a list of all of them."""
    from autotimeline import checks, plugins

    known = plugins.list_names(checks)
    for rule in rules:
        if rule not in known:
            raise UsageError(f'no rule "{rule}"{suggest_or_list(rule, known)}')
    canvas = environment.canvas(request)
    with environment.open_output(request.text(options.OUTPUT), _store_files(request)) as out:
        for index, rule in enumerate(rules or known):
            check = plugins.load(checks, rule)
            lines = _explanation_lines(rule, check, canvas) if rules else _summary_lines(rule, check, canvas)
            out.writelines(f"{line}\n" for line in (*([""] if rules and index else []), *lines))
    return 0


def _store_files(request: Request) -> list[str]:
    """Return the files of the store, which must not be overwritten; an empty list without a store."""
    try:
        return find_files(request.texts(options.FILE))
    except AutotimelineError:
        return []


def _summary_lines(rule: str, check: ModuleType, canvas: Canvas) -> Iterator[str]:
    prefix = f"{canvas.pad(rule, 14)} {canvas.pad(check.LEVEL, 8)} "
    for line in canvas.wrap(_rule_title(check), max(20, (canvas.width or 0) - len(prefix))):
        yield prefix + line
        prefix = " " * len(prefix)


def _rule_title(check: ModuleType) -> str:
    return (check.__doc__ or "").partition("\n")[0]


def _explanation_lines(rule: str, check: ModuleType, canvas: Canvas) -> Iterator[str]:
    from autotimeline.checks._examples import read_examples

    yield f"{canvas.stylize(rule, 'title')} ({check.LEVEL})"
    for paragraph in (_rule_title(check), *check.EXPLAIN.split("\n\n")):
        yield ""
        yield from canvas.wrap(" ".join(paragraph.split()), canvas.width or 0)
    for label, example in zip(("It finds something here", "and nothing here"), read_examples(rule), strict=True):
        yield from ("", f"{label}:", "")
        yield from (f"    {canvas.sanitize(line)}".rstrip() for line in example.splitlines())


STRICT = options.Option("--strict", "Show notes too (likely duplicates, undated, accepted, …), and fail on them.")
SUMMARY = options.Option("--summary", "Count the sourced, disputed, approximate, … events instead.")
EXPLAIN = options.Option("--explain", "Explain the rules that are named; without names, list all rules.")
FILES = options.Argument(
    "files", "[FILE]...", "Stores, as with -f; with --explain, rules.", alternative=(EXPLAIN.name, "rules")
)
COMMAND = Command(
    "Check the store: print problems and exit with 1, or nothing.",
    _run,
    (*options.STORE_OPTIONS, options.FORMAT, options.OUTPUT, STRICT, SUMMARY, EXPLAIN),
    (FILES,),
)
