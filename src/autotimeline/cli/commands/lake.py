"""`autotimeline lake`."""

from __future__ import annotations

import os

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError, error_reason
from autotimeline.text import format_count


def _run(request: Request, environment: Environment) -> int:
    # Only this command needs the packages of the extra.
    try:
        from autotimeline.lake.build import build_lake
    except ModuleNotFoundError as error:
        what = f"autotimeline lake: needs the package {error.name}"
        raise AutotimelineError(f"{what}; install it with pip install 'autotimeline[lake]'") from None
    directory = request.text(DIRECTORY) or "lake"
    words: dict[str, list[str]] = {}
    if path := request.text(MAPPING):
        from autotimeline.importing.import_options import parse_mapping_file

        words = parse_mapping_file(path, _read(path))
    progress_bar = environment.progress_bar(request)
    try:
        events, problems = build_lake(
            request.texts(INPUTS),
            directory,
            words,
            append=request.flag(APPEND),
            skip_bad=request.flag(SKIP_BAD),
            engine=request.text(ENGINE) or "",
            progress=progress_bar or (lambda done, total: None),
        )
    finally:
        if progress_bar:
            progress_bar.close()
    for problem in problems:
        environment.error(problem)
    skipped = f", {len(problems):,} skipped" if problems else ""
    environment.error(f"{os.path.join(directory, '')}: {format_count(events, 'event')} written{skipped}")
    return 1 if problems else 0


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None


DIRECTORY = options.Option("-o --output", "The directory of the lake; lake by default.", "DIR")
MAPPING = options.Option("--mapping", "Read the columns of CSV as in this mapping file.", "FILE")
APPEND = options.Option("--append", "Add feeds to an existing lake.")
SKIP_BAD = options.Option("--skip-bad", "Skip invalid records, and report them.")
ENGINE = options.Option("--engine", "Read the feeds on a cluster: spark://HOST:PORT.", "ADDRESS")
INPUTS = options.Argument("inputs", "INPUT...", "Stores (TOML), and feeds (JSON lines or CSV).", min_count=1)
COMMAND = Command(
    "Build a lake, Parquet files for DuckDB and Spark.", _run, (DIRECTORY, MAPPING, APPEND, SKIP_BAD, ENGINE), (INPUTS,)
)
