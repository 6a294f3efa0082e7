# ruff: noqa: E501  the words of an error are not broken
"""What cannot be taken is told with its file, row, column, text and remedy: the exact words of each refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from asking import ask

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")

STORE = """\
[source.s]
title = "S"
published = "2024-05"

[actor.a]
name = "Alpha"
aliases = ["First"]

[actor.b]
name = "Beta"
aliases = ["First"]

[[event]]
id = "old"
date = "2024"
title = "Old"
kind = "deal"
sources = ["s"]
"""

# A file, what it holds, the options besides, the exit code, and what is told.
REFUSED: list[tuple[str, bytes | None, list[str], int, list[str]]] = [
    (
        "a.csv",
        b"",
        [],
        4,
        [
            "autotimeline: a.csv: it is empty: a CSV begins with the names of its columns",
        ],
    ),
    (
        "a.csv",
        b"sep=;\na;b\n",
        [],
        4,
        [
            "a.csv:1: the line sep=; is for Excel alone: take it out, and say --delimiter where that is no comma",
        ],
    ),
    (
        "a.csv",
        b"a;b\n1;2\n",
        [],
        4,
        [
            "a.csv:1: all of the header is one column, with semicolons in it: if they separate the cells, say --delimiter ';'",
        ],
    ),
    (
        "a.csv",
        b"a\tb\n1\t2\n",
        [],
        4,
        [
            "a.csv:1: all of the header is one column, with tabs in it: if they separate the cells, say --delimiter $'\\t'",
        ],
    ),
    (
        "a.csv",
        b"title,date,title\n",
        [],
        4,
        [
            'a.csv:1: columns 1 and 3 are both named "title": give each a name of its own',
        ],
    ),
    (
        "a.csv",
        b"title,,date\n",
        [],
        4,
        [
            "a.csv:1: column 2 has no name: write one in the header",
        ],
    ),
    (
        "a.csv",
        b"title,date\nx,2024\ny\nz,2024,3\n",
        [],
        4,
        [
            'a.csv:3: row 2: it has 1 cell, and the header 2: quote a cell that holds ",", a quote or a line break, or add what is missing',
            'a.csv:4: row 3: it has 3 cells, and the header 2: quote a cell that holds ",", a quote or a line break, or add what is missing',
            "autotimeline: nothing was written: 2 of 3 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b'title,date\n"x,2024\n',
        [],
        4,
        [
            "a.csv:2: no CSV: the quote that opens here never closes: end the cell with a quote",
        ],
    ),
    (
        "a.csv",
        b'title,date\n"x"y,2024\n',
        [],
        4,
        [
            'a.csv:2: no CSV: a quote inside of a quoted cell ends it: write it twice, as ""',
        ],
    ),
    (
        "a.csv",
        b"title,date\nx\xff,2024\n",
        [],
        4,
        [
            "a.csv:2: byte 0xff is not UTF-8; save the file as UTF-8",
        ],
    ),
    (
        "a.csv",
        b"\xff\xfet\x00i\x00t\x00l\x00e\x00,\x00d\x00a\x00t\x00e\x00\n\x00x\x00,\x002\x000\x002\x004\x00\n\x00",
        [],
        4,
        [
            "a.csv:1: the file is UTF-16; save it as UTF-8",
        ],
    ),
    (
        "a.csv",
        b"title,date\nx,2024-13\ny,soon\n,2024\n",
        [],
        4,
        [
            'a.csv:2: row 1, column "date": "2024-13" is not a part of a year: write a month from 01 to 12; if these are two years, write 2024/2113, or add --date-format YYYY-YY',
            'a.csv:3: row 2, column "date": "soon" is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span of them, as 2025-01/2025-06',
            'a.csv:4: row 3, column "title": it is empty, and every event has a title: write one',
            "autotimeline: nothing was written: 3 of 3 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title,date,edtf\nx,2024,2023\n",
        [],
        4,
        [
            'a.csv:2: row 1, column "date": date "2024" and edtf "2023" are not the same date: correct one, or leave its column out',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title,actors,reported,figures,status\nx,zeta,maybe,cost,done\n",
        [],
        4,
        [
            'a.csv:2: row 1, column "reported": "maybe" is none of true, false: write one of them',
            'a.csv:2: row 1, column "status": "done" is not one of happened, planned, cancelled',
            'a.csv:2: row 1, column "figures": figures.cost: missing; write value = "…", or printed = "…" if the source gives no number',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title,sources\nx,s | y\n",
        [],
        4,
        [
            'a.csv:2: row 1, column "sources": "y" stands behind a | and is no key=value: write a | in a text as \\|',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"id,date,kind\nx,2024,y\n",
        [],
        2,
        [
            'autotimeline: a.csv has no column "title", which every event has: write it out anew with all fields',
        ],
    ),
    (
        "a.csv",
        b"id,title,date,kind\nold,New,2024,deal\n",
        [],
        4,
        [
            'a.csv:2: row 1: event "old" is in the store and says otherwise: title: "Old" there, "New" here: mend one of them, or take this with --update',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"id,title,date\nx,One,2024\nx,Two,2024\nx,One,2024\n",
        [],
        4,
        [
            'a.csv:3: row 2: the id "x" stands in a.csv:2: row 1 too, and says otherwise: title: "One" there, "Two" here: give each an id of its own',
            "autotimeline: nothing was written: 1 of 3 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2013-03-14T08:00:00Z,x\n",
        ["--map", "date=when", "--map", "title=what"],
        2,
        [
            'autotimeline: a.csv: column "when": the form of these dates has to be named: "2013-03-14T08:00:00Z" (row 1); say --date-format %Y-%m-%dT%H:%M:%SZ or --date-format %Y-%m-%dT%H:%M:%S%z',
        ],
    ),
    (
        "a.csv",
        b"when,what\n10/11/2025,x\n11/12/2025,x\n01/02/2025,x\n01/02/2024,x\n01/02/2023,x\n01/02/2022,x\n",
        ["--map", "date=when", "--map", "title=what", "--skip-bad"],
        2,
        [
            'autotimeline: a.csv: column "when": the form of these dates has to be named: "10/11/2025" (row 1), "11/12/2025" (row 2), "01/02/2025" (row 3), "01/02/2024" (row 4), "01/02/2023" (row 5) and 1 more; say --date-format %d/%m/%Y or --date-format %m/%d/%Y',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "date=wen", "--map", "title=what"],
        2,
        [
            'autotimeline: --map date=wen: a.csv has no column "wen"; did you mean "when"?',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "dat=when", "--map", "title=what"],
        2,
        [
            'autotimeline: --map dat=when: an event has no "dat"; did you mean "date"?',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "date=when"],
        2,
        [
            "autotimeline: --map: no column is the title, which every event has: add --map title=COLUMN",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "date"],
        2,
        [
            "autotimeline: --map date: write KEY=COLUMN, as title=name",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "date=when", "--map", "date=what", "--map", "title=what"],
        2,
        [
            'autotimeline: --map date: "when" and "what" cannot both be it; choose one',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--source", "gone"],
        2,
        [
            'autotimeline: no source "gone"; --source-title makes it',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--actor", "buyer=gone"],
        2,
        [
            'autotimeline: no actor "gone"; `autotimeline add` makes it',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--status", "done"],
        2,
        [
            'autotimeline: no status "done"; there are happened, planned, cancelled',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--date-format", "%d/%m/%y"],
        2,
        [
            "autotimeline: --date-format %d/%m/%y: %y is a year of two digits, of which nobody knows the century: make it four, %Y",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--date-format", "%d/%Y"],
        2,
        [
            "autotimeline: --date-format %d/%Y: it has a day and no month: write %m, %b or %B",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--date-format", "%A %d/%m/%Y"],
        2,
        [
            "autotimeline: --date-format %A %d/%m/%Y: %A is none of %Y %m %d %b %B %j %H %I %M %S %f %p %z %%",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--delimiter", ";;"],
        2,
        [
            "autotimeline: --delimiter ;;: one character separates cells",
        ],
    ),
    (
        "a.json",
        b'{"a": 1',
        [],
        4,
        [
            "a.json:1: no JSON: expecting ',' delimiter (column 8): correct it there",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x"}, {"title": "y",}]',
        [],
        4,
        [
            "a.json:1: no JSON: expecting property name enclosed in double quotes (column 32): correct it there",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x"} {"title": "y"}]',
        [],
        4,
        [
            "a.json:1: no JSON: expecting ',' or ']' (column 17): correct it there",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "title": "y"}]',
        [],
        4,
        [
            'a.json:1: the key "title" stands twice in one object: keep one of the two',
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "note": NaN}]',
        [],
        4,
        [
            "a.json:1: NaN is no number of JSON: write null, or leave the key out",
        ],
    ),
    (
        "a.json",
        b'[1, {"title": "\\ud800"}, {"title": 3}, {"title": "fine"}]',
        [],
        4,
        [
            "a.json:1: row 1: it is no object: write one, with a key for each column",
            'a.json:1: row 2, column "title": \\ud800 is half of a character: correct the text',
            'a.json:1: row 3, column "title": must be text in quotes, not a number',
            "autotimeline: nothing was written: 3 of 4 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'"x"',
        [],
        4,
        [
            "autotimeline: a.json: it holds no objects: write an array of them, one for each event",
        ],
    ),
    (
        "a.json",
        b'{"a":[{"x":1}],"b":[{"y":1}]}',
        [],
        4,
        [
            'autotimeline: a.json: "a" and "b" both hold objects; write the one that is meant to a file of its own',
        ],
    ),
    (
        "a.jsonl",
        b'{"title":"x"}\n\nnope\n{"title":"y","figures":[{"a":1}],"links":[1]}\n',
        [],
        4,
        [
            "a.jsonl:3: row 2: no JSON: expecting value (column 1): correct it there",
            'a.jsonl:4: row 3, column "figures": a figure has a metric: write {"metric": "investment", "text": "~1.5bn EUR"}',
            'a.jsonl:4: row 3, column "links": a link has a type and an event: write {"type": "leads-to", "event": "…"}',
            "autotimeline: nothing was written: 2 of 3 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b'[event]\nid = "a"\ntitle = "A"\n',
        [],
        4,
        [
            'a.toml:1: event "a": each event needs a header with double brackets; write [[event]]',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b"event = [1]\n",
        [],
        4,
        [
            "a.toml:1: each event needs a header with double brackets; write [[event]]",
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b"x = \n",
        [],
        4,
        [
            "a.toml:1: missing value; write one, or remove the line (column 5)",
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b"[x]\na=1\n[y]\nb=2\n",
        [],
        4,
        [
            'autotimeline: a.toml: "x", "y": neither a store nor one list of tables, as [[facts]]',
        ],
    ),
    (
        "a.toml",
        b'[[event]]\ntitle = "x"\ndate = "soon"\n[[event]]\nid="A"\ntitle="y"\n',
        [],
        4,
        [
            'a.toml:3: date: "soon" is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span of them, as 2025-01/2025-06',
            'a.toml:5: event "A": id: "A" is not an id; use a-z, 0-9, and single hyphens, like "a"',
            "autotimeline: nothing was written: 2 of 2 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "actors": [{"id": ["a"], "name": "n"}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "actors": an actor has an id, and perhaps a role: write {"id": "…", "role": "buyer"}',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "actors": [{"id": "a", "role": ["r"]}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "actors": an actor has an id, and perhaps a role: write {"id": "…", "role": "buyer"}',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "actors": [{"name": "Zed"}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "actors": an actor has an id, and perhaps a role: write {"id": "…", "role": "buyer"}',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "sources": [{"id": ["s"], "title": "t"}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "sources": sources.id: must be text in quotes, not a list',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'{"event": [{"title": "x"}], "actor": ["x"]}',
        [],
        4,
        [
            "autotimeline: a.json: actor: it is no object: write one, with the keys of each by its id",
            "autotimeline: nothing was written: 1 of 2 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b'[actor.a]\nname = "Other"\n',
        [],
        4,
        [
            'a.toml:1: actor "a" is in the store and says otherwise: name: "Alpha" there, "Other" here: mend one of them, or take this with --update',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.sqlite",
        b"SQLite format 3\x00\xfb",
        [],
        2,
        [
            "autotimeline: a.sqlite: its ending tells no form: name one with --from csv|json|jsonl|toml",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "accept": [{"reason": "why"}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "accept": what is accepted has a rule and a reason: write {"rule": "disputed", "reason": "…"}',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b'[actor.byd]\nname = "BYD"\npart_of = ["nobody"]\n',
        [],
        4,
        [
            'a.toml:1: actor "byd": part_of: no actor "nobody"; `autotimeline add actor:nobody` defines it',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'{"actor": {"byd": {"name": "BYD", "part_of": ["nobody"]}}}',
        [],
        4,
        [
            'autotimeline: a.json: actor "byd": part_of: no actor "nobody"; `autotimeline add actor:nobody` defines it',
            "autotimeline: nothing was written: 1 of 1 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title,actors,sources\nx,f; c; d,t\ny,f; e; c,u\n",
        [],
        4,
        [
            "autotimeline: the store has none of these actors: c, d, f, e",
            "autotimeline: the store has none of these sources: t, u",
            "autotimeline: TOML brings actors and sources with the events, and so does `export` with a CSV",
            "autotimeline: nothing was written: 2 of 2 cannot be taken; mend them, or leave them out with --skip-bad",
        ],
    ),
    (
        "a.xlsx",
        b"PK",
        [],
        2,
        [
            "autotimeline: a.xlsx: its ending tells no form: name one with --from csv|json|jsonl|toml",
        ],
    ),
    (
        "a.csv",
        b"title\nx\n",
        ["--from", "xml"],
        2,
        [
            'autotimeline: --from: no form "xml"; there are csv, json, jsonl, toml',
        ],
    ),
    (
        "gone.csv",
        None,
        [],
        4,
        [
            "autotimeline: gone.csv: no such file or directory",
        ],
    ),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_text(STORE, "utf-8")
    return tmp_path


@pytest.mark.parametrize(("name", "data", "options", "code", "told"), REFUSED)
def test_a_refusal_says_what_is_wrong_and_what_to_do(folder, name, data, options, code, told):
    if data is not None:
        (folder / name).write_bytes(data)
    assert ask("import", name, *options) == (code, "", "".join(f"{line}\n" for line in told))
    assert (folder / "facts.toml").read_text("utf-8") == STORE
