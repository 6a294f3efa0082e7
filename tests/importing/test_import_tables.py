"""Small files in the shapes of public tables: imported as they are, twice, and undone.

Each file has the expected store beside it, `NAME.toml`.
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

import program
from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
TABLES = Path(__file__).with_name("tables")

# The options of each file, and the messages apart from the last one.
IMPORTS: dict[str, tuple[str, list[str]]] = {
    "timeline.csv": (
        "--map title=Headline --map date=Year,Month,Day --map 'end=End Year,End Month,End Day'"
        " --map 'printed=Display Date' --map note=Text --empty-end none",
        ['timeline.csv: unused columns: "Time", "End Time", "Media"'],
    ),
    "ereignisse.csv": (
        "--map title=Ereignis --map date=Datum --map figure.amount=Betrag --map place=Ort --date-format %d.%m.%Y"
        " --decimal-comma --missing 'k. A.'",
        [
            'ereignisse.csv: read as CP1252 ("Zürich" in line 2); name another encoding with --encoding',
            "ereignisse.csv: read with --delimiter semicolon",
            'ereignisse.csv: column "Betrag": no value in 1 cell: "k. A." (row 3)',
        ],
    ),
    "recalls.csv": (
        "--map title=Model --map 'date=Recall Date' --map figure.recalled=Units --date-format %m/%d/%y --century 1950",
        [],
    ),
    "sparql.json": (
        "--map title=itemLabel.value --map date=inception.value --map source=item.value",
        [],
    ),
    "permits.tsv": (
        "--map title=permit --map date=issued --map actor.holder=holder --map note=note",
        [
            'permits.tsv: column "issued": time of day dropped in 2 cells: "2023-04-05 13:45:00" (row 1),'
            ' "2023-04-05 09:10:00" (row 2)',
        ],
    ),
    "posts.ndjson": (
        "--map id=id --map title=text --map date=created_at --map tag=tags --map place=place.city",
        [
            'posts.ndjson: column "created_at": time of day dropped in 1 cell: "2024-02-03T10:20:30.123Z" (row 1)',
        ],
    ),
    "museum.csv": (
        "--map 'id=Object ID' --map title=Title --map 'printed=Object Date' --map 'earliest=Object Begin Date'"
        " --map 'latest=Object End Date' --map 'source=Link Resource'",
        [],
    ),
    "flights.csv": (
        "--map title=Flight --map date=Date --map actor.nation=Nations --map actor.crew=Crew --split actor=,",
        [
            'flights.csv: column "Crew": no value in 1 cell: "—" (row 3)',
        ],
    ),
    "acquisitions.csv": (
        "--map title=Company --map 'date=Acquired on' --map figure.price=Price --map 'tag=Derived products'"
        " --map source=Source --kind acquisition",
        [
            'acquisitions.csv: column "Price": no value in 2 cells: "Undisclosed amount" (row 2), "N/A" (row 4)',
        ],
    ),
    "projects.csv": (
        "--map title=Project --map date=Started --map end=Completed --map status=State --value status.done=happened"
        " --value 'status.in progress=happened' --value status.abandoned=cancelled --empty-end unknown",
        [
            'projects.csv: column "State": read as "happened" in 2 cells: "Done" (row 1), "In progress" (row 2)',
            'projects.csv: column "State": read as "cancelled" in 1 cell: "Abandoned" (row 3)',
        ],
    ),
    "meetings.csv": (
        "--map title=topic --map date=when --date-format %d/%m/%Y --date-format YYYY-YY",
        [],
    ),
    "api.json": (
        "--records data.items --map title=name --map date=dates.from --map end=dates.to --map figure.cost=amount.text"
        " --date-format %Y%m%d --empty-end open",
        [],
    ),
    "scraped.csv": (
        "--map title=Name --map date=Date --map note=Remark",
        [
            'scraped.csv: repeated column "Date"; column 4 is "Date (2)"',
            'scraped.csv: unused columns: "column 3", "Date (2)"',
        ],
    ),
    "workbook.xlsx": (
        "--map title=Event --map date=Date --map date=Year --map figure.price=Amount --map 'figure.cost=Cost in EUR'",
        [
            'workbook.xlsx: column "Cost in EUR": no unit in 2 cells: "1234.5" (row 1), "700" (row 2);'
            " its column may name it: add --default-unit cost=UNIT",
            'workbook.xlsx: column "Date": time of day dropped in 1 cell: "2020-05-06T14:30:00" (row 2)',
            'workbook.xlsx: column "Amount": no value in 1 cell: "n/a" (row 2)',
        ],
    ),
}

# The proposed mapping of each file.
PROPOSED = {
    "timeline.csv": "title=Headline date=Year,Month,Day 'end=End Year,End Month' 'printed=Display Date' source=Media"
    " note=Text",
    "ereignisse.csv": "title=Ereignis date=Datum",
    "recalls.csv": "title=Model 'date=Recall Date' figure.units=Units",
    "sparql.json": "title=itemLabel.value date=inception.value source=item.value",
    "permits.tsv": "title=permit date=issued note=note",
    "posts.ndjson": "id=id title=text date=created_at tag=tags",
    "museum.csv": "'id=Object ID' title=Title 'earliest=Object Begin Date' 'latest=Object End Date'"
    " 'printed=Object Date' 'source=Link Resource'",
    "flights.csv": "title=Flight date=Date",
    "acquisitions.csv": "title=Company 'date=Acquired on' source=Source figure.price=Price",
    "projects.csv": "title=Project date=Started end=Completed",
    "meetings.csv": "title=topic date=when",
    "workbook.xlsx": "title=Event date=Date date=Year figure.amount=Amount",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_bytes(b"")
    return tmp_path


def place(folder: Path, name: str) -> None:
    if name.endswith(".xlsx"):
        pytest.importorskip("python_calamine", reason="the extra xlsx is not installed")
    shutil.copy(TABLES / name, folder)


@pytest.mark.parametrize("name", IMPORTS)
def test_a_table_is_imported_as_it_is(folder, name):
    place(folder, name)
    options, messages = IMPORTS[name]
    store = folder / "facts.toml"
    code, out, err = ask("import", name, *shlex.split(options), "--save-map", "map.toml")
    assert (code, out) == (0, ""), err
    lines = [line.removeprefix("autotimeline: ") for line in err.splitlines()]
    assert lines[:-2] == messages
    assert lines[-1] == "map.toml: options saved; import the next file with --mapping map.toml"
    expected = (TABLES / f"{name}.toml").read_text("utf-8")
    assert store.read_text("utf-8") == expected
    # A second import changes nothing, nor does one with the saved options.
    for words in (shlex.split(options), ["--mapping", "map.toml"]):
        code, _, err = ask("import", name, *words)
        assert (code, err.splitlines()[-1]) == (0, f"autotimeline: 0 new, {expected.count('[[event]]')} unchanged")
        assert store.read_text("utf-8") == expected
    assert ask("check", "-O", "json")[1].count('"level": "error"') == 0
    assert ask("undo")[0] == 0
    assert store.read_bytes() == b""


@pytest.mark.parametrize("name", PROPOSED)
def test_the_proposed_mapping_follows_names_and_cells(folder, name):
    place(folder, name)
    code, _, err = ask("import", name)
    proposed = shlex.split(err.partition(f"autotimeline import {name} ")[2])
    assert (code, proposed[1::2]) == (2, shlex.split(PROPOSED[name]))


def test_a_mapping_file_has_all_options(folder):
    place(folder, "ereignisse.csv")
    options = "--value place.Zürich=Zurich --split place=, --tag a --tag b --actor owner=x --encoding cp1252 --raw"
    words = shlex.split(f"{IMPORTS['ereignisse.csv'][0]} {options}")
    (folder / "facts.toml").write_text('[actor.x]\nname = "X"\n', "utf-8")
    code, _, err = ask("import", "ereignisse.csv", *words, "--save-map", "map.toml")
    assert code == 0, err
    assert (
        (folder / "map.toml").read_text("utf-8")
        == """\
missing = ["k. A."]
date_format = ["%d.%m.%Y"]
decimal_comma = true
encoding = "cp1252"
raw = true
tag = ["a", "b"]
actor = ["owner=x"]

[map]
title = "Ereignis"
date = "Datum"
"figure.amount" = "Betrag"
place = "Ort"

[split]
place = ","

[value]
"place.Zürich" = "Zurich"
"""
    )
    code, _, err = ask("import", "ereignisse.csv", "--mapping", "map.toml")
    assert err.splitlines()[-1] == "autotimeline: 0 new, 3 unchanged"


def test_only_a_mapping_file_is_overwritten(folder):
    place(folder, "flights.csv")
    (folder / "other.toml").write_text("x = 1\n", "utf-8")
    code, _, err = ask("import", "flights.csv", *shlex.split(IMPORTS["flights.csv"][0]), "--save-map", "other.toml")
    assert code == 2
    assert err.startswith("autotimeline: --save-map other.toml: not a mapping file, and not overwritten; ")
    assert (folder / "facts.toml").read_bytes() == b""
    for path in (".", "missing/map.toml"):
        code, _, err = ask("import", "flights.csv", *shlex.split(IMPORTS["flights.csv"][0]), "--save-map", path)
        assert (code, err.count("\n")) == (2, 1)
        assert (folder / "facts.toml").read_bytes() == b""


def test_a_dry_run_shows_the_columns_on_a_terminal(folder):
    place(folder, "acquisitions.csv")
    options = IMPORTS["acquisitions.csv"][0].replace(" --map source=Source", "")
    words = ["import", "acquisitions.csv", *shlex.split(options), "--dry-run"]
    env = program.environment(folder / "cache", NO_COLOR="1")
    code, sent = program.terminal(words, cwd=folder, env=env, columns=120)
    assert code == 0
    assert (
        sent.replace("\r", "").partition("\n\n")[0]
        == """\
column            key           cells                                                                             read
Company           title         Alpha · Beta · Gamma                                                            4 of 4
Acquired on       date          February 1, 2012 · March 3, 2012 · May 6, 2013                                  4 of 4
Price             figure.price  $120,000,000 · Undisclosed amount · $2.45B                                      2 of 4
Derived products  tag           Maps · Search                                                                   2 of 2
Source                          https://example.org/alp… · https://example.org/beta · https://example.org/gam…"""
    )
