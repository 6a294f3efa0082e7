"""`autotimeline cache`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.index import cache_directory
    from autotimeline.table import Column, Table

    if request.flag(CLEAR):
        for path, _ in cache_directory.list_indexes():
            cache_directory.remove_files(path)
    table = Table([Column("index"), Column("bytes")], iter(cache_directory.list_indexes()))
    run_query.write_table(table, run_query.resolve_format(request, environment), request, environment, ())
    return 0


CLEAR = options.Option("--clear", "Delete them; the next query takes longer.")
COMMAND = Command(
    "List the indexes in the cache, newest first, or clear it.",
    _run,
    (CLEAR, options.FORMAT, options.OUTPUT, options.COLOR, options.ASCII, options.WIDTH),
)
