"""Events whose quotes are in the saved copies of their sources. Loaded only for `is:verified`."""

import json
from collections.abc import Sequence

from autotimeline.engines.database import Database
from autotimeline.store.saved_copy import CopyError, QuoteSearch, read_copy


def verified_events(db: Database, paths: Sequence[str]) -> list[int]:
    """Return the numbers of the events whose quotes are in saved copies, which are read again for each query.

    Each quote from a source with a copy must be in the copy. Quotes from other sources do not count.
    """
    sources = (
        "SELECT x.id, c.file, json_extract(x.body, '$.file') AS copy FROM entity x JOIN block b ON b.number = x.block"
        " JOIN chunk c ON c.number = b.chunk WHERE x.kind = 'source'"
    )
    copies = {id: _read_copy(paths[file], str(name)) for id, file, name in db.execute(sources) if name is not None}
    if not copies:
        return []
    search = QuoteSearch()
    verified = []
    events = "SELECT e.number, d.sources FROM event e JOIN detail d ON d.event = e.number WHERE e.quoted"
    for number, citations in db.execute(events):
        quotes = [
            (copies[citation["id"]], citation["quote"])
            for citation in json.loads(citations)
            if citation["quote"] and citation["id"] in copies
        ]
        if quotes and all(search.contains(copy, quote) for copy, quote in quotes):
            verified.append(number)
    return verified


def _read_copy(store_file: str, name: str) -> Sequence[str]:
    """Return the text of a copy; empty if it cannot be read, which `check` reports."""
    try:
        return read_copy(store_file, name)
    except CopyError:
        return ()
