"""The keys of a store, each declared once: kinds, keys in order, types, allowed words, and link types.

The reader and the writer, the JSON Schema, assignments, imports, exports, `diff`, and completion read these tables.
The module imports nothing, so that every query can load it.
"""

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


class Key:
    """A key of a table.

    Attributes:
        name: The key in the store.
        type: The type of its value: one of those in `store.parse`.
        description: What it is for. The first sentence is also the help of its option of `add`.
        metavar: The placeholder of a value in the help of that option; empty for a key without an option.
        singular: The name of one value, in options and mapped columns.
        attribute: The attribute of the model; empty if the model does not have it.
        refers: The kind of entry that its ids name; empty if it has none.
        field: The field of the query language that finds its values; empty if there is none.
        words: The words that are allowed, each with its meaning; empty for any.
        default: The value that is meant if the key is absent; not written.
        required: Whether it must exist.
        listed: Whether the records of `list` have it.
        example: A value, as in TOML, for errors.
    """

    __slots__ = (
        *("attribute", "default", "description", "example", "field", "listed", "metavar", "name", "refers"),
        *("required", "singular", "type", "words"),
    )

    def __init__(
        self,
        name: str,
        type: str,
        description: str,
        metavar: str = "",
        *,
        singular: str = "",
        attribute: str | None = None,
        refers: str = "",
        field: str = "",
        words: dict[str, str] | None = None,
        default: str | bool | None = None,
        required: bool = False,
        listed: bool = True,
        example: str = '"…"',
    ) -> None:
        self.name = name
        self.type = type
        self.description = description
        self.metavar = metavar
        self.singular = singular or name
        self.attribute = name if attribute is None else attribute
        self.refers = refers
        self.field = field
        self.words = words or {}
        self.default = default
        self.required = required
        self.listed = listed
        self.example = example


def _by_name(*keys: Key) -> dict[str, Key]:
    return {key.name: key for key in keys}


STORE = _by_name(
    Key("format", "format", "The format of the store. A newer one is refused.", attribute=""),
    Key("title", "text", "The subject of the store."),
)
SNAPSHOT = _by_name(
    Key("query", "text", "The query. Without it, everything is selected."),
    Key("certain", "flag", "Whether only certain matches are included."),
    Key("sort", "text", "The field that the events are sorted by, if it is not the date."),
    Key("reverse", "flag", "Whether the order is reversed."),
    Key("limit", "count", "The highest number of events."),
    Key("as_of", "date", "The day whose knowledge the events show. Without it, they are as in the store."),
    Key("today", "date", "The day that relative dates of the query count from."),
    Key("read", "date", "The day on which the store was read."),
    Key("events", "count", "The number of events that match."),
    Key("possible", "count", "The number of them that match only possibly."),
    Key("sha256", "sha256", "The SHA-256 of the data in the rest of the file.", required=True),
)
SOURCE = _by_name(
    Key("title", "text", "The title.", required=True),
    Key("published", "date", "The date of publication. It decides what was known on a day, unless an event states it."),
    Key("url", "text", "The address of the text."),
    Key(
        "file",
        "text",
        "A saved copy, relative to this file: visible text in .txt, .md, or .html, in or below its directory. Quotes"
        " are verified against it.",
    ),
    Key("origin", "text", "Where it has its facts from. Sources with the same origin count once."),
    Key(
        "status",
        "word",
        "Whether its publisher withdrew or corrected it.",
        field="status",
        words=SOURCE_STATUS_MEANINGS,
    ),
    Key("note", "text", "A note, for example how the date of publication was determined."),
)
ACTOR = _by_name(
    Key("name", "text", "The name to show.", required=True),
    Key("aliases", "texts", "Other names in sources. Queries find them like the name."),
    Key("kind", "text", "A word of your choice: company, brand, person, court …", field="kind"),
    Key(
        "part_of",
        "ids",
        "The ids of the actors that this one belongs to; group:ID finds the parts too.",
        refers="actor",
        field="actor",
    ),
    Key("note", "text", "A note."),
)
ERA = _by_name(
    Key("name", "text", "The name to show.", required=True),
    Key(
        "period",
        "date",
        'The period: "2025-06/..", "../2025-01~", "2021/2024".',
        required=True,
        example='"2023/2025-06"',
    ),
    Key("note", "text", "A note, for example which end the sources do not state."),
)
ALIAS = _by_name(Key("query", "text", 'A query, such as "kind:joint-venture not status:cancelled".', required=True))
FIGURE = _by_name(
    Key(
        "value", "quantity", 'The quantity: "~1.5bn EUR", "<29000 vehicles", "51%".', attribute="quantity", listed=False
    ),
    Key(
        "printed",
        "text",
        'The words of the source; without a value if it gives no number: "billions of dollars".',
        listed=False,
    ),
    Key("of", "id", "The actor that the figure describes.", refers="actor"),
    Key("period", "date", "The time that the figure is about. Default: the period of the event, if it has one."),
    Key(
        "basis",
        "word",
        "Whether it is actual (default), expected, or a target.",
        words=BASIS_MEANINGS,
        default="actual",
    ),
    Key("source", "id", "The source that gives this figure, if the event has several.", refers="source"),
    Key(
        "repeats",
        "id",
        "The event whose figure of the same metric this one repeats; it counts once.",
        refers="event",
        listed=False,
    ),
    Key("note", "text", "A note on this figure.", listed=False),
)
CITATION = _by_name(
    Key("id", "id", "The id of the source.", attribute="source", refers="source", required=True),
    Key("quote", "text", "A quote, word for word."),
    Key("by", "text", "Who is quoted: the id of an actor, or a name.", refers="actor"),
    Key(
        "date",
        "date",
        "The date according to this source. If it and the event's date cannot both be true, the event is disputed.",
    ),
    Key("status", "word", "The status according to this source.", words=STATUS_MEANINGS),
    Key(
        "figures",
        "figures",
        "The figures according to this source. If they and the event's cannot both be true, the event is disputed.",
    ),
    Key("note", "text", "A note on this citation.", listed=False),
)
EVENT = _by_name(
    Key("id", "id", "The id, unique in the store.", required=True),
    Key(
        "date",
        "date",
        "The date: some time within 2025-11, ~2023, by 2026, … Excludes period. Without either, the event is undated.",
        "DATE",
    ),
    Key("period", "date", "The period, if it lasted: 2025H1. Excludes date.", "PERIOD", attribute="date"),
    Key("printed", "text", 'The date in the words of the source. For example: "July last year".', "TEXT"),
    Key("known", "date", "When it became public; by default, with its first source.", "DATE"),
    Key("title", "text", "What happened, in one short, neutral line.", required=True, field="title"),
    Key("kind", "text", "The kind of event. A word of your choice: deal, launch, visit …", "KIND", field="kind"),
    Key(
        "status",
        "word",
        "The status: happened (default), planned, or cancelled.",
        "STATUS",
        field="status",
        words=STATUS_MEANINGS,
        default="happened",
    ),
    Key("reported", "flag", "Whether it rests on reports, not on an announcement.", default=False),
    Key(
        "actors",
        "actors",
        'Who took part. A list of actor ids, or a table of roles: { buyer = "a", target = ["b", "c"] }.',
        "[ROLE=]ID",
        singular="actor",
        refers="actor",
        field="actor",
    ),
    Key(
        "places",
        "texts",
        'Where it happened. For example "Zaragoza, Spain"; place: finds each part between commas.',
        "PLACE",
        singular="place",
        field="place",
    ),
    Key("tags", "tags", "A tag. Words of your choice, without commas.", "TAG", singular="tag", field="tag"),
    Key(
        "figures",
        "figures",
        "A number: investment='~2bn EUR'. In a file: metric = quantity, or a table, or a list of tables. A metric has"
        " the same name in every event.",
        "METRIC=VALUE",
        singular="figure",
    ),
    Key(
        "sources",
        "citations",
        "The source. Ids of sources, or tables with a quote and with the claims of that source.",
        "ID",
        singular="source",
        attribute="citations",
        refers="source",
        field="source",
    ),
    Key(
        "links",
        "links",
        "A link to another event: leads-to=ID. In a file: type = event id, or ids. Write each link once; the other"
        " event shows the inverse.",
        "TYPE=ID",
        singular="link",
        refers="event",
        field="id",
    ),
    Key("accept", "reasons", 'Findings of `autotimeline check` to accept, and why: { disputed = "…" }.'),
    Key("note", "text", "A note.", "TEXT"),
)
KEYS = {
    "store": STORE,
    "snapshot": SNAPSHOT,
    "source": SOURCE,
    "actor": ACTOR,
    "era": ERA,
    "alias": ALIAS,
    "event": EVENT,
}
"""The keys of each kind of entry, in order."""
KINDS = tuple(kind for kind in KEYS if kind != "snapshot")
"""The kinds of entries, in the usual order of a store."""
HEADER_KINDS = ("store", "snapshot")
"""The kinds that have no ids; a file has at most one of each."""
SETTABLE_KINDS = ("event", "source", "actor", "era")
"""The kinds whose keys assignments set."""
PLAIN_KEYS = tuple(key for key in EVENT.values() if key.type in ("text", "flag") and not key.field)
"""The keys of an event that are output as they are. A text is a column of the table `detail` of the index."""
