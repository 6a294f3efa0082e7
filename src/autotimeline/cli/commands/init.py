"""`autotimeline init`."""

import os

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError
from autotimeline.store.locate import DEFAULT_FILE_NAME

_TEMPLATE = """\
#:schema ./facts.schema.json
# A store of dated, sourced facts. `autotimeline timeline` shows it, `autotimeline check` examines it.
# Remove the # from the lines below, or write your own; every [[event]] is a fact.

[store]
format = 1
title  = "My story"

# Where facts come from. A date is written as its source has it: 2025-03-25, "2023-10", "2025H1",
# "~2024" (about), "2023?" (unsure), "[..2026]" (by 2026); quotes around all but full days.
# [source.gazette]
# title     = "The Gazette, morning edition"
# published = "2025-03"

# Who takes part.
# [actor.acme]
# name    = "Acme"
# aliases = ["Acme Group"]

# A stretch of time to ask by:  autotimeline list era:founders
# [era.founders]
# name   = "The founders' years"
# period = "2019/2024-06"

# A query to keep:  autotimeline list :money
# [alias]
# money = "metric:investment"

# [[event]]
# id      = "acme-deal"
# date    = "2023-10"                        # some time within; or  period = "2025H1"  throughout it
# title   = "Acme plans to buy a fifth of Globex"
# kind    = "deal"
# status  = "planned"                        # happened (the default), planned, or cancelled
# actors  = { buyer = "acme" }               # by role, or a plain list
# figures.investment = "~1.5bn EUR"          # as the source qualifies it: ~ < > "up to 4bn EUR"
# sources = ["gazette"]
"""


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli.bundled import read_bundled
    from autotimeline.cli.output_file import open_atomically
    from autotimeline.store.json_schema import json_schema

    path = request.text(PATH) or DEFAULT_FILE_NAME
    if os.path.isdir(path):
        path = os.path.join(path, DEFAULT_FILE_NAME)
    schema = os.path.join(os.path.dirname(path), "facts.schema.json")
    if os.path.lexists(path):
        raise AutotimelineError(f"{path} already exists; name another file, or move it away")
    texts = {path: read_bundled(DEFAULT_FILE_NAME) if request.flag(EXAMPLE) else _TEMPLATE}
    if not os.path.lexists(schema):
        texts[schema] = json_schema()
    for name, text in texts.items():
        with open_atomically(name, new=True) as out:
            out.write(text)
    environment.note(f"{path} created; edit it, then see `autotimeline -f {path} timeline`")
    return 0


PATH = options.Argument("path", "[PATH]", "The file to write, or its directory; facts.toml by default.", max_count=1)
EXAMPLE = options.Option("--example", "Write the example store, about Stellantis and China.")
COMMAND = Command("Create a store with explanations.", _run, (EXAMPLE,), (PATH,))
