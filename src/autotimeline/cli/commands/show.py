"""`autotimeline show`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError
from autotimeline.query.fields import QUERY_FIELDS

_ENTITY_KINDS = ("actor", "source", "era")


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.query.parser import Or, Term

    if _names_entities(request):
        terms = [Term(kind, name) for kind, _, name in (word.partition(":") for word in request.texts(IDS))]
        return run_query.run_view("entity", request, environment, Or(terms), entities=terms)
    return run_query.run_view("show", request, environment, Or([Term("id", id) for id in request.texts(IDS)]))


def _names_entities(request: Request) -> bool:
    """Return whether the words name actors, sources, or eras, and not events.

    Raises:
        UsageError: If they name both, or a word is another term of a query.
    """
    for word in request.texts(IDS):
        if (field := word.partition(":")[0]) not in _ENTITY_KINDS and ":" in word and field in QUERY_FIELDS:
            raise UsageError(f'"{word}" is not an id; write list {word}')
    entities = [word for word in request.texts(IDS) if word.partition(":")[0] in _ENTITY_KINDS and ":" in word]
    if entities and len(entities) < len(request.texts(IDS)):
        raise UsageError(f'"{entities[0]}" is not an event; show events and other items separately')
    return bool(entities)


IDS = options.Argument("ids", "ID...", "The ids of events, or actor:ID, source:ID, and era:ID.", "id", min_count=1)
COMMAND = Command("Show all facts of events, with sources and links.", _run, options.QUERY_OPTIONS, (IDS,), view="show")
