"""`autotimeline explore`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError


def _run(request: Request, environment: Environment) -> int:
    has_keys = environment.stdin is not None and environment.stdin.isatty()
    if not (has_keys and environment.stdout_is_tty()) or environment.variables.get("TERM") == "dumb":
        raise UsageError("explore: not on a full-screen terminal; write `autotimeline timeline` instead")
    try:
        import termios  # noqa: F401  missing on Windows
    except ModuleNotFoundError:
        raise UsageError("explore: not on Windows; write `autotimeline timeline` instead") from None
    import shlex

    from autotimeline.cli.explore.explorer import Explorer
    from autotimeline.cli.explore.session import Session
    from autotimeline.cli.explore.terminal import Terminal

    canvas, progress_bar = environment.canvas(request), environment.progress_bar(request)
    try:
        session = Session(request, environment.today, progress_bar)
    finally:
        if progress_bar:
            progress_bar.close()
    with Terminal(environment.stdin, environment.stdout) as terminal:  # type: ignore[arg-type]  # both are terminals
        explorer = Explorer(session, terminal, canvas, environment)
        explorer.run()
    environment.note(f"autotimeline {shlex.join(explorer.command())}")
    return 0


COMMAND = Command(
    "Explore events on the full screen.",
    _run,
    (*options.STORE_OPTIONS, *options.TERM_OPTIONS, options.CERTAIN, options.AS_OF),
    (options.QUERY_ARGUMENT,),
)
