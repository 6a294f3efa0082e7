"""Stores as Hypothesis draws them: whatever the reader takes, hostile texts included, as the tables of a TOML file."""

from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1).filter(str.strip)
IDS = st.sampled_from(["a", "b", "c"])
DATES = st.sampled_from(
    [
        "2023",
        "2023-10~",
        "2025-33",
        "[..2026]",
        "2026/..",
        "../2020",
        "202X",
        "2024?",
        "[2023-10,2023-12]",
        "2011-01-01",
    ]
)
QUANTITIES = st.sampled_from(
    [
        "~1.5bn EUR",
        "<29000 vehicles",
        "51%",
        "10..20 %",
        "up to 4.1bn EUR",
        "nearly 1m",
        ">12 people",
        "5",
        "50 GWh/year",
    ]
)
WORDS = st.sampled_from(["deal", "joint-venture", "Größe", "two words"])


def some(**fields) -> st.SearchStrategy[dict]:
    return st.fixed_dictionaries({}, optional=fields)


FIGURE = some(
    printed=TEXT,
    of=IDS,
    holder=IDS,
    period=DATES,
    basis=st.sampled_from(["actual", "expected", "target"]),
    source=IDS,
    note=TEXT,
).flatmap(lambda rest: QUANTITIES.map(lambda value: {"value": value, **rest}))
FIGURES = st.dictionaries(
    st.sampled_from(["cost", "stake", "x_y"]),
    st.one_of(
        QUANTITIES,
        FIGURE,
        st.lists(FIGURE, min_size=1, max_size=2),
        st.just({"printed": "much"}),
        st.sampled_from(["e0", "e1"]).map("@{}".format),
    ),
    max_size=2,
)
CITATION = some(
    quote=TEXT, by=IDS, date=DATES, status=st.sampled_from(["happened", "planned"]), figures=FIGURES, note=TEXT
)
METRIC = some(note=TEXT).flatmap(
    lambda rest: st.sampled_from(["amount", "level", "rate", "share"]).map(lambda kind: {"measures": kind, **rest})
)
RATE = st.tuples(
    st.sampled_from(["0.92", "~2", "0.90..0.94", ">0.1"]),
    st.sampled_from(["date", "period"]),
    DATES,
    some(source=IDS, note=TEXT),
).map(lambda parts: {"of": "USD", "in": "EUR", "value": parts[0], parts[1]: parts[2], **parts[3]})
EVENT = some(
    date=DATES,
    printed=TEXT,
    known=DATES,
    kind=WORDS,
    status=st.sampled_from(["happened", "planned", "cancelled"]),
    reported=st.booleans(),
    actors=st.one_of(
        st.lists(IDS, unique=True, max_size=2),
        st.dictionaries(WORDS, st.lists(IDS, unique=True, min_size=1), max_size=2),
    ),
    places=st.lists(TEXT, unique=True, max_size=2),
    tags=st.lists(WORDS, unique=True, max_size=2),
    figures=FIGURES,
    sources=st.lists(IDS.flatmap(lambda id: CITATION.map(lambda rest: {"id": id, **rest})), max_size=2),
    links=st.dictionaries(
        st.sampled_from(["leads-to", "related"]),
        st.lists(st.sampled_from(["e0", "gone"]), unique=True, min_size=1),
        max_size=2,
    ),
    accept=st.just({"disputed": "so it is"}),
    note=TEXT,
)


@st.composite
def stores(draw) -> dict:
    events = []
    for number in range(draw(st.integers(0, 4))):
        body = draw(EVENT)
        if "date" in body and draw(st.booleans()):
            body["period"] = body.pop("date")
        events.append({"id": f"e{number}", "title": draw(TEXT), **body})
    sources = {id: {"title": draw(TEXT), **draw(some(published=DATES, origin=TEXT))} for id in "abc"}
    actors = {
        id: {"name": draw(TEXT), **draw(some(aliases=st.lists(TEXT, unique=True, max_size=2), part_of=st.just(["a"])))}
        for id in "abc"
    }
    return {
        "store": draw(some(title=TEXT)),
        "source": sources,
        "actor": actors,
        "era": {"now": {"name": "Now", "period": draw(DATES)}},
        "metric": draw(some(cost=METRIC, x_y=METRIC)),
        "rate": draw(some(r=RATE)),
        "alias": draw(some(deals=st.just("kind:deal"), later=st.just("since:2024"))),
        "event": events,
    }
