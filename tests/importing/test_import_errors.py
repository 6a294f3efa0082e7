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
            "autotimeline: a.csv: empty file; a table begins with the names of its columns",
        ],
    ),
    (
        "a.csv",
        b"title,date\nx,2024\ny\nz,2024,3\n",
        [],
        4,
        [
            'a.csv:3: row 2: it has 1 cell, and the header 2: quote a cell that contains ",", a quote, or a line break, or add the missing cells',
            'a.csv:4: row 3: it has 3 cells, and the header 2: quote a cell that contains ",", a quote, or a line break, or add the missing cells',
            "autotimeline: nothing was written: 2 invalid records of 3; fix them, or skip them with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b'title,date\n"x,2024\n',
        [],
        4,
        [
            "a.csv:2: invalid CSV: the quote that opens here never closes; end the cell with a quote",
        ],
    ),
    (
        "a.csv",
        b'title,date\n"x"y,2024\n',
        [],
        4,
        [
            'a.csv:2: invalid CSV: a quote inside of a quoted cell ends it; write it twice, as ""',
        ],
    ),
    (
        "a.csv",
        b"title,date\nx\x81,2024\n",
        [],
        4,
        [
            "a.csv:2: byte 0x81 is not UTF-8; name the encoding with --encoding, or save it as UTF-8",
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
            'a.csv:4: row 3, column "title": missing title, which every event has; add one',
            "autotimeline: nothing was written: 3 invalid records of 3; fix them, or skip them with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title,date,edtf\nx,2024,2023\n",
        [],
        4,
        [
            'a.csv:2: row 1, column "date": date "2024" and edtf "2023" are not the same date; correct one, or remove its column',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title,actors,reported,figures,status\nx,zeta,maybe,cost,done\n",
        [],
        4,
        [
            'a.csv:2: row 1, column "reported": "maybe" is not one of true, false',
            'a.csv:2: row 1, column "status": "done" is not one of happened, planned, cancelled',
            'a.csv:2: row 1, column "figures": figures.cost: missing; write value = "…", or printed = "…" if the source gives no number',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title,sources\nx,s | y\n",
        [],
        4,
        [
            'a.csv:2: row 1, column "sources": "y" after a | is not key=value; write a | in a text as \\|',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"id,date,kind\nx,2024,y\n",
        [],
        2,
        [
            'autotimeline: a.csv: missing column "title"; list the events again with all fields',
        ],
    ),
    (
        "a.csv",
        b"id,title,date,kind\nold,New,2024,deal\n",
        [],
        4,
        [
            'a.csv:2: row 1: event "old" already exists with different values: title: "Old" exists, "New" imported; overwrite it with --update',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"id,title,date\nx,One,2024\nx,Two,2024\nx,One,2024\n",
        [],
        4,
        [
            'a.csv:3: row 2: the id "x" has different values in a.csv:2: row 1: title: "One" exists, "Two" imported; give each event an id of its own',
            "autotimeline: nothing was written: 1 invalid record of 3; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"when,what\n10/11/2025,x\n11/12/2025,x\n01/02/2025,x\n01/02/2024,x\n01/02/2023,x\n01/02/2022,x\n",
        ["--map", "date=when", "--map", "title=what"],
        2,
        [
            'autotimeline: a.csv: column "when": ambiguous dates: "10/11/2025" (row 1), "11/12/2025" (row 2), "01/02/2025" (row 3), "01/02/2024" (row 4), "01/02/2023" (row 5) and 1 more; add --date-format %d/%m/%Y or --date-format %m/%d/%Y',
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
            'autotimeline: --map dat=when: unknown key "dat"; did you mean "date"?',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "date=when"],
        2,
        [
            "autotimeline: --map: missing title, which every event has; add --map title=COLUMN",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "date"],
        2,
        [
            "autotimeline: --map date: not KEY=COLUMN; write, for example, title=name",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--source", "gone"],
        2,
        [
            'autotimeline: no source "gone"; create it with --source-title',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--actor", "buyer=gone"],
        2,
        [
            'autotimeline: no actor "gone"; create it with `autotimeline add actor:gone`',
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
            "autotimeline: --date-format %d/%m/%y: %y has no century; name the first year, such as --century 1950 for 1950 to 2049",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--date-format", "%d/%Y"],
        2,
        [
            "autotimeline: --date-format %d/%Y: missing month; write %m, %b, or %B",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--date-format", "%A %d/%m/%Y"],
        2,
        [
            "autotimeline: --date-format %A %d/%m/%Y: %A is not one of %Y %y %m %d %b %B %j %H %I %M %S %f %p %z %%",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--delimiter", ";;"],
        2,
        [
            "autotimeline: --delimiter ;;: not one character; write it, or one of tab, comma, semicolon, bar, space",
        ],
    ),
    (
        "a.json",
        b'{"a": 1',
        [],
        4,
        [
            "a.json:1: invalid JSON: expecting ',' delimiter (column 8)",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x"}, {"title": "y",}]',
        [],
        4,
        [
            "a.json:1: invalid JSON: expecting property name enclosed in double quotes (column 32)",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x"} {"title": "y"}]',
        [],
        4,
        [
            "a.json:1: invalid JSON: expecting ',' or ']' (column 17)",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "title": "y"}]',
        [],
        4,
        [
            'a.json:1: repeated key "title" in one object; keep one of the two',
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "note": NaN}]',
        [],
        4,
        [
            "a.json:1: NaN is not a JSON number; write null, or remove the key",
        ],
    ),
    (
        "a.json",
        b'[1, {"title": "\\ud800"}, {"title": 3}, {"title": "fine"}]',
        [],
        4,
        [
            "a.json:1: row 1: not an object; write one with a key for each column",
            'a.json:1: row 2, column "title": \\ud800 is half of a character; correct the text',
            'a.json:1: row 3, column "title": must be text in quotes, not a number',
            "autotimeline: nothing was written: 3 invalid records of 4; fix them, or skip them with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'"x"',
        [],
        4,
        [
            "autotimeline: a.json: no objects; write an array of them, one for each event",
        ],
    ),
    (
        "a.json",
        b'{"a":[{"x":1}],"b":[{"y":1}]}',
        [],
        2,
        [
            "autotimeline: a.json: 2 arrays of objects; name one with --records a or --records b",
        ],
    ),
    (
        "a.jsonl",
        b'{"title":"x"}\n\nnope\n{"title":"y","figures":[{"a":1}],"links":[1]}\n',
        [],
        4,
        [
            "a.jsonl:3: row 2: invalid JSON: expecting value (column 1)",
            'a.jsonl:4: row 3, column "figures": a figure needs a metric; write {"metric": "investment", "text": "~1.5bn EUR"}',
            'a.jsonl:4: row 3, column "links": a link needs a type and an event; write {"type": "leads-to", "event": "…"}',
            "autotimeline: nothing was written: 2 invalid records of 3; fix them, or skip them with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b'[event]\nid = "a"\ntitle = "A"\n',
        [],
        4,
        [
            'a.toml:1: event "a": each event needs a header with double brackets; write [[event]]',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b"event = [1]\n",
        [],
        4,
        [
            "a.toml:1: each event needs a header with double brackets; write [[event]]",
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b"x = \n",
        [],
        4,
        [
            "a.toml:1: missing value; write one, or remove the line (column 5)",
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
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
            "autotimeline: nothing was written: 2 invalid records of 2; fix them, or skip them with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "actors": [{"id": ["a"], "name": "n"}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "actors": an actor needs an id; write {"id": "…", "role": "buyer"}',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "actors": [{"id": "a", "role": ["r"]}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "actors": an actor needs an id; write {"id": "…", "role": "buyer"}',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "actors": [{"name": "Zed"}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "actors": an actor needs an id; write {"id": "…", "role": "buyer"}',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "sources": [{"id": ["s"], "title": "t"}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "sources": sources.id: must be text in quotes, not a list',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'{"event": [{"title": "x"}], "actor": ["x"]}',
        [],
        4,
        [
            "autotimeline: a.json: actor: not an object; write one with the keys of each by its id",
            "autotimeline: nothing was written: 1 invalid record of 2; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b'[actor.a]\nname = "Other"\n',
        [],
        4,
        [
            'a.toml:1: actor "a" already exists with different values: name: "Alpha" exists, "Other" imported; overwrite it with --update',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.sqlite",
        b"SQLite format 3\x00\xfb",
        [],
        2,
        [
            "autotimeline: a.sqlite: unknown extension; name the format with --from csv|json|jsonl|toml|xlsx",
        ],
    ),
    (
        "a.json",
        b'[{"title": "x", "accept": [{"reason": "why"}]}]',
        [],
        4,
        [
            'a.json:1: row 1, column "accept": an accepted finding needs a rule and a reason; write {"rule": "disputed", "reason": "…"}',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.toml",
        b'[actor.byd]\nname = "BYD"\npart_of = ["nobody"]\n',
        [],
        4,
        [
            'a.toml:1: actor "byd": part_of: no actor "nobody"; `autotimeline add actor:nobody` defines it',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.json",
        b'{"actor": {"byd": {"name": "BYD", "part_of": ["nobody"]}}}',
        [],
        4,
        [
            'autotimeline: a.json: actor "byd": part_of: no actor "nobody"; `autotimeline add actor:nobody` defines it',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title,actors,sources\nx,f; c; d,t\ny,f; e; c,u\n",
        [],
        4,
        [
            "autotimeline: undefined actors: c, d, f, e",
            "autotimeline: undefined sources: t, u",
            "autotimeline: import TOML, or an export, which define actors and sources; or add them with `autotimeline add`",
            "autotimeline: nothing was written: 2 invalid records of 2; fix them, or skip them with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"title\nx\n",
        ["--from", "xml"],
        2,
        [
            'autotimeline: --from: unknown format "xml"; there are csv, json, jsonl, toml, xlsx',
        ],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--split", "tag=,"],
        2,
        ["autotimeline: --split: no column is mapped to tag; add --map tag=COLUMN"],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--empty-end", "open"],
        2,
        ["autotimeline: --empty-end: no column is mapped to end; add --map end=COLUMN"],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--century", "1950"],
        2,
        ["autotimeline: --century: no date format has %y; add one, such as --date-format %d/%m/%y"],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--map", "date=a,b,c,d"],
        2,
        ["autotimeline: --map date=a,b,c,d: at most a year, a month, and a day"],
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
    (
        "a.csv",
        b"when,what\n22-Apr-17,x\n",
        ["--map", "date=when", "--map", "title=what"],
        2,
        [
            'autotimeline: a.csv: column "when": ambiguous dates: "22-Apr-17" (row 1); add --date-format %d-%b-%y --century 1950',
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "figures.loss=what", "--map", "title=what"],
        2,
        [
            'autotimeline: --map figures.loss=what: unknown key "figures.loss"; did you mean "figure.loss"?',
        ],
    ),
    (
        "a.csv",
        b"when,what,price\n2025,x,5 EUR\n",
        ["--map", "title=what", "--map", "figure.p=price", "--map", "figure.p=price"],
        2,
        [
            "autotimeline: --map figure.p=price: named twice; remove one of them",
        ],
    ),
    (
        "a.csv",
        b"\x1f\x8b\x08\x00",
        [],
        4,
        [
            "autotimeline: a.csv: compressed with gzip; write gunzip -c a.csv | autotimeline import -",
        ],
    ),
    (
        "a.csv",
        "title\n5\n".encode("utf-16-le"),
        [],
        4,
        [
            "a.csv:1: byte 0x00 is not text; if it is UTF-16, add --encoding utf-16-le",
        ],
    ),
    (
        "a.csv",
        b"when,what\n2025,x\n",
        ["--map", "title=what", "--map", "title=when"],
        2,
        [
            'autotimeline: --map title: two columns, "what" and "when"; choose one',
        ],
    ),
    (
        "a.csv",
        b"y,m,d,what\n2025,,3,x\n,4,,y\n25,4,3,z\n",
        ["--map", "date=y,m,d", "--map", "title=what"],
        4,
        [
            'a.csv:2: row 1, column "y,m,d": "2025", "", "3": missing month; add it, or empty the cells after it',
            'a.csv:3: row 2, column "y,m,d": "", "4", "": missing year; add it, or empty the cells after it',
            'a.csv:4: row 3, column "y,m,d": "25", "4", "3": not a year of four digits, a month, and a day; map date=YEAR,MONTH,DAY',
            "autotimeline: nothing was written: 3 invalid records of 3; fix them, or skip them with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b'what,price,state,tags\nx,"1,5 EUR",done,"a,b"\ny,dear,planned,a\n',
        ["--map", "title=what", "--map", "figure.p=price", "--map", "status=state", "--map", "tag=tags"],
        4,
        [
            'a.csv:2: row 1, column "state": "done": not a status (happened, planned, cancelled); add --value status.done=happened',
            'a.csv:2: row 1, column "tags": "a,b": comma in a tag; add --split tag=, if it is several tags',
            'a.csv:2: row 1, column "price": "1,5 EUR": "1,5" can be read as 1.5 or as 15; write it that way, or add --decimal-comma',
            'a.csv:3: row 2, column "price": "dear": missing number; add it, or --missing dear to keep only the words',
            "autotimeline: nothing was written: 2 invalid records of 2; fix them, or skip them with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b'what,price\nx,"1,234.5"\n',
        ["--map", "title=what", "--map", "figure.p=price", "--decimal-comma"],
        4,
        [
            'a.csv:2: row 1, column "price": "1,234.5": not a number with a decimal comma; write it like 1.234,5',
            "autotimeline: nothing was written: 1 invalid record of 1; fix it, or skip it with --skip-bad",
        ],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--split", "title=,"],
        2,
        [
            'autotimeline: --split title=,: not KEY=SEPARATOR; write actor, place, tag, source, as in tag=","',
        ],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--value", "status=happened"],
        2,
        [
            "autotimeline: --value status=happened: not KEY.WORD=VALUE; write, for example, status.done=happened",
        ],
    ),
    (
        "a.csv",
        b"title\nx\n",
        ["--missing", "TBC"],
        2,
        [
            "autotimeline: --missing: only for mapped columns; add --map title=COLUMN and the other columns",
        ],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--century", "19"],
        2,
        [
            "autotimeline: --century 19: not a year; write the first year, such as 1950 for 1950 to 2049",
        ],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--empty-end", "never"],
        2,
        [
            "autotimeline: --empty-end never: not one of unknown, open, none",
        ],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--encoding", "klingon"],
        2,
        [
            "autotimeline: --encoding klingon: unknown encoding; write, for example, cp1252 or utf-16",
        ],
    ),
    (
        "a.csv",
        b"what\nx\xff\n",
        ["--map", "title=what", "--encoding", "ascii"],
        4,
        [
            "a.csv:2: byte 0xff is not ascii; name another --encoding",
        ],
    ),
    (
        "a.csv",
        b"title\n\xcf\xf0\xe8\xe2\xe5\xf2\n",
        [],
        4,
        [
            "a.csv:2: byte 0xcf is not UTF-8; name the encoding with --encoding, or save it as UTF-8",
        ],
    ),
    (
        "a.csv",
        b"what\nx\n",
        ["--map", "title=what", "--records", "a.b"],
        2,
        [
            "autotimeline: --records: only for JSON and workbooks; a.csv is neither",
        ],
    ),
    (
        "a.json",
        b'{"a":{"rows":[{"x":1}]}}',
        ["--records", "a.row"],
        2,
        [
            'autotimeline: --records a.row: a.json has no array "a.row"; did you mean "a.rows"?',
        ],
    ),
    (
        "a.xlsx",
        b"PK",
        [],
        4,
        [
            "autotimeline: a.xlsx: invalid workbook: Cannot detect file format; save it again",
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
