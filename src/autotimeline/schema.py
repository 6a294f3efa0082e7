"""The keys of a store, each declared once: kinds, keys in order, types, allowed words, and link types.

The reader and the writer, the JSON Schema, assignments, imports, exports, `diff`, and completion read these tables.
A key is (name, type, description, (attribute, value) of its other attributes …), which `keys.Key` explains.
The module imports nothing and has only tuples, so that every query can load it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Table = tuple[tuple[Any, ...], ...]

FORMAT_VERSION = 1
STATUS_MEANINGS = {
    "happened": "It took place.",
    "planned": "It is announced or intended. The event that completes it links to it with fulfils.",
    "cancelled": "It was called off.",
}
STATUSES = tuple(STATUS_MEANINGS)
"""The statuses of an event."""
SOURCE_STATUS_MEANINGS = {"retracted": "The publisher withdrew it.", "corrected": "The publisher corrected it."}
BASIS_MEANINGS = {
    "actual": "Counted, paid, or measured.",
    "expected": "Expected or announced.",
    "target": "A goal.",
}
MEASURE_MEANINGS = {
    "amount": "An amount, which adds up: an investment, sales.",
    "level": "A state at one time: employees, debt.",
    "rate": "An amount per time or unit: an interest rate, a price.",
    "share": "A part of a whole: a stake, a margin.",
}
LINKS = {
    "leads-to": ("follows-from", "This event causes those."),
    "fulfils": ("fulfilled-by", "This event completes those plans."),
    "part-of": ("has-part", "This event is a part of those."),
    "replaces": ("replaced-by", "This event replaces those."),
    "follows-from": ("leads-to", "Those cause this event."),
    "fulfilled-by": ("fulfils", "Those complete this plan."),
    "has-part": ("part-of", "Those are parts of this event."),
    "replaced-by": ("replaces", "Those replace this event."),
    "same-deal": ("same-deal", "Those belong to the same deal."),
    "contrasts": ("contrasts", "Those say or do the opposite."),
    "related": ("related", "Those are related to this event."),
}
"""The link types, each with its name as seen from the linked event, and its meaning."""
LINK_TYPES = tuple(LINKS)
LINK_INVERSES = {type: inverse for type, (inverse, _) in LINKS.items()}

STORE: Table = (
    ("format", "format", "The format of the store. A newer one is refused.", ("attribute", "")),
    ("title", "text", "The subject of the store."),
)
SNAPSHOT: Table = (
    ("query", "text", "The query. Without it, everything is selected."),
    ("certain", "flag", "Whether only certain matches are included."),
    ("sort", "text", "The field that the events are sorted by, if it is not the date."),
    ("reverse", "flag", "Whether the order is reversed."),
    ("limit", "count", "The highest number of events."),
    ("as_of", "date", "The day whose knowledge the events show. Without it, they are as in the store."),
    ("today", "date", "The day that relative dates of the query count from, if it was stated or matters."),
    ("read", "date", "The day on which the store was read, in snapshots of earlier versions."),
    ("events", "count", "The number of events that match."),
    ("possible", "count", "The number of them that match only possibly."),
    ("sha256", "sha256", "The SHA-256 of the data in the rest of the file.", ("required", True)),
)
SOURCE: Table = (
    ("title", "text", "The title.", ("required", True)),
    ("published", "date", "The date of publication. It decides what was known on a day, unless an event states it."),
    ("url", "text", "The address of the text."),
    (
        "file",
        "text",
        (
            "A saved copy, relative to this file: visible text in .txt, .md, or .html, in or below its directory."
            " Quotes are verified against it."
        ),
    ),
    ("origin", "text", "Where it has its facts from. Sources with the same origin count once."),
    (
        "status",
        "word",
        "Whether its publisher withdrew or corrected it.",
        ("field", "status"),
        ("words", SOURCE_STATUS_MEANINGS),
    ),
    ("note", "text", "A note, for example how the date of publication was determined."),
)
ACTOR: Table = (
    ("name", "text", "The name to show.", ("required", True)),
    ("aliases", "texts", "Other names in sources. Queries find them like the name."),
    ("kind", "text", "A word of your choice: company, brand, person, court …", ("field", "kind")),
    (
        "part_of",
        "ids",
        "The ids of the actors that this one belongs to; group:ID finds the parts too.",
        ("refers", "actor"),
        ("field", "actor"),
    ),
    ("note", "text", "A note."),
)
ERA: Table = (
    ("name", "text", "The name to show.", ("required", True)),
    (
        "period",
        "date",
        'The period: "2025-06/..", "../2025-01~", "2021/2024".',
        ("required", True),
        ("example", '"2023/2025-06"'),
    ),
    ("note", "text", "A note, for example which end the sources do not state."),
)
METRIC: Table = (
    (
        "measures",
        "word",
        "What the figures of the metric measure. Only amounts add up.",
        ("words", MEASURE_MEANINGS),
        ("required", True),
        ("example", '"amount"'),
    ),
    ("note", "text", "A note."),
)
RATE: Table = (
    ("of", "currency", "The currency to convert: its code, such as USD.", ("required", True), ("example", '"USD"')),
    ("in", "currency", "The currency of the value.", ("attribute", "into"), ("required", True), ("example", '"EUR"')),
    ("value", "factor", 'The value of one unit: "0.92", "0.90..0.94".', ("required", True), ("example", '"0.92"')),
    ("date", "date", "The day of the rate. It applies until the day of a later one. Excludes period."),
    ("period", "date", "The period in which the rate applies, if it is an average: 2024. Excludes date."),
    ("source", "id", "The source that states the rate.", ("refers", "source"), ("field", "source")),
    ("note", "text", "A note."),
)
ALIAS: Table = (("query", "text", 'A query, such as "kind:joint-venture not status:cancelled".', ("required", True)),)
FIGURE: Table = (
    (
        "value",
        "quantity",
        'The quantity: "~1.5bn EUR", "<29000 vehicles", "51%".',
        ("attribute", "quantity"),
        ("refers", "event"),
        ("listed", False),
    ),
    (
        "printed",
        "text",
        'The words of the source; without a value if it gives no number: "billions of dollars".',
        ("listed", False),
    ),
    ("of", "id", "The actor that the figure describes; of a stake, the one that is held.", ("refers", "actor")),
    ("holder", "id", "The actor that holds it, if it is a stake.", ("refers", "actor")),
    ("period", "date", "The time that the figure is about. Default: the period of the event, if it has one."),
    (
        "basis",
        "word",
        "Whether it is actual (default), expected, or a target.",
        ("words", BASIS_MEANINGS),
        ("default", "actual"),
    ),
    ("source", "id", "The source that gives this figure, if the event has several.", ("refers", "source")),
    (
        "repeats",
        "id",
        "The event whose figure of the same metric this one repeats; it counts once.",
        ("refers", "event"),
        ("listed", False),
    ),
    ("note", "text", "A note on this figure.", ("listed", False)),
)
CITATION: Table = (
    ("id", "id", "The id of the source.", ("attribute", "source"), ("refers", "source"), ("required", True)),
    ("quote", "text", "A quote, word for word."),
    ("by", "text", "Who is quoted: the id of an actor, or a name.", ("refers", "actor")),
    (
        "date",
        "date",
        "The date according to this source. If it and the event's date cannot both be true, the event is disputed.",
    ),
    ("status", "word", "The status according to this source.", ("words", STATUS_MEANINGS)),
    (
        "figures",
        "figures",
        "The figures according to this source. If they and the event's cannot both be true, the event is disputed.",
    ),
    ("note", "text", "A note on this citation.", ("listed", False)),
)
EVENT: Table = (
    ("id", "id", "The id, unique in the store.", ("required", True)),
    (
        "date",
        "date",
        "The date: some time within 2025-11, ~2023, by 2026, … Excludes period. An event may have neither.",
        ("metavar", "DATE"),
    ),
    (
        "period",
        "date",
        "The period, if it lasted: 2025H1. Excludes date.",
        ("metavar", "PERIOD"),
        ("attribute", "date"),
    ),
    ("printed", "text", 'The date in the words of the source. For example: "July last year".', ("metavar", "TEXT")),
    ("known", "date", "When it became public; by default, with its first source.", ("metavar", "DATE")),
    ("title", "text", "What happened, in one short, neutral line.", ("required", True), ("field", "title")),
    (
        "kind",
        "text",
        "The kind of event. A word of your choice: deal, launch, visit …",
        ("metavar", "KIND"),
        ("field", "kind"),
    ),
    (
        "status",
        "word",
        "The status: happened (default), planned, or cancelled.",
        ("metavar", "STATUS"),
        ("field", "status"),
        ("words", STATUS_MEANINGS),
        ("default", "happened"),
    ),
    ("reported", "flag", "Whether it rests on reports, not on an announcement.", ("default", False)),
    (
        "actors",
        "actors",
        'Who took part. A list of actor ids, or a table of roles: { buyer = "a", target = ["b", "c"] }.',
        ("metavar", "[ROLE=]NAME"),
        ("refers", "actor"),
        ("field", "actor"),
    ),
    (
        "places",
        "texts",
        'Where it happened. For example "Zaragoza, Spain"; place: finds each part between commas.',
        ("metavar", "PLACE"),
        ("field", "place"),
    ),
    ("tags", "tags", "A tag. Words of your choice, without commas.", ("metavar", "TAG"), ("field", "tag")),
    (
        "figures",
        "figures",
        (
            "A number: investment='~2bn EUR'. In a file: metric = quantity, or a table, or a list of tables. A metric"
            " has the same name in every event."
        ),
        ("metavar", "METRIC=VALUE"),
    ),
    (
        "sources",
        "citations",
        "The source. Ids of sources, or tables with a quote and with the claims of that source.",
        ("metavar", "SOURCE"),
        ("attribute", "citations"),
        ("refers", "source"),
        ("field", "source"),
    ),
    (
        "links",
        "links",
        (
            "A link to another event: leads-to=ID. In a file: type = event id, or ids. Write each link once; the other"
            " event shows the inverse."
        ),
        ("metavar", "TYPE=ID"),
        ("refers", "event"),
        ("field", "id"),
    ),
    ("accept", "reasons", 'Findings of `autotimeline check` to accept, and why: { disputed = "…" }.'),
    ("note", "text", "A note.", ("metavar", "TEXT")),
)
TABLES = {
    "store": STORE,
    "snapshot": SNAPSHOT,
    "source": SOURCE,
    "actor": ACTOR,
    "era": ERA,
    "metric": METRIC,
    "rate": RATE,
    "alias": ALIAS,
    "event": EVENT,
}
"""The keys of each kind of entry, in order."""
KINDS = tuple(kind for kind in TABLES if kind != "snapshot")
"""The kinds of entries, in the usual order of a store."""
HEADER_KINDS = ("store", "snapshot")
"""The kinds that have no ids; a file has at most one of each."""
ENTITY_KINDS = tuple(kind for kind in KINDS if kind not in ("store", "alias", "event"))
"""The kinds that have one table per id, such as `[actor.ID]`."""
SETTABLE_KINDS = ("event", *ENTITY_KINDS)
"""The kinds whose keys assignments set."""
PLAIN_KEYS = tuple(
    (name, type)
    for name, type, _, *options in EVENT
    if type in ("text", "flag") and not any(option == "field" for option, _ in options)
)
"""(name, type) of the keys of an event that queries return as they are. Each is a column of the index."""
