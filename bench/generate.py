"""Write a realistic store of any size to standard output; the same size and seed give the same bytes.

python bench/generate.py 10000 > store.toml

Every kind of date of the profile is in it, undated events, disputes, plans kept and missed, figures as
sources qualify them, quotes and links. `autotimeline check` accepts it without a word. It is written as
it is made, so that a million events need no more memory than thirty.
"""

from __future__ import annotations

import argparse
import sys
from collections import deque
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 2025
FIRST, TODAY, LAST = date(2005, 1, 1), date(2025, 11, 22), date(2028, 6, 30)

# Kind: title, roles, metrics.
KINDS: dict[str, tuple[str, tuple[str, str], tuple[str, ...]]] = {
    "deal": ("{a} agrees to buy a share of {b}", ("buyer", "target"), ("investment", "stake")),
    "joint-venture": (
        "{a} and {b} announce a joint venture in {p}",
        ("partner", "partner"),
        ("investment", "capacity"),
    ),
    "sales": ("Sales of {a} in {p} against those of {b}", ("company", "rival"), ("sales", "market-share")),
    "production": ("{a} starts production in {p} with parts from {b}", ("company", "supplier"), ("capacity",)),
    "launch": ("{a} launches an electric model with {b}", ("company", "partner"), ("price", "sales")),
    "remark": ("{a} speaks against new tariffs on {b}", ("speaker", "company"), ()),
    "visit": ("{a} visits {b} behind closed doors in {p}", ("guest", "host"), ("delegation",)),
    "ruling": ("A court in {p} rules on the claim of {a} against {b}", ("plaintiff", "defendant"), ("debt",)),
    "layoff": ("{a} cuts jobs in {p}, {b} takes on some", ("company", "other"), ("jobs",)),
    "strategy": ("{a} turns away from {b} and back to {p}", ("company", "other"), ()),
}
# Metric: unit, smallest and largest power of ten.
METRICS = {
    "investment": ("EUR", 7, 10),
    "stake": ("%", 0, 1),
    "capacity": ("vehicles/year", 4, 5),
    "sales": ("vehicles", 3, 6),
    "market-share": ("%", 0, 1),
    "price": ("CNY", 5, 5),
    "delegation": ("people", 1, 1),
    "debt": ("USD", 7, 10),
    "jobs": ("people", 2, 4),
}
QUALIFIERS = ("", "", "", "", "~", "<", ">", "up to ", "nearly ", "at least ", "about ")
PLACES = (
    "Zaragoza, Spain",
    "Wuhan, Hubei, China",
    "Changsha, China",
    "Turin, Italy",
    "Poissy, France",
    "Tychy, Poland",
)
TAGS = ("ev", "battery", "market", "asset-light", "leadership", "tariff", "software", "hydrogen")
OUTLETS = ("Reuters", "Caixin", "Les Échos", "Il Sole 24 Ore", "财新", "Handelsblatt", "Company statement", "Nikkei")
STEMS = ("Nor", "Val", "Tai", "Lin", "Cor", "Mar", "Zen", "Hua", "Bel", "Ost", "Kai", "Ren", "Sol", "Var", "Dong", "Ar")
ENDS = ("van", "tek", "gar", "mont", "shan", "dor", "lis", "wen", "ström", "ia", "fang", "con", "nova", "ling", "bach")
FORMS = ("Motors", "Group", "Battery", "Mobility", "Holding", "Auto", "Energy", "Capital", "Works", "Systems")
GIVEN = ("Carla", "Wei", "Antoine", "Mei", "Giulia", "Jan", "Qing", "Sofia", "Tomás", "Li", "Anna", "Hugo")
FAMILY = ("Ferrer", "Zhang", "Moreau", "Rossi", "Yang", "Nowak", "Keller", "Xin", "Duarte", "Olsen", "Hahn")
SENTENCES = (
    "Whose share is meant follows from the order of the words.",
    "The source counts both plants together.",
    "Told beside the merger, without a date of its own.",
    "Two days earlier the company had said nothing of the kind.",
    "People close to the talks put the sum higher.",
    "零部件由本地供应商提供。",
    "The vote of the works council was still to come.",
    "Whether the model is built there too, nobody would say.",
)
ACCENTS = str.maketrans("áéíóúàèìòùâêîôûäëïöüÉ", "aeiouaeiouaeiouaeioue")

# How often, under which key, and how a day is written that a source knows only so well.
DATES: tuple[tuple[int, str, Callable[[date], Any]], ...] = (
    (44, "date", lambda d: d.isoformat()),
    (4, "date", lambda d: d),
    (2, "date", lambda d: f"{d.day} {d:%b} {d.year}"),
    (18, "date", lambda d: f"{d:%Y-%m}"),
    (2, "date", lambda d: f"{d:%B} {d.year}"),
    (5, "date", lambda d: f"{d.year}"),
    (1, "date", lambda d: d.year),
    (2, "date", lambda d: f"{d.year}-{33 + (d.month - 1) // 3}"),
    (2, "date", lambda d: f"{d.year}Q{(d.month + 2) // 3}"),
    (1, "date", lambda d: f"{d.year}-{40 + d.month // 7}"),
    (2, "date", lambda d: f"{d.year - (d.month < 3)}-{20 + (d.month // 3 or 4)}"),
    (2, "date", lambda d: f"{d:%Y-%m}~"),
    (1, "date", lambda d: f"{d.year}?"),
    (1, "date", lambda d: f"{d.isoformat()}%"),
    (1, "date", lambda d: f"about {d.year}"),
    (1, "date", lambda d: f"{d.year}-33/{d.year}-36~"),
    (1, "date", lambda d: f"[{d.year - 1}-12,{d:%Y-%m}]"),
    (1, "date", lambda d: f"[{d.isoformat()}..{d.year + 1}-01-31]"),
    (1, "date", lambda d: f"by {d:%Y-%m}"),
    (1, "date", lambda d: f"{d.year // 10}X"),
    (3, "period", lambda d: f"{d.year}"),
    (2, "period", lambda d: f"{d.year}H{1 + d.month // 7}"),
    (1, "period", lambda d: f"{d:%Y-%m}/{d.year + 1}-03"),
    (1, "period", lambda d: f"{d:%Y-%m}~/.."),
    (1, "period", lambda d: f"{d.year}/"),
    (1, "period", lambda d: f"../{d:%Y-%m}"),
)
CHANCES = [chance for chance, _, _ in DATES]


def actor(number: int) -> tuple[str, dict[str, Any]]:
    """Return the id and the keys of the actor of that number: a company, or every fifth a person."""
    # The lengths have no divisor in common: only after their product does a name come again, with a number.
    if number % 5 == 4:
        nth = number // 5
        name, kind = f"{GIVEN[nth % len(GIVEN)]} {FAMILY[nth % len(FAMILY)]}", "person"
        rest = nth // (len(GIVEN) * len(FAMILY))
    else:
        name = f"{STEMS[number % len(STEMS)]}{ENDS[number % len(ENDS)]} {FORMS[number // 3 % len(FORMS)]}"
        rest, kind = number // (len(STEMS) * len(ENDS)), "company"
    name += f" {rest + 1}" if rest else ""
    keys: dict[str, Any] = {"name": name, "kind": kind}
    if number % 7 == 3:
        keys["aliases"] = [f"{name.split()[0]} {number}", f"华{number}"]
    if number % 5 == 3:
        keys["part_of"] = [actor(number // 10 * 5)[0]]
    return slug(name), keys


def source(number: int, count: int) -> tuple[str, dict[str, Any]]:
    """Return the id and the keys of a source; the last of them appeared today."""
    published = FIRST + (TODAY - FIRST) * (number + 1) / count
    outlet = OUTLETS[number % len(OUTLETS)]
    keys: dict[str, Any] = {"title": f"{outlet}, report {number + 1}"}
    if number % 31 != 30:
        keys["published"] = f"{published:%Y-%m}~" if number % 9 == 8 else published
    if number % 3 == 0:
        keys["url"] = f"https://example.org/{published:%Y/%m}/{number + 1}"
    if number % 13 == 12:
        keys["origin"] = "wire"
    if number % 97 == 96:
        keys["status"] = "corrected"
    return f"report-{number + 1}", keys


def slug(name: str) -> str:
    """Return a name as an id."""
    return "-".join(name.lower().translate(ACCENTS).split())


def blocks(size: int, seed: int = SEED) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (header, keys) of everything in the store, events in about the order of their dates."""
    actors, sources = 10 + size // 40, 2 + size // 12
    yield "[store]", {"format": 1, "title": f"{size:,} generated events"}
    for number in range(sources):
        id, keys = source(number, sources)
        yield f"[source.{id}]", keys
    for number in range(actors):
        id, keys = actor(number)
        yield f"[actor.{id}]", keys
    yield "[era.founders]", {"name": "The founders' years", "period": "../2012-06~"}
    yield "[era.expansion]", {"name": "The expansion", "period": "2012-07/2019-12"}
    yield "[era.turn]", {"name": "The turn", "period": "2020-01/.."}
    yield "[alias]", {"jv": "kind:joint-venture not status:cancelled", "money": "metric:investment,debt"}
    for keys in events(size, seed, actors, sources):
        yield "[[event]]", keys


def events(size: int, seed: int, actors: int, sources: int) -> Iterator[dict[str, Any]]:
    """Yield the keys of each event."""
    rng = Random(seed)  # noqa: S311  # made-up news is no secret
    recent: deque[str] = deque(maxlen=40)
    plans: deque[str] = deque(maxlen=10)
    figured: dict[str, str] = {}
    for number in range(size):
        day = FIRST + (LAST - FIRST) * ((number + rng.random()) / size)
        disputed = day < TODAY and rng.random() < 0.02
        kind = rng.choice(tuple(KINDS))
        title, roles, metrics = KINDS[kind]
        # Few actors are in most of the news.
        a = int(actors * rng.random() ** 2)
        b = (a + 1 + int((actors - 1) * rng.random() ** 2)) % actors
        (one, first), (two, second), place = actor(a), actor(b), rng.choice(PLACES)
        keys: dict[str, Any] = {
            "id": f"{kind}-{one}-{number + 1}",
            **({"date": day.isoformat()} if disputed else when(day, rng)),
            "title": title.format(a=first["name"], b=second["name"], p=place.split(",")[0]),
            "kind": kind,
            "status": "planned" if day > TODAY else rng.choices(("planned", "cancelled", None), (3, 2, 95))[0],
            "reported": rng.random() < 0.08 or None,
            "actors": cast(one, two, roles, rng),
            "places": [place] if rng.random() < 0.5 else None,
            "tags": rng.sample(TAGS, rng.choice((1, 1, 2))) if rng.random() < 0.6 else None,
            "figures": figures(metrics, rng, one, figured) if rng.random() < 0.7 else None,
            "sources": citations(day, rng, sources, disputed=disputed) if disputed or rng.random() < 0.98 else None,
            "accept": {"disputed": "two reports; the notice itself is not to hand"} if disputed else None,
            "links": ties(rng, recent, plans),
            "note": " ".join(rng.sample(SENTENCES, rng.choice((1, 1, 2, 3)))) if rng.random() < 0.35 else None,
        }
        (plans if keys["status"] else recent).append(keys["id"])
        figured.update(dict.fromkeys(keys["figures"] or (), keys["id"]))
        yield {key: value for key, value in keys.items() if value}


def when(day: date, rng: Random) -> dict[str, Any]:
    """Return the keys that date an event, none for one in fifty."""
    if rng.random() < 0.02:
        return {}
    _, key, write = rng.choices(DATES, CHANCES)[0]
    return {
        key: write(day),
        "printed": f"in {day:%B} of that year" if rng.random() < 0.2 else None,
        "known": f"{day:%Y-%m}" if day < TODAY and rng.random() < 0.2 else None,
    }


def cast(one: str, two: str, roles: tuple[str, str], rng: Random) -> Any:
    """Return who took part: a plain list, or by role."""
    if rng.random() < 0.4:
        return [one, two]
    return {roles[0]: [one, two]} if roles[0] == roles[1] else {roles[0]: one, roles[1]: two}


def figures(metrics: tuple[str, ...], rng: Random, owner: str, figured: dict[str, str]) -> dict[str, Any]:
    """Return a figure for each metric; now and then one repeats that of the event before, named in `figured`."""
    return {
        metric: f"@{figured[metric]}" if metric in figured and rng.random() < 0.03 else figure(metric, rng, owner)
        for metric in metrics
    }


def figure(metric: str, rng: Random, owner: str) -> Any:
    """Return a figure as a source qualifies it: a quantity, a range, a table, or words alone."""
    unit, low, high = METRICS[metric]
    number, power = rng.randint(10, 95), rng.randint(low, high)
    value = f"{number * 10 ** (power - 1)}" if power else f"{number / 10}"
    if power > 8:
        value = f"{number * 10 ** (power - 9) / 10:g}bn"
    if rng.random() < 0.05:
        return {"printed": "billions" if power > 8 else "a good many", "of": owner}
    written = f"{rng.choice(QUALIFIERS)}{value} {unit}" if unit != "%" else f"{rng.choice(QUALIFIERS)}{value}%"
    if rng.random() < 0.6:
        return written
    return {"value": written, "of": owner, "basis": rng.choice(("actual", "expected", "target"))}


def citations(day: date, rng: Random, sources: int, *, disputed: bool) -> list[Any]:
    """Return who says it: the sources that appeared next; where it is disputed, one of them otherwise."""
    next_one = min(int((day - FIRST) / (TODAY - FIRST) * sources), sources - 1)
    cited: list[Any] = []
    for number in range(next_one, min(next_one + rng.choice((1, 1, 1, 2)), sources)):
        id, _ = source(number, sources)
        if rng.random() < 0.3:
            speaker = actor(rng.randrange(2) * 5 + 4)[0]
            cited.append({"id": id, "quote": rng.choice(SENTENCES).rstrip("."), "by": speaker})
        else:
            cited.append(id)
    if disputed:
        first = cited[0]["id"] if isinstance(cited[0], dict) else cited[0]
        other = day + timedelta(days=rng.randint(40, 400))
        cited[0] = {"id": first, **({"date": f"{other:%Y-%m}"} if rng.random() < 0.7 else {"status": "cancelled"})}
    return cited


def ties(rng: Random, recent: deque[str], plans: deque[str]) -> dict[str, list[str]]:
    """Return links to events that went before: mostly of the last, sometimes the plan that this one completes."""
    links: dict[str, list[str]] = {}
    if recent and rng.random() < 0.3:
        type = rng.choice(("related", "follows-from", "same-deal", "part-of", "contrasts", "replaces"))
        links[type] = rng.sample(tuple(recent), min(len(recent), rng.choice((1, 1, 2))))
    if plans and rng.random() < 0.03:
        links["fulfils"] = [plans.pop()]
    return links


def toml(value: Any) -> str:
    """Return a value as TOML writes it in a line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {toml(item)}' for key, item in value.items())} }}"
    return str(value)


def text(header: str, keys: dict[str, Any]) -> str:
    """Return a block as people write it: keys in a column, figures one a line."""
    lines = [header]
    for key, value in keys.items():
        if key == "figures":
            lines += [f"figures.{metric} = {toml(item)}" for metric, item in value.items()]
        else:
            lines.append(f"{key:<7} = {toml(value)}")
    return "\n".join(lines) + "\n\n"


def main() -> None:
    """Write the store that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a realistic store to standard output.")
    parser.add_argument("size", type=int, help="how many events")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed makes another store")
    asked = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a text stream, as it is run
    for header, keys in blocks(asked.size, asked.seed):
        sys.stdout.write(text(header, keys))


if __name__ == "__main__":
    main()
