"""The output of the program without a command: a summary of the store, and what to try."""

import shlex

from autotimeline import plugins, views
from autotimeline.cli import options, run_query
from autotimeline.cli.environment import Environment
from autotimeline.cli.options import Request
from autotimeline.errors import StoreError
from autotimeline.store.locate import find_files


def program_with_store(request: Request) -> str:
    """Return the beginning of a command line that reads the same store on the same day."""
    words = [word for file in request.texts(options.FILE) for word in ("-f", file)]
    words += ["--today", today] if (today := request.text(options.TODAY)) else []
    return shlex.join(["autotimeline", *words])


def show_summary(request: Request, environment: Environment, help: str) -> int:
    """Show a summary of the store, or the help if no store is found; return the exit code."""
    if not request.texts(options.FILE):
        try:
            find_files(())
        except StoreError as error:
            with environment.open_output() as out:
                out.write(help + "\n")
            environment.note(f"\nautotimeline: {error}")
            return 0
    timeline = run_query.open_store(request, environment)
    view = plugins.load(views, "summary")
    table = view.table(timeline.select(), view.FIELDS, program=program_with_store(request))
    run_query.write_table(table, run_query.resolve_format(request, environment), request, environment, timeline.files)
    return 0
