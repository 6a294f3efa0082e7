"""Compare what two versions of the program do: exit codes, data on standard output, and the files that they write.

    python tests/golden.py                          # the last commit and this checkout
    python tests/golden.py main~3                   # an older commit and this checkout
    python tests/golden.py ../before ../after -k 'count --by'

A version is the directory of a checkout or a git revision. Both run in this Python, each in one process that answers
all command lines of `golden_cases.py`. Words for people are not compared: help, messages, the text of findings,
comments, and, without `--all`, tables, markdown, and pictures.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import golden_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from golden_cases import Case

# Announced changes of the contract: a regular expression that is searched for in a command line, and the reason.
# A difference there is counted but does not fail. Empty the table when the next issue begins.
_ONE_SLICE = "spelling variants are one slice, under the first spelling in the store (contract 2)"
ANNOUNCED: tuple[tuple[str, str], ...] = (
    (
        r" chart .*--by place( |$)| names .* places( |$)",
        "places are the parts between commas, as in count (contract 2)",
    ),
    (r" chart .*--by group( |$)", "groups are those of count (contract 2)"),
    (r" names .* statuses( |$)", "a status that a source claims counts, as in count and chart (contract 2)"),
    # Only this store has spelling variants.
    (r" names -f hostile\.toml .* (kinds|roles|tags)( |$)", _ONE_SLICE),
    (r" chart -f hostile\.toml (?!.*--by (?!kind|role|tag))", _ONE_SLICE),
    (r" count -f hostile\.toml .*--by \S*(kind|tag)", _ONE_SLICE),
    (r" compare -f hostile\.toml .* acme lingpao evil ", _ONE_SLICE),
    (r" list .*-o list\.jsonl?", "contract 3: the url and the origin of a citation"),
    (r" timeline -f hostile\.toml .*--since-event ", "contract 3: a time to an inferred start"),
    (r" names .* metrics( |$)", "contract 3: what a metric measures, and where that comes from"),
    (r" (list|timeline) -f \S+ --today \S+ china ", "words are searched in places too (contract 2)"),
    (r"^autotimeline(?: -\S+ \S+)*$", "contract 3: the rows and the third column of the summary"),
    (r" count .*--by \S*is ", "contract 3: plans are also fulfilled, slipped, or replaced, and quotes verified"),
    (r" list .* -n [39] | export .* -n 40 -O (?:json|toml)", "contract 2: the first rows of another order"),
    (r" --(?:sort|fields) earliest ", "contract 2: plans without a start have no earliest day"),
    (r" (?:list|timeline) -f hostile\.toml .*--gap -O (?:plain|tsv|csv)", "contract 2: the row above is another one"),
    (r" timeline .*--fields disputed ", "contract 2: a disputed figure is named by its metric"),
    (
        r" count -f hostile\.toml .*--by \S*(?:era|is|link|metric)\b",
        "contract 2: plans without a start are possible, and in fewer cells",
    ),
    (
        r" compare .*-O (?:plain|tsv|toml)| (?:compare|show) -f hostile\.toml .*\bpromise\b",
        "contract 2: first, last, and pace, plans without a start",
    ),
    (r" (?:compare|figures) .* --certain ", "contract 2: plans without a start are possible"),
    (
        r"^autotimeline (?:schema|init)\b",
        "contract 2: figures have a holder; contract 3: the tables of metrics and rates",
    ),
    (
        r" (?:count|batch) .*--by (?:(?:actor|group),role|role,(?:actor|group))\b",
        "contract 2: each actor with its own role",
    ),
    (r" export .*-o out\.(?:ics|sqlite)| export .*-O (?:ics|csv)", "contract 2: order and deadlines in snapshots"),
)

# The same by lines: a difference does not fail if every line that only one version has matches one of these. Lines in
# another order match.
ANNOUNCED_LINES: tuple[tuple[str, str], ...] = (
    (r"\bis (?:no|not a) (?:rate|whole)\b", "contract 3: the reasons of figures --per"),
    (
        r"do(?:es)? not add|counts once|\brepeats\b|period is known|without a period|states no period",
        "contract 3: reasons",
    ),
    (r"\b(?:alone|single-source)\b", "contract 3: the row single-source of a card"),
    (r"\b(?:by|until|from) ~?\d{4}|\[\.\.|\.\./\d|or later", "contract 2: plans without a start, and open ends"),
    (r"^(?:earliest|lasts_to) = |^(?:\d{4}-\d\d-\d\d)?\r?$", "contract 2: earliest is null in plans without a start"),
    (r"[\t,](?:certain|possible)\r?$|\"match\": \"\w+\"}$", "contract 2: plans without a start are possible"),
    (r"\bdisputed\b|date; (?:status; )?(?:figures|people)", "contract 2: a disputed figure is named by its metric"),
    (r'"snapshot":|^\[snapshot\]|^snapshot\.toml:|^DTSTART|^DTEND', "contract 2: order and deadlines in snapshots"),
    (r'"url": [^{}]*, "origin": |^(?:url|origin) = ', "contract 3: the records of sources have url and origin"),
    (r'"read": "|^read = |^today = ', "contract 3: the day of reading leaves snapshots"),
    (r"^\W*(?:section\W+)?time\W.*\b(?:first|last|pace)\b", "contract 2: first, last, and pace of open ends"),
    (
        r"\bprinted = |~5 people|up to 3bn EUR|^-figures\.cost\.|^@@ ",
        "contract 2: the words of an amount are written as printed",
    ),
    (r"\bholder\b", "contract 2: figures have a holder; contract 3: the tables of metrics and rates"),
    (r"\b\d\d\d(?:0s|X)\b", "contract 2: decades"),
    (r"\bslips?\b|on time|late by|early by", "contract 3: approximate plans, and plans from a time on"),
    (r"\bperhaps\b", "contract 3: a time to an inferred start"),
    (r"\bgap\b|since_low|gap_low|months|days\b|order not known", "contract 2: the row above is another one"),
)

# What contract 2 changes in every store, and what it is compared as: the last field of figures, in a header or without
# a value; the checksum of a snapshot, whose events have another order; and the codes of EDTF in files.
_PARTS = {21: " spring", 22: " summer", 23: " autumn", 24: " winter", 33: "Q1", 34: "Q2", 35: "Q3", 36: "Q4"}
_EVERYWHERE = (
    (re.compile(r', "holder": null(?=\})|[,\t]holder(?=\r?$)', re.MULTILINE), ""),
    (re.compile(r'\b(sha256"?[ =:]+)"\w+"'), r"\1"),
    *((re.compile(rf"\b(\d{{4}})-{code}\b"), rf"\1{name}") for code, name in {**_PARTS, 40: "H1", 41: "H2"}.items()),
)

SHOWN = 20  # differences in full; the summary counts all of them


@contextmanager
def checkout(version: str) -> Iterator[Path]:
    """Yield the directory of a version: as it is, or a temporary one with the files of a git revision.

    Raises:
        SystemExit: if it is neither.
    """
    if Path(version, "pyproject.toml").is_file():
        yield Path(version).resolve()
        return
    archive = ["git", "-C", str(golden_cases.TOP), "archive", version]
    found = subprocess.run(archive, capture_output=True, check=False)
    if found.returncode:
        sys.exit(f'version "{version}": neither a checkout nor a git revision')
    with tempfile.TemporaryDirectory(prefix="golden-") as directory:
        with tarfile.open(fileobj=io.BytesIO(found.stdout)) as files:
            files.extractall(directory, filter="data")
        yield Path(directory).resolve()


class Version:
    """A process that runs one version."""

    def __init__(self, directory: Path, root: Path, texts: dict[str, str]) -> None:
        stores = root / "stores"
        for name, text in texts.items():
            (stores / name).parent.mkdir(parents=True, exist_ok=True)
            (stores / name).write_bytes(text.encode())
        for name in ("cache", "temporary"):
            (root / name).mkdir()
        environment = {
            **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ},
            "PYTHONPATH": str(directory / "src"),
            "PYTHONHASHSEED": os.environ.get("PYTHONHASHSEED", "0"),
            "XDG_CACHE_HOME": str(root / "cache"),
            "TMPDIR": str(root / "temporary"),
            "HOME": str(root),
            "COLUMNS": "100",
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "SHELL": "/bin/bash",
            "SOURCE_DATE_EPOCH": "1763769600",
            "EDITOR": "sed -i -e s/Leapmotor/Edited/",
        }
        # Not this directory but the version's comes first on the path.
        child = [sys.executable, "-P", str(Path(__file__).with_name("golden_child.py")), str(directory)]
        self.directory = directory
        self._process = subprocess.Popen(
            child, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Version:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def ask(self, case: Case) -> None:
        """Start a case."""
        if self._process.stdin is not None:
            # Of a process that has ended, `results` says so.
            with suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(asdict(case)) + "\n")
                self._process.stdin.flush()

    def results(self) -> list[dict[str, Any]]:
        """Wait for the case; return the result of each of its command lines.

        Raises:
            SystemExit: if the process ended.
        """
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            sys.exit(f"{self.directory}: the version does not run")
        found: list[dict[str, Any]] = json.loads(line)
        return found


def compared(arguments: Sequence[str], result: dict[str, Any]) -> dict[str, str]:
    """Return what is compared of a command line: texts by what they are."""
    parts = {"exit code": str(result["exit code"]), "stdout": _data(arguments, result["stdout"])}
    for name, text in result["files"].items():
        parts[name] = "no such file" if text is None else _file(arguments, name, text)
    return parts


def _data(arguments: Sequence[str], out: str) -> str:
    """Return what standard output holds without the words for people."""
    if {"--help", "--version", "--explain", "completion", "cache"} & set(arguments):
        return ""
    if "schema" in arguments and out:
        return _schema(out)
    if "check" in arguments and out:
        return _findings(out, arguments[arguments.index("-O") + 1] if "-O" in arguments else "plain")
    if "batch" in arguments:
        return _answers(out, jsonl="--jsonl" in arguments)
    if "import" in arguments:
        return "".join(line for line in out.splitlines(keepends=True) if not line.startswith("#"))
    return out


def _file(arguments: Sequence[str], name: str, text: str) -> str:
    if name.endswith(".schema.json"):
        return _schema(text)
    if "init" in arguments:
        return json.dumps(tomllib.loads(text), indent=1, default=str)
    return text


def _schema(text: str) -> str:
    """Return a JSON schema without its prose."""

    def rules(value: Any) -> Any:
        if isinstance(value, dict):
            prose = ("title", "description", "$comment", "markdownDescription")
            words = [
                key for key, item in value.items() if key == "enumValues" or (key in prose and isinstance(item, str))
            ]
            return {key: rules(item) for key, item in value.items() if key not in words}
        return [rules(item) for item in value] if isinstance(value, list) else value

    return json.dumps(rules(json.loads(text)), indent=1, sort_keys=True)


def _findings(out: str, format: str) -> str:
    """Return the rows of `check` without their text."""
    if format in ("plain", "tsv"):
        return "".join(line.rpartition("\t")[0] + "\n" for line in out.splitlines())
    if format == "csv":
        return "".join(f"{row[:-1]}\n" for row in csv.reader(io.StringIO(out, newline="")))
    if format in ("json", "jsonl", "toml"):
        return re.sub(r'^(text = |.*?, "text": )".*?"(\}?,?)$', r"\1\2", out, flags=re.MULTILINE)
    return ""


def _answers(out: str, *, jsonl: bool) -> str:
    """Return the answers of `batch` without messages and the text of findings."""
    if jsonl:
        rows = [{**json.loads(line), "errors": ""} for line in out.splitlines()]
        for row in rows:
            row["answer"] = _data(shlex.split(row["question"], comments=True), row["answer"])
        return "".join(f"{json.dumps(row)}\n" for row in rows)
    finding = re.compile(r"^([^\t\n]*:\d+\t(?:error|problem|note)\t[^\t\n]*\t[^\t\n]*)\t.*$", re.MULTILINE)
    return finding.sub(r"\1", out)


def differences(case: Case, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what differs in the first command line of a case with a difference; later ones may only follow from it."""
    for arguments, *both in zip(case.commands, old, new, strict=True):
        one, other = (compared(arguments, result) for result in both)
        pairs = [(part, one.get(part, "unchanged"), other.get(part, "unchanged")) for part in {**one, **other}]
        if one != other:
            yield f"autotimeline {shlex.join(arguments)}"
            yield from (_first(part, before, after) for part, before, after in pairs if before != after)
            return


def announced_lines(old: list[dict[str, Any]], new: list[dict[str, Any]], case: Case) -> list[str]:
    """Return the reasons for the lines of ANNOUNCED_LINES that differ; empty if another line differs."""
    reasons = ["contract 2: the order of events, or the empty holder of figures"]
    for arguments, *both in zip(case.commands, old, new, strict=True):
        one, other = (compared(arguments, result) for result in both)
        for part in {**one, **other}:
            before, after = (Counter(_rows(parts.get(part, ""))) for parts in (one, other))
            for line in (before - after) + (after - before):
                found = [reason for pattern, reason in ANNOUNCED_LINES if re.search(pattern, line)]
                if not found:
                    return []
                reasons += found
    return [" and ".join(dict.fromkeys(reasons[1:])) or reasons[0]]


def _rows(text: str) -> list[str]:
    """Return the lines of a text, each block of TOML as one, without what contract 2 changes in every store."""
    for change, common in _EVERYWHERE:
        text = change.sub(common, text)
    blocks = re.split(r"\n+(?=\[\[?[a-z][\w.-]*\]\]?$)", f"\n{text}", flags=re.MULTILINE)
    lines = [block.replace("\n", " ") for block in blocks[1:]] + blocks[0].splitlines()
    return [line.rstrip(",\t\r ") for line in lines]


def _first(part: str, before: str, after: str) -> str:
    lines = zip_longest(before.splitlines(keepends=True), after.splitlines(keepends=True), fillvalue="")
    for number, (old, new) in enumerate(lines, 1):
        if old != new:
            # Of two long lines, what surrounds the first character that differs.
            pairs = enumerate(zip_longest(old, new))
            start = max(0, next(place for place, (one, other) in pairs if one != other) - 60)
            cut = slice(start, start + 160)
            return f"  {part}, line {number}, character {start + 1}\n    old {old[cut]!a}\n    new {new[cut]!a}"
    raise AssertionError(part)


def line_of(case: Case) -> str:
    """Return the command lines of a case as one."""
    return " && ".join(f"autotimeline {shlex.join(arguments)}" for arguments in case.commands)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases on both versions; return 1 if they differ, 2 if no case was selected."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("old", nargs="?", default="HEAD", help="a checkout or a git revision (default: HEAD)")
    parser.add_argument("new", nargs="?", default=str(golden_cases.TOP), help="the same (default: this checkout)")
    parser.add_argument(
        "-k", dest="texts", action="append", metavar="TEXT", help="only cases whose command lines hold TEXT"
    )
    parser.add_argument("--all", action="store_true", help="also compare table, markdown, and svg")
    options = parser.parse_args(arguments)
    texts, begun = golden_cases.stores(), time.monotonic()
    number, failed, announced = 0, Counter[str](), Counter[str]()
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="golden-"))).resolve()
        directories = [stack.enter_context(checkout(version)) for version in (options.old, options.new)]
        for name in ("old", "new"):
            (root / name).mkdir()
        versions = [
            stack.enter_context(Version(directory, root / name, texts))
            for directory, name in zip(directories, ("old", "new"), strict=True)
        ]
        for case in golden_cases.cases(texts, drawn=options.all):
            line = line_of(case)
            if options.texts and not any(text in line for text in options.texts):
                continue
            number += 1
            for version in versions:
                version.ask(case)
            old, new = (version.results() for version in versions)
            found = list(differences(case, old, new)) if old != new else []
            # The same exception on both sides is no answer either.
            found += [f"{line}\n  {code}" for result in new if str(code := result["exit code"]).startswith("uncaught")]
            reasons = [reason for pattern, reason in ANNOUNCED if found and re.search(pattern, line)]
            reasons += announced_lines(old, new, case) if found and not reasons else []
            if reasons:
                announced[reasons[0]] += 1
            elif found:
                if failed.total() < SHOWN:
                    print("\n".join(found), end="\n\n")
                failed[next((word for word in case.commands[0] if word in golden_cases.COMMANDS), "summary")] += 1
    for reason, count in announced.items():
        print(f"{count} announced: {reason}")
    for command, count in failed.most_common():
        print(f"{command}: {count} differ")
    print(f"{number} cases, {failed.total()} differences, {time.monotonic() - begun:.0f} seconds")
    return 2 if not number else int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
