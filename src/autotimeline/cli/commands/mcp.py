"""`autotimeline mcp`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError
from autotimeline.store.locate import STDIN, find_files


def _run(request: Request, environment: Environment) -> int:
    try:
        from autotimeline.assistants.server import build_server
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("autotimeline"):
            raise
        what = "the server needs the package mcp; `pip install autotimeline[mcp]` installs it"
        raise AutotimelineError(what) from None
    files = find_files(request.texts(options.FILE))
    if STDIN in files:
        raise AutotimelineError("standard input is the connection to the client; name a store with -f FILE")
    server = build_server(
        files,
        request.text(options.TODAY) or environment.today,
        cache=not request.flag(options.NO_CACHE),
        allow_write=request.flag(ALLOW_WRITE),
    )
    try:
        server.run("stdio")
    except* BrokenPipeError:
        raise BrokenPipeError from None  # The client has gone.
    return 0


ALLOW_WRITE = options.Option("--allow-write", "Offer a tool that imports accepted proposals, as one change.")
COMMAND = Command(
    "Serve a store to an assistant over the Model Context Protocol.",
    _run,
    (options.FILE, options.TODAY, options.NO_CACHE, ALLOW_WRITE),
)
