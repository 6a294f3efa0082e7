"""The command lines that `tests/golden.py` compares: every command in every data format, about three stores."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from itertools import chain, combinations, cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOP = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
TODAY = "2025-11-22"
DATA_FORMATS = ("plain", "tsv", "csv", "json", "jsonl", "toml")
DRAWN_FORMATS = ("table", "markdown", "svg")
SUFFIXES = {"plain": ".txt", "markdown": ".md", "table": ".table"}
QUERY_COMMANDS = ("list", "timeline", "count", "chart", "figures", "names", "export")
COMMANDS = (
    *QUERY_COMMANDS,
    *("show", "compare", "diff", "check", "batch", "schema", "cache", "completion", "init"),
    *("add", "set", "rename", "remove", "edit", "undo", "import"),
)
EVENT_FIELDS = (
    *("id", "date", "edtf", "extent", "earliest", "latest", "match", "status", "kind", "title", "actors", "places"),
    *("tags", "figures", "sources", "links", "known", "printed", "reported", "note", "disputed", "file", "line"),
)
FACETS = (
    *("year", "quarter", "month", "era", "actor", "group", "role", "kind", "status", "place", "tag", "source"),
    *("metric", "link", "is"),
)
LANES = ("actor", "era", "group", "id", "kind", "metric", "place", "role", "source", "status", "tag")
VOCABULARIES = (*("actors", "sources", "eras", "kinds", "statuses", "roles", "tags", "places", "metrics", "aliases"),)
STATES = (
    *("planned", "overdue", "upcoming", "disputed", "undated", "unsourced", "single-source", "approximate"),
    *("quoted", "reported"),
)
LINKS = (
    *("leads-to", "follows-from", "fulfils", "fulfilled-by", "part-of", "has-part", "replaces", "replaced-by"),
    *("same-deal", "contrasts", "related"),
)
DATES = (
    *("2023", "2023-10", "2024Q4", "2025H1", "2020s", "oct-2023", "2025-03-25", "2022-06..2024-03", "..2019"),
    *("2024..", "since-2023", "until-2023", "before-2023", "after-2023", "in-2023", "last-year", "this-quarter"),
    *("next-week", "last-3m", "in-2-weeks", "3-months-ago", "yesterday", "0001..9999"),
)
PERIODS = ("year", "half", "quarter", "month", "week", "day", "hour")
TERMS = (
    *("since:-18m", "until:today", "known:2024", "known:..2023", "since:2026", "until:2017", "not since:2022-06"),
    *("china", "text:joint", "title:and", 'text:"joint venture"', "text:not", "kind:deal,sales", "status:happened"),
    *("status:planned", "status:cancelled", "status:planned,cancelled", "not status:planned since:2023"),
    *("not kind:deal", "kind:deal or status:planned", "not ( kind:deal or is:undated ) 2020..", "2023 or not 2023"),
    *("( is:planned or is:disputed ) not is:reported", "since:2024 and not is:approximate", "kind:no-such-kind"),
)
RANGES = ("..29k", "1bn..", "1bnEUR..", "10%..20%", ">500/month", "<3", "0..", "1,000..2,000,000")
PATHS = {
    "facts.toml": TOP / "facts.toml",
    "hostile.toml": DATA / "golden.toml",
    "old.toml": DATA / "diff" / "old.toml",
    "new.toml": DATA / "diff" / "new.toml",
    **{f"{path.parent.name}/{path.name}": path for path in sorted(DATA.glob("*/*.toml")) if path.parent.name != "diff"},
}


@dataclass(frozen=True)
class Case:
    """Command lines that run one after the other; those that write do so in a directory with `files`."""

    commands: tuple[tuple[str, ...], ...]
    stdin: str = ""
    writes: bool = False
    files: dict[str, str] = field(default_factory=dict)


def stores() -> dict[str, str]:
    """Return the text of each store that is read, by its file name."""
    generated = subprocess.run(
        [sys.executable, str(TOP / "bench" / "generate.py"), "300"], capture_output=True, check=True
    ).stdout
    texts = {name: path.read_bytes().decode() for name, path in PATHS.items()}
    # Versions before contract 2 do not have this key.
    texts = {name: re.sub(r', holder = "[^"]*"', "", text) for name, text in texts.items()}
    return {**texts, "generated.toml": generated.decode()}


def cases(texts: dict[str, str], *, drawn: bool) -> Iterator[Case]:
    """Yield every case; `drawn` adds the formats for people."""
    formats = (*DATA_FORMATS, *(DRAWN_FORMATS if drawn else ()))
    reading = chain.from_iterable(_store_cases(name, texts[name], formats) for name in STORES)
    for number, case in enumerate(chain(reading, _small_stores(texts, formats), _others(texts, formats))):
        yield case
        if number % 24 == 0 and not case.writes and case.commands[0][0] in (*QUERY_COMMANDS, "show", "compare"):
            yield Case(((*case.commands[0], "--no-cache"),), case.stdin)
    yield from _writing(texts)
    yield from _importing(texts)
    yield from _errors()


STORES = ("facts.toml", "generated.toml", "hostile.toml")


def _on(store: str, command: str, *arguments: str) -> tuple[str, ...]:
    return (command, "-f", store, "--today", TODAY, *arguments)


def _read(store: str, command: str, *arguments: str, stdin: str = "") -> Case:
    return Case((_on(store, command, *arguments),), stdin)


def _terms(query: str) -> list[str]:
    """Return the terms and operators of a query, each an argument: it is split at spaces outside quotes."""
    return re.findall(r'(?:"(?:\\.|[^"\\])*"|[^\s"])+', query)


class Names:
    """The words of a store, as its TOML holds them."""

    def __init__(self, text: str) -> None:
        store = tomllib.loads(text)
        events: list[dict[str, Any]] = store["event"]
        casts = [event.get("actors", []) for event in events]
        places = [place for event in events for place in event.get("places", [])]
        self.ids = [event["id"] for event in events]
        self.aliases = list(store.get("alias", {}))
        self.eras = list(store.get("era", {}))
        self.metrics = list(dict.fromkeys(metric for event in events for metric in event.get("figures", {})))
        self.words = {
            "kind": [event["kind"] for event in events if "kind" in event],
            "tag": [tag for event in events for tag in event.get("tags", [])],
            "place": [*places, *(part.strip() for place in places for part in place.split(","))],
            "role": [role for cast in casts if isinstance(cast, dict) for role in cast],
            "actor": [*store["actor"], *(actor["name"] for actor in store["actor"].values())],
            "group": list(store["actor"]),
            "source": [*store["source"], *(source["title"] for source in store["source"].values())],
            "era": [*self.eras, *(era["name"] for era in store["era"].values())],
            "id": self.ids,
            "metric": self.metrics,
            "title": [event["title"].split()[0] for event in events],
        }

    def some(self, words: Sequence[str], count: int) -> list[str]:
        """Return at most so many different words, from everywhere in the list."""
        different = list(dict.fromkeys(words))
        return different[:: max(1, len(different) // count)][:count]

    def queries(self) -> Iterator[str]:
        """Yield queries with every field, operator, and kind of value."""
        yield from DATES
        yield from TERMS
        for state in STATES:
            yield from (f"is:{state}", f"not is:{state}")
        for field_name, words in self.words.items():
            quoted = [word.replace("\\", "\\\\").replace('"', '\\"') for word in self.some(words, 5)]
            yield from (f'{field_name}:"{word}"' for word in quoted)
            yield f'not {field_name}:"{quoted[0]}"'
        actor, role = self.words["actor"][0], self.words["role"][0]
        yield from (f'actor:"{actor}@{role}"', f"group:{actor} or actor:{self.words['group'][-1]}")
        for link in LINKS:
            yield f"link:{link}"
        for event, distance in zip(self.some(self.ids, 10), cycle(("90d", "2w", "3m", "2q", "1y")), strict=False):
            yield from (f"link:@{event}", f"link:leads-to@{event}", f"near:@{event}/{distance}")
            yield from (f"date:@{event}", f"not since:@{event}")
        for metric, bounds, more in zip(self.metrics, cycle(RANGES), cycle(RANGES[3:]), strict=False):
            yield from (f"{metric}:{bounds}", f"{metric}:{more}")
            yield from (f"{metric}>1000", f"not {metric}:1..", f"metric:{metric} not is:approximate")
        yield from (f":{alias}" for alias in self.aliases)


def _store_cases(store: str, text: str, formats: Sequence[str]) -> Iterator[Case]:
    names = Names(text)
    turn, commands = cycle(formats), cycle(("timeline", "count", "chart", "figures", "names", "export"))
    for query in names.queries():
        yield _read(store, "list", *_terms(query), "-n", "50", "-O", "jsonl")
        yield _read(store, "list", *_terms(query), "-O", next(turn), "--fields", "id,match")
        command = next(commands)
        first = {"names": ["actors"], "count": ["--by", "year"]}.get(command, [])
        last = ["-O", "json"] if command == "export" else ["-O", next(turn)]
        yield _read(store, command, *first, *_terms(query), *last)
    one, two, three = names.some(names.ids, 3)
    every_format: list[list[str]] = [
        *(["list", *more] for more in _arrangements(one)),
        *(
            ["timeline", *more]
            for more in ([], ["--gap"], ["--exact"], ["--since-event", two], ["--fields", "id,line"])
        ),
        *(["count", *more] for more in ([], ["--by", "year"], ["--by", "actor"], ["--by", "era,status"])),
        *(["chart", *more] for more in ([], ["--by", "actor"], ["-n", "2"], ["--certain", "2023.."])),
        *(["figures", *more] for more in ([], ["--sum"], ["--per", "month"], ["--sort", "low"], ["--unit", "EUR"])),
        *(["names", name] for name in VOCABULARIES),
        *(["compare", *more] for more in _sides(names, one, two, three)),
        *(["show", *more] for more in ([one], [one, two, three], [three, "--fields", "id,slips"])),
        *(["check", *more] for more in ([], ["--strict"])),
    ]
    for (command, *arguments), format in ((line, format) for line in every_format for format in formats):
        yield _read(store, command, *arguments, "-O", format)
    yield from _facet_cases(store, turn)
    yield from _word_cases(store, names, turn)
    for arguments in ([], ["kind:deal"], ["--as-of", "2024"], ["--certain", "2020..2024"], ["--sort", "title", "-r"]):
        yield from (
            _read(store, "export", *arguments, "-n", "40", "-O", kind) for kind in ("toml", "json", "csv", "ics")
        )
    yield from (_read(store, "export", "-O", kind) for kind in ("toml", "json", "csv", "ics"))
    yield from (_read(store, "export", "-O", "csv", flag) for flag in ("--raw", "--bom"))
    yield Case((("-f", store, "--today", TODAY),))
    questions = "\n".join(
        [
            "list is:disputed -O json",
            "",
            "# a comment",
            "count --by year",
            "list kind:",
            "show " + one,
            "check",
            "nonsense",
        ]
        + [f"names actors -O {format}" for format in formats]
    )
    yield from (_read(store, "batch", *mode, stdin=questions) for mode in ([], ["-0"], ["--jsonl"]))


def _arrangements(event: str) -> Iterator[list[str]]:
    yield from ([], ["--fields", ",".join(EVENT_FIELDS)], ["--gap"], ["--since-event", event], ["-r"], ["-n", "3"])
    yield from (["-n", "0"], ["--certain", "2020..2024"], ["--as-of", "2023-06"], ["-p", "2024", "-e"])
    yield from (["--since", "2020", "--until", "2024Q2"], ["--raw"], ["--bom"], ["no-such-word-anywhere"])


def _sides(names: Names, one: str, two: str, three: str) -> Iterator[list[str]]:
    yield from ([one, two], [one, two, three], [three, three], names.eras[:2], names.words["group"][:3])
    yield from (["2023", "2024"], ["is:planned", "status:happened since:2020", "not is:planned", "--certain"])
    yield ["kind:deal", "kind:sales", "--sort", "section", "-r", "-n", "20", "--fields", "section,what,side,value,why"]


def _facet_cases(store: str, turn: Iterator[str]) -> Iterator[Case]:
    """Yield a case in one format, in turn, for each field to list, sort, count, and chart by."""
    queries = cycle(("since:2018", "2023.. or is:disputed", "not kind:deal"))
    for name in EVENT_FIELDS:
        yield _read(store, "list", "--sort", name, "-O", next(turn), "--fields", f"id,{name}")
        yield _read(store, "list", "--sort", name, "-r", "-n", "9", "-O", next(turn))
        yield _read(store, "timeline", "--fields", name, "-O", next(turn))
    for facets in chain(((facet,) for facet in FACETS), combinations(FACETS, 2)):
        yield _read(store, "count", "--by", ",".join(facets), *_terms(next(queries)), "-O", next(turn))
    for facet in FACETS:
        yield _read(store, "count", "--by", facet, "--sort", "possible", "-r", "-n", "3", "--certain", "-O", next(turn))
    yield _read(store, "count", "--by", "year", "--as-of", "2023", "-O", next(turn))
    for lane in LANES:
        yield _read(store, "chart", "--by", lane, "-O", next(turn))
        yield _read(store, "chart", "--by", lane, "-n", "3", "is:approximate", "or", "2024", "-O", next(turn))


def _word_cases(store: str, names: Names, turn: Iterator[str]) -> Iterator[Case]:
    """Yield a case in one format, in turn, for the metrics, units, names, and events of a store."""
    for metric in names.metrics:
        for more in ([], ["--sum"], ["--per", "year"], ["--certain", "since:2020", "--sum"]):
            yield _read(store, "figures", "--metric", metric, *more, "-O", next(turn))
    for period in PERIODS:
        yield _read(store, "figures", "--per", period, "-O", next(turn))
    for unit in ("vehicles", "%", "GWh/year", "people", "cars"):
        yield _read(store, "figures", "--unit", unit, "-O", next(turn))
    for vocabulary in VOCABULARIES:
        yield _read(store, "names", vocabulary, "since:2023", "-O", next(turn))
        yield _read(store, "names", vocabulary, "--sort", "name", "-r", "-n", "4", "-O", next(turn))
    for event in names.some(names.ids, 35):
        yield _read(store, "show", event, "-O", next(turn))
    yield _read(store, "show", *names.some(names.ids, 9), "--as-of", "2024", "-O", "jsonl")
    for event in names.some(names.ids, 12):
        yield _read(store, "list", f"near:@{event}/1y", "--since-event", event, "--gap", "-O", next(turn))
    for one, two in zip(names.some(names.ids, 12), names.some(names.ids, 12)[1:], strict=False):
        yield _read(store, "compare", one, two, "-O", next(turn))
    yield from _flag_cases(store, names, turn)


def _flag_cases(store: str, names: Names, turn: Iterator[str]) -> Iterator[Case]:
    for flag, words in (("--actor", "actor"), ("--kind", "kind"), ("--tag", "tag"), ("--source", "source")):
        for word in names.some(names.words[words], 3):
            yield _read(store, "list", flag, word, "-O", next(turn))
            yield _read(store, "count", flag, word, "--status", "happened", "--by", "month", "-O", next(turn))


def _small_stores(texts: dict[str, str], formats: Sequence[str]) -> Iterator[Case]:
    """Yield cases about the stores of the tests: what each says, and what is wrong with it."""
    turn = cycle(formats)
    for store in (name for name in texts if "/" in name):
        yield _read(store, "check", "--strict", "-O", next(turn))
        yield _read(store, "list", "-O", "jsonl")
        if store.startswith("good/"):
            yield _read(store, "figures", "-O", next(turn))
            yield _read(store, "export", "-O", "json")
            yield _read(store, "list", "-O", "toml")


def _others(texts: dict[str, str], formats: Sequence[str]) -> Iterator[Case]:
    for old, new in (("old.toml", "new.toml"), ("new.toml", "old.toml"), *combinations(STORES, 2), ("new.toml",) * 2):
        for more in ([], ["--fields", "kind,id,field,change"]):
            yield from (Case((("diff", old, new, *more, "-O", format),)) for format in formats)
    yield from (_read(store, "list", "-O", "jsonl") for store in ("good", "."))
    both = ("list", "-f", "old.toml", "-f", "facts.toml", "--today", TODAY)
    yield from (Case(((*both, "-O", format),)) for format in formats)
    yield Case((_on("-", "list", "-O", "csv"),), stdin=texts["facts.toml"])
    yield Case((("-f", "facts.toml", "--today", TODAY, "list", "-O", "tsv"),))
    yield from (Case(((command, "--help"),)) for command in COMMANDS)
    yield from (Case((arguments,)) for arguments in (("--version",), ("--help",), ("schema",), ("cache",)))
    yield from (Case((("completion", shell),)) for shell in ("bash", "zsh", "fish"))
    yield from (_read("facts.toml", "list", "kind:deal", "--explain"), Case((("check", "--explain"),)))
    yield Case((("init",), ("init",), ("check",), ("list", "-O", "json")), writes=True)
    yield Case((("init", "--example"), ("check", "--strict", "--today", TODAY)), writes=True)
    yield Case((("schema", "-o", "s.schema.json"),), writes=True)
    for store in STORES:
        yield from _exported(store, texts[store], formats)


def _exported(store: str, text: str, formats: Sequence[str]) -> Iterator[Case]:
    files = {store: text}
    for suffix in ("toml", "json", "csv", "ics", "sqlite"):
        export = _on(store, "export", "-o", f"out.{suffix}")
        yield Case((export, export, (*export, "2023..", "--force")), writes=True, files=files)
    yield Case(
        tuple(_on(store, "list", "since:2023", "-o", f"out{SUFFIXES.get(name, '.' + name)}") for name in formats),
        writes=True,
        files=files,
    )
    snapshot = _on(store, "export", "since:2020", "-o", "snapshot.toml")
    again = _on("snapshot.toml", "list", "-O", "jsonl")
    yield Case(
        (snapshot, again, _on("snapshot.toml", "check"), _on(store, "list", "-o", store)), writes=True, files=files
    )


def _change(text: str, *arguments: str, stdin: str = "", **more: str) -> Case:
    """Return a case that previews a change, makes it, reads the result, and takes it back twice."""
    command, *rest = arguments
    line = _on("facts.toml", command, *rest)
    undo = _on("facts.toml", "undo")
    steps = [
        [(*line, "--dry-run"), line, _on("facts.toml", "list", "-O", "jsonl"), _on("facts.toml", "check", "-O", "tsv")],
        [(*undo, "--dry-run"), undo, undo],
    ]
    return Case(tuple(chain(*steps)), stdin, writes=True, files={"facts.toml": text, **more})


def _writing(texts: dict[str, str]) -> Iterator[Case]:
    story, generated = texts["facts.toml"], texts["generated.toml"]
    for arguments in STORY_CHANGES:
        yield _change(story, *arguments)
    for text in (story.replace("\n", "\r\n"), "\ufeff" + story, story.rstrip("\n")):
        yield from (_change(text, *arguments) for arguments in STORY_CHANGES[:6])
    for arguments in HOSTILE_CHANGES:
        yield _change(texts["hostile.toml"], *arguments)
    for store in (generated, texts["hostile.toml"]):
        names = Names(store)
        for event in names.some(names.ids, 3):
            yield _change(store, "set", event, "kind=changed", "tags+=golden", "note=Changed.")
            yield _change(store, "rename", event, "renamed")
            yield _change(store, "remove", event, "--force")
        actor, source = names.words["group"][0], next(iter(tomllib.loads(store)["source"]))
        yield from (_change(store, "rename", name, "renamed") for name in (f"actor:{actor}", f"source:{source}"))
    yield _change(story, "add", "-", stdin=json.dumps({"title": "Read", "date": "2025", "actors": ["stellantis"]}))
    yield _change(story, "add", "-", stdin='[[event]]\nid = "read"\ntitle = "Read"\nperiod = "2025H1"\n')
    # A store of two files, and several changes that are taken back one after the other.
    head, mark, rest = story.partition("[[event]]")
    files = {"store/a.toml": head, "store/b.toml": mark + rest}
    undo = _on("store", "undo")
    for into in ([], ["--into", "store/a.toml"]):
        lines = (
            _on("store", "add", "One more", "--date", "2025-11", *into),
            _on("store", "set", "catl-jv", "note=Two."),
            _on("store", "rename", "actor:catl", "catl-co"),
            *(undo, undo, undo, undo),
        )
        yield Case(lines, writes=True, files=files)


STORY_CHANGES = (
    ("set", "leapmotor-deal", "kind=acquisition", "tags+=china", "figures.stake.basis=actual"),
    ("set", "catl-jv", "date=Nov 2025", "note=", 'printed=a "quoted" \\ text'),
    ("add", "Sold", "--date", "2025-11", "--kind", "sale", "--actor", "seller=psa", "--source", "turn-2025"),
    ("rename", "turn-2025", "turn-back"),
    ("remove", "leapmotor-zaragoza", "--force"),
    ("set", "actor:catl", "aliases+=宁德时代", "kind=battery maker"),
    ("set", "brand-ceos-visit", "places=Paris", "places=Hangzhou, China", "tags-=ev", "actors+=catl"),
    ("set", "leapmotor-deal", "actors.buyer=psa", "figures.investment=~2bn EUR", "links.leads-to+=catl-jv"),
    ("set", "gac-fiat-chrysler-bankruptcy", "accept.disputed=", "sources.turn-2025.quote=Words"),
    ("set", "era:tavares", "period=../2025-02"),
    ("set", "leapmotor-deal", "date=10/11/2023"),
    ("set", "leapmotor-deal", "actors.buyer=stelantis"),
    ("set", "leapmotor-deal", "nonsense=1"),
    ("set", "nobody", "kind=deal"),
    ("rename", "actor:catl", "catl-company"),
    ("rename", "catl-jv", "battery-venture"),
    ("rename", "era:tavares", "tavares-years"),
    ("rename", "catl-jv", "leapmotor-deal"),
    ("rename", "catl-jv", "Not An Id"),
    ("remove", "leapmotor-zaragoza"),
    ("remove", "filosa-visit", "brand-ceos-visit"),
    ("remove", "turn-2025", "--force"),
    ("add", "Figures", "-p", "2025H1", "--figure", "investment=~2bn EUR", "--link", "leads-to=catl-jv", "--id", "fig"),
    ("add", "Noted", "--note", "A note.", "--place", "Wuhan", "--tag", "ev", "--tag", "x", "--status", "planned"),
    ("add", "Stellantis plans to buy 20% of Leapmotor", "--date", "2023-10", "--actor", "buyer=stellantis"),
    ("add", "With an id that exists", "--id", "catl-jv"),
    ("add", "Ambiguous", "--date", "10/11/2025"),
    ("add", "actor:byd", "name=BYD", "kind=company"),
    ("add", "source:gazette", "title=The Gazette", "published=2025-11-20"),
    ("add", "era:next", "name=Next", "period=2026/.."),
    ("undo",),
    ("edit", "leapmotor-deal"),
)
HOSTILE_CHANGES = (
    ("set", "1", "title=-1 \x1b[31m\u202e", "kind=", "tags+=a;b"),
    ("set", "minus", "actors.=role=acme"),
    ("set", "claimed", "status=happened", "sources+=first"),
    ("set", "actor:today", "name=\u200b", "part_of+=ring"),
    ("add", "=HYPERLINK(1)", "--date", "2025-11", "--note", "'''\n\"\"\"\n", "--tag", "\\", "--kind", "a|b"),
    ("rename", "actor:1-2-3", "one-two-three"),
    ("rename", "acme", "acme-2"),
    ("remove", "late", "minus", "--force"),
    ("remove", "actor:acme", "--force"),
)

FOREIGN = "name,opened,closed,maker,plant,cost,page\n" + "".join(
    f"{row}\n"
    for row in (
        "Alpha 1,10/11/2019,01/02/2021,Leapmotor,Wuhan,~1.5bn EUR,https://example.org/1",
        'Alpha 2,03/04/2020,,Acme,"Turin, Italy",,',
        "'=Formula,05/06/2021,,FCA,,12 people,Press kit",
    )
)
MAPPED = tuple(
    f"--map={key}"
    for key in ("title=name", "date=opened", "end=closed", "actor.maker=maker", "place=plant", "figure.cost=cost")
)


def _importing(texts: dict[str, str]) -> Iterator[Case]:
    story = texts["facts.toml"]
    day = "--date-format=%d/%m/%Y"
    for arguments in (
        [],
        [*MAPPED],
        [*MAPPED, day],
        [*MAPPED, day, "--kind", "model", "--tag", "x", "--source", "press", "--source-title", "Press kits"],
        [*MAPPED, "--map=source=page", day, "--raw", "--actor", "seller=psa", "--status", "planned"],
        ["--mapping", "mapping.toml"],
    ):
        mapping = 'kind = "model"\ndate_format = "%d/%m/%Y"\n[map]\ntitle = "name"\ndate = "opened"\n'
        yield _change(story, "import", "in.csv", *arguments, **{"in.csv": FOREIGN, "mapping.toml": mapping})
    rows = "title;date;kind\nA plant opens;2024-06;x\nA plant closes;soon;y\n;2024;z\n"
    for more in ([], ["--skip-bad"]):
        yield _change(story, "import", "in.csv", "--delimiter", ";", *more, **{"in.csv": rows})
    deal = "id,title,kind\nleapmotor-deal,Stellantis plans to buy about 20% of Leapmotor,acquisition\n"
    for more in ([], ["--update"], ["--skip-bad"]):
        yield _change(story, "import", "in.csv", *more, **{"in.csv": deal})
    things = [{"name": "One", "when": {"day": "2025-03-25"}, "who": ["CATL", "New"]}, {"name": "Two"}, {"name": 3}]
    mapped = ["--map=title=name", "--map=date=when.day", "--map=actor=who"]
    yield _change(story, "import", "in.json", *mapped, **{"in.json": json.dumps(things)})
    lines = "".join(json.dumps(thing) + "\n" for thing in things[:2])
    yield _change(story, "import", "-", "--from", "jsonl", *mapped, stdin=lines)
    yield _change(story, "import", "in.toml", **{"in.toml": texts["hostile.toml"]})
    for name, text in (
        ("in.json", "{"),
        ("in.csv", "a,a\n1\n"),
        ("in.toml", "[["),
        ("in.txt", "x"),
        ("in.jsonl", "1\n"),
    ):
        yield _change(story, "import", name, **{name: text})
    # What the program writes comes back in, also into a store that holds it already.
    for store in STORES:
        for written in ("list.csv", "list.json", "list.jsonl", "list.toml", "export.csv", "export.json", "export.toml"):
            command = written.partition(".")[0]
            limit = ["since:2022"] if store == "generated.toml" else []
            write = _on(store, command, *limit, "-o", written)
            into = _on("facts.toml", "import", written)
            back = _on("facts.toml", "list", "-O", "jsonl")
            steps = (write, (*into, "--dry-run"), into, into, (*into, "--update"), back, _on("facts.toml", "undo"))
            yield Case(steps, writes=True, files={"facts.toml": texts["old.toml"], store: texts[store]})


def _errors() -> Iterator[Case]:
    """Yield command lines that are refused: with which exit code, and without a byte of data."""
    for arguments in (
        *(("list", query) for query in ("actor:leapmoter", "since:10/11/2025", "kind:", "(", "or", "not", "nofield:x")),
        *(("list", query) for query in ("id:nobody", ":noalias", "era:none", "status:maybe", "metric:none", "near:x")),
        *(("list", query) for query in ("is:nothing", "link:nothing", "link:@nobody", "source:none", "date:soon", '"')),
        *(("list", *more) for more in (["--sort", "x"], ["--fields", "x"], ["-n", "-1"], ["-n", "x"], ["-O", "x"])),
        *(("list", *more) for more in (["--since", ""], ["--as-of", "soon"], ["--today", "soon"], ["--nonsense"])),
        *(
            ("list", *more)
            for more in (["-o", "none/out.csv"], ["-o", "x.unknown"], ["--color", "x"], ["--since-event", "x"])
        ),
        *(("count", "--by", by) for by in ("x", "year,month", "kind,kind", "kind,status,tag", "")),
        *(("chart", "--by", by) for by in ("x", "kind,status", "year")),
        *(
            ("figures", *more)
            for more in (["--per", "x"], ["--per", "year", "--sum"], ["--metric", "x"], ["--unit", "x"])
        ),
        *(("names", *more) for more in ([], ["x"], ["actors", "kind:"])),
        *(("show", *more) for more in ([], ["nobody"], ["catl-jv", "nobody"])),
        *(("compare", *more) for more in ([], ["catl-jv"], ["nobody", "catl-jv"])),
        *(("export", *more) for more in (["-O", "x"], ["-O", "table"], ["--fields", "id"])),
        *(("check", *more) for more in (["missing.toml"], ["--explain", "norule"])),
        *(("list", "-e", query) for query in ("no-such-word", "since:2020")),
    ):
        yield Case(((arguments[0], "-f", "facts.toml", *arguments[1:]),))
    for lines in (("diff",), ("diff", "old.toml"), ("diff", "old.toml", "missing.toml"), ("nonsense",), ("-f",)):
        yield Case((lines,))
    for store in ("missing.toml", "bad", "bad/missing-id.toml"):
        yield from (Case(((command, "-f", store),)) for command in ("list", "count", "figures", "export", "timeline"))
