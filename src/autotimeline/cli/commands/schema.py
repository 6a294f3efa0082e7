"""`autotimeline schema`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.store.json_schema import json_schema

    with environment.open_output(request.text(options.OUTPUT)) as out:
        out.write(json_schema())
    return 0


COMMAND = Command("Print the JSON Schema of a store, for editors.", _run, (options.OUTPUT,))
