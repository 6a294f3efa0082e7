"""Build a lake of generated events, and measure queries of it on DuckDB: seconds, also of processors, and memory.

python bench/lake.py 1000000

The events are those of feed.py, as JSON lines, and no event repeats another. Each query is a process of its own, and
its time includes the start; of several rounds, the median counts. The lake stays in --folder for a second run.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import lake_tables
from feed import ACTOR, WORD, YEAR, events
from tools.autotimeline import head

PROGRAM = (sys.executable, "-m", "autotimeline")
QUERIES = {
    "count by year": ("count", "--by", "year"),
    "count by kind": ("count", "--by", "kind"),
    "count by year, kind": ("count", "--by", "year,kind"),
    "count by actor": ("count", "--by", "actor"),
    "latest 20": ("list", "--reverse", "-n", "20"),
    "by id": ("list", "id:event-{middle:07}", "-O", "jsonl"),
    "show one": ("show", "event-{middle:07}"),
    "list of one year": ("list", "-p", YEAR, "--fields", "id,date,title"),
    "actor and word": ("list", f"actor:{ACTOR}", f"title:{WORD}", "--fields", "id,date,title"),
    "text word": ("list", "works council", "-n", "20"),
}


def write_feed(size: int, folder: Path) -> None:
    """Write the store of the actors and the feed."""
    (folder / "actors.toml").write_text(head(size), "utf-8")
    with (folder / "feed.jsonl").open("w", encoding="utf-8") as file:
        for event in events(size):
            keys = {key: getattr(event, key) for key in ("id", "date", "title", "kind", "note")}
            figures = {"amount": f"{event.amount} {event.unit}"}
            file.write(json.dumps({**keys, "actors": [event.actor], "figures": figures}, ensure_ascii=False) + "\n")


def run(command: tuple[str, ...], folder: Path) -> tuple[float, float, int]:
    """Run a command; return its seconds, those of the processors, and the most memory that it had, in MB."""
    started = time.perf_counter()
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, env={**os.environ, "XDG_CACHE_HOME": str(folder)})
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def compare_with_spark(size: int, folder: Path) -> None:
    """Ask a master, two workers, and a Spark Connect server on loopback, and print whether the answers are the same."""
    sys.path.append(str(Path(__file__).parents[1] / "tests/engines"))
    from cluster import running_cluster

    print(f"| {size:,} events | seconds on Spark | the answer of DuckDB |\n|---|---|---|")
    with running_cluster(folder) as server:
        for name, words in QUERIES.items():
            query = [word.format(middle=size // 2) for word in words]
            run((*PROGRAM, "-f", "lake", *query), folder)
            answer = (folder / "out").read_bytes()
            seconds, *_ = run((*PROGRAM, "-f", f"spark://{server}{folder / 'lake'}", *query), folder)
            is_same = (folder / "out").read_bytes() == answer
            print(f"| {name} | {seconds:.1f} | {'yes' if is_same else 'NO'} |", flush=True)


def main() -> None:
    """Build what is missing, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int, nargs="?", default=1_000_000, help="how many events")
    parser.add_argument("--folder", type=Path, default=Path("lake-bench"), help="where the feed and the lake are")
    parser.add_argument("--direct", action="store_true", help="make the derived tables by SQL: see lake_tables.py")
    parser.add_argument("--rounds", type=int, default=3, help="how often each query is timed")
    parser.add_argument("--spark", action="store_true", help="ask a cluster on loopback the same, and compare")
    asked = parser.parse_args()
    folder = asked.folder.resolve() / f"{asked.size}{'-direct' if asked.direct else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    lake = folder / "lake"
    if asked.direct and not (lake / "lake.json").exists():
        # In a process of its own: the memory of this one counts as that of the processes that it starts.
        builder = multiprocessing.Process(target=lake_tables.build, args=(asked.size, lake))
        builder.start()
        builder.join()
    if not (lake / "lake.json").exists():
        write_feed(asked.size, folder)
        seconds, _, memory = run((*PROGRAM, "lake", "actors.toml", "feed.jsonl", "-o", "lake"), folder)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = children.ru_utime + children.ru_stime
        print(f"build: {seconds:.0f} s, {cpu:.0f} s of processors, {memory} MB in the main process", flush=True)
    sizes = sum(file.stat().st_size for file in lake.rglob("*.parquet")) >> 20
    print(f"lake {sizes} MB\n")
    if asked.spark:
        compare_with_spark(asked.size, folder)
        return
    print(f"| {asked.size:,} events | seconds | CPU seconds | MB |\n|---|---|---|---|")
    for name, words in QUERIES.items():
        command = (*PROGRAM, "-f", "lake", *(word.format(middle=asked.size // 2) for word in words))
        rounds = [run(command, folder) for _ in range(asked.rounds)]
        seconds, cpu = (statistics.median(values) for values in list(zip(*rounds, strict=True))[:2])
        print(f"| {name} | {seconds:.2f} | {cpu:.2f} | {max(memory for *_, memory in rounds)} |", flush=True)


if __name__ == "__main__":
    main()
