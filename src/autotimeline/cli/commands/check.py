"""`autotimeline check`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.table import Row


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query
    from autotimeline.views import findings

    words = values["files"] or []
    if values["explain"]:
        return _explain(words, values)
    form = run_query.chosen_format(values)
    opened = run_query.story({**values, "file": [*(values["file"] or []), *words]}, check=False)
    found = [row for row in _found(opened.select(), strict=values["strict"]) if values["strict"] or row[2] != "note"]
    found.sort(key=lambda row: (str(row[0]), row[1]))
    if found or form.COMPLETE:
        fields = findings.FIELDS if form.COMPLETE else findings.BRIEF
        run_query.write(findings.table(found, fields), form, values, opened.files)
    return 1 if found else 0


def _found(everything: Selection, *, strict: bool) -> Iterator[Row]:
    from autotimeline import checks, plugins

    accepted = {id: accept for id, accept in everything.rows(("id", "accept")) if accept}
    for rule in plugins.names(checks):
        check = plugins.load(checks, rule)
        # What nobody asked for need not be looked for.
        for finding in check.find(everything) if strict or check.LEVEL != "note" else ():
            level, text = check.LEVEL, finding.text
            # With an error in it the store cannot be asked, whatever its author thinks of it.
            if level != "error":
                text += f', or accept.{rule} = "why"' if finding.event else ""
                told = [accepted.get(event, {}).get(rule) for event in (finding.event, *finding.others)]
                if reason := next(filter(None, told), None):
                    level, text = "note", f"{text} (accepted: {reason})"
            yield finding.file, finding.line, level, rule, finding.event, text


def _explain(rules: Sequence[str], values: dict[str, Any]) -> int:
    """Print what each of these rules finds, why and what to do; without one, what rules there are."""
    from autotimeline import checks, plugins
    from autotimeline.cli import environment
    from autotimeline.errors import UsageError
    from autotimeline.text import nearest

    known = plugins.names(checks)
    for rule in rules:
        if rule not in known:
            raise UsageError(f'no rule "{rule}"{nearest(rule, known) or "; there are " + ", ".join(known)}')
    path = values["output"]
    paper = environment.paper(values["color"], file=path not in (None, "-"), unicode=not values["ascii"])
    with environment.opened(path, _store(values)) as out:
        for at, rule in enumerate(rules or known):
            check = plugins.load(checks, rule)
            lines = _explained(rule, check, paper) if rules else _listed(rule, check, paper)
            out.writelines(f"{line}\n" for line in (*([""] if rules and at else []), *lines))
    return 0


def _store(values: dict[str, Any]) -> list[str]:
    """Return the files of the store, over which nothing is written; none where none is in reach."""
    from autotimeline.errors import AutotimelineError
    from autotimeline.store.locate import locate

    try:
        return locate(values["file"] or ())
    except AutotimelineError:
        return []


def _listed(rule: str, check: Any, paper: Paper) -> Iterator[str]:
    head = f"{paper.pad(rule, 14)} {paper.pad(check.LEVEL, 8)} "
    for line in paper.wrap(_finds(check), max(20, (paper.width or 0) - len(head))):
        yield head + line
        head = " " * len(head)


def _finds(check: Any) -> str:
    return (check.__doc__ or "").partition("\n")[0]


def _explained(rule: str, check: Any, paper: Paper) -> Iterator[str]:
    yield f"{paper.ink(rule, 'title')} ({check.LEVEL})"
    for paragraph in (_finds(check), *check.EXPLAIN.split("\n\n")):
        yield ""
        yield from paper.wrap(" ".join(paragraph.split()), paper.width or 0)
    for what, example in (("It finds something here", check.BAD), ("and nothing here", check.GOOD)):
        yield from ("", f"{what}:", "")
        yield from (f"    {paper.clean(line)}".rstrip() for line in example.splitlines())


STRICT = options.Option("strict", "--strict", "Show notes too (likely twins, undated, accepted, …), and fail on them.")
EXPLAIN = options.Option("explain", "--explain", "Say what the rules that are named find, and why; or which there are.")
FILES = options.Words(
    "files",
    "[FILE]...",
    "Stores, as with -f; with --explain, rules.",
    instead=(EXPLAIN.name, "rules"),
)
COMMAND = options.Command(
    "Silent when all is well; else every problem, and exit 1.",
    _run,
    (*options.STORE, options.FORMAT, options.OUTPUT, STRICT, EXPLAIN),
    (FILES,),
)
