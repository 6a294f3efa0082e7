"""The fields of the rows of each command, for completion and for `--fields help`."""

from autotimeline import plugins, views
from autotimeline.cli import options
from autotimeline.cli.commands import Command
from autotimeline.cli.options import Request
from autotimeline.errors import UsageError
from autotimeline.query.columns import COLUMNS, ELAPSED_COLUMNS, OPTIONAL_FIELDS, list_sortable_fields


def known_fields(command: Command, request: Request) -> list[str]:
    """Return what `--fields` accepts with the options of a request; empty if one of them is invalid."""
    if (own_fields := _own_fields(command, request)) is not None:
        return own_fields
    view = plugins.load(views, command.view)
    given = [option for option in _elapsed_options(command) if request.is_given(option)]
    elapsed = [name for option in given for name in ELAPSED_COLUMNS[option.name]]
    context = ["context"] if request.is_given(options.CONTEXT) else []
    return [*COLUMNS, *getattr(view, "EXTRA_FIELDS", ()), *elapsed, *context, *OPTIONAL_FIELDS]


def sortable_fields(command: Command, request: Request) -> list[str]:
    """Return what `--sort` accepts with the options of a request; empty if one of them is invalid."""
    if (own_fields := _own_fields(command, request)) is not None:
        return own_fields
    usable = [option for option in _elapsed_options(command) if not option.metavar or request.is_given(option)]
    return [*list_sortable_fields(), *(name for option in usable for name in ELAPSED_COLUMNS[option.name])]


def _own_fields(command: Command, request: Request) -> list[str] | None:
    """Return the fields of rows that are not events; None if the rows are events."""
    try:
        fields = command.fields(request) if command.fields else None
    except UsageError:
        return []
    fields = fields or getattr(plugins.load(views, command.view), "FIELDS", None)
    return None if fields is None else list(fields)


def _elapsed_options(command: Command) -> list[options.Option]:
    return [option for option in options.ELAPSED_OPTIONS if option in command.options]
