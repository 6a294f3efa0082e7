"""The options of an import, given on the command line or kept in a mapping file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autotimeline.errors import UsageError
from autotimeline.importing.cell_rules import EMPTY_ENDS, CellRules, parse_separators, parse_units, parse_values
from autotimeline.importing.column_mapping import LIST_PREFIXES, SINGLE_COLUMN_KEYS, ColumnMapping, parse_map_options
from autotimeline.importing.date_formats import DateReader
from autotimeline.importing.records import ImportRecord, ReadOptions
from autotimeline.schema import STATUSES
from autotimeline.store.blocks import TomlSyntaxError, decode_text, parse_toml
from autotimeline.store.toml_writer import format_block, format_value
from autotimeline.text import fold, suggest

Words = Mapping[str, Sequence[str]]
"""The words of each option, as on the command line; a flag that is set has one word."""

OPTION_TYPES = {
    "map": "pairs",
    "split": "pairs",
    "value": "pairs",
    "default_unit": "pairs",
    "missing": "texts",
    "date_format": "texts",
    "century": "text",
    "empty_end": "text",
    "decimal_comma": "flag",
    "from": "text",
    "encoding": "text",
    "delimiter": "text",
    "raw": "flag",
    "records": "text",
    "kind": "text",
    "status": "text",
    "tag": "texts",
    "actor": "texts",
    "source": "texts",
    "source_title": "text",
}
"""The type of each option that a mapping file can have, by its key there."""
_DESCRIPTIONS = {
    "pairs": "a table of keys and texts",
    "texts": "text, or a list of texts",
    "text": "text",
    "flag": "true or false",
}
_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "bar": "|", "space": " ", "\\t": "\t"}


class ImportOptions:
    """The options of an import: how files are read, the meaning of the columns, and defaults for every event.

    Without `suggest_date_formats`, errors do not suggest a date format.

    Raises:
        UsageError: If an option is invalid.
    """

    def __init__(self, words: Words | None = None, *, suggest_date_formats: bool = True) -> None:
        options = words or {}
        self.format = _text(options, "from")
        columns = parse_map_options(options.get("map", ()))
        self.mapping = ColumnMapping(columns) if columns else None
        self.rules = CellRules(
            parse_separators(options.get("split", ()), LIST_PREFIXES),
            parse_values(options.get("value", ()), (*SINGLE_COLUMN_KEYS, *LIST_PREFIXES, "figure")),
            frozenset(map(fold, options.get("missing", ()))),
            decimal_comma=bool(options.get("decimal_comma")),
            units=parse_units(options.get("default_unit", ()), self._metrics()),
            empty_end=_text(options, "empty_end") or "",
        )
        formats, century = options.get("date_format", ()), _text(options, "century")
        self.date_reader = DateReader(formats, century, suggest_formats=suggest_date_formats)
        if self.rules.empty_end not in ("", *EMPTY_ENDS):
            raise UsageError(f"--empty-end {self.rules.empty_end}: not one of {', '.join(EMPTY_ENDS)}")
        delimiter = _text(options, "delimiter")
        self.read_options = ReadOptions(
            delimiter=_DELIMITERS.get(delimiter or "", delimiter),
            raw=bool(options.get("raw")),
            encoding=_text(options, "encoding"),
            records=_text(options, "records"),
        )
        self.kind, self.status = _text(options, "kind"), _text(options, "status")
        self.source_title = _text(options, "source_title")
        self.tags, self.sources = options.get("tag", ()), options.get("source", ())
        self.actors = [split_role(word) for word in options.get("actor", ())]
        separator = self.read_options.delimiter
        if separator and (len(separator) != 1 or separator in '"\r\n'):
            names = ", ".join(name for name in _DELIMITERS if name[0] != "\\")
            raise UsageError(f"--delimiter {delimiter}: not one character; write it, or one of {names}")
        if self.status is not None and self.status not in STATUSES:
            what = suggest(self.status, STATUSES) or f"; there are {', '.join(STATUSES)}"
            raise UsageError(f'no status "{self.status}"{what}')
        if self.source_title is not None and len(self.sources) != 1:
            raise UsageError("--source-title: the title of one source; name it with --source ID")
        if self.mapping and "quote" in self.mapping.columns and not (self.sources or "source" in self.mapping.columns):
            raise UsageError("--map quote: missing source; add --source ID or --map source=COLUMN")
        self._require_columns(options)

    def _metrics(self) -> list[str]:
        """Return the metrics of mapped columns."""
        keys = self.mapping.columns if self.mapping else ()
        return [key.removeprefix("figure.") for key in keys if key.startswith("figure.")]

    def _require_columns(self, options: Words) -> None:
        """Raise UsageError if no column is mapped to the keys that an option is about."""
        columns = self.mapping.columns if self.mapping else {}
        unused = [name for name in ("split", "value", "default_unit", "missing", "decimal_comma") if options.get(name)]
        if unused and not columns:
            flag = unused[0].replace("_", "-")
            raise UsageError(f"--{flag}: only for mapped columns; add --map title=COLUMN and the other columns")
        keys = {*columns, *(key.partition(".")[0] for key in columns)}
        needed = [("--split", key) for key in self.rules.separators]
        needed += [("--empty-end", "end")] if self.rules.empty_end else []
        for flag, key in needed:
            if key not in keys:
                raise UsageError(f"{flag}: no column is mapped to {key}; add --map {key}=COLUMN")

    def unused_value_messages(self) -> list[str]:
        """Return a message for each word of `--value` that no cell has had."""
        unused = self.rules.values.keys() - self.rules.used_values
        return sorted(f'--value {key}.{word}: no cell has "{word}"' for key, word in unused)

    def apply_defaults(self, record: ImportRecord) -> ImportRecord:
        """Add the defaults to the record of an event, and return it."""
        body = record.body
        for key, value in (("kind", self.kind), ("status", self.status)):
            if value:
                body.setdefault(key, value)
        if self.tags:
            if "tags" not in body:
                record.partial_keys |= {"tags"}
            existing = body.get("tags", [])
            body["tags"] = list(dict.fromkeys([*([existing] if isinstance(existing, str) else existing), *self.tags]))
        record.named_actors = *record.named_actors, *self.actors
        record.cited_sources = *record.cited_sources, *self.sources
        return record


def _text(options: Words, name: str) -> str | None:
    return options[name][-1] if options.get(name) else None


def parse_mapping_file(name: str, data: bytes) -> dict[str, list[str]]:
    """Parse a mapping file to the words of its options, or raise UsageError."""
    try:
        tables = parse_toml(decode_text(data))
    except TomlSyntaxError as error:
        tables = error
    if isinstance(tables, TomlSyntaxError):
        raise UsageError(f"{name}:{tables.line + 1}: {tables}")
    return {key: _option_words(name, key, value) for key, value in tables.items()}


def _option_words(name: str, key: str, value: Any) -> list[str]:
    type = OPTION_TYPES.get(key)
    if type is None:
        known = ", ".join(OPTION_TYPES)
        raise UsageError(f'{name}: unknown key "{key}"{suggest(key, OPTION_TYPES)}; there are {known}')
    if type == "pairs" and isinstance(value, dict):
        return [f"{path}={text}" for path, texts in _flatten_table(name, key, value) for text in texts]
    if type == "flag" and isinstance(value, bool):
        return ["true"] if value else []
    items = [value] if isinstance(value, str) else value
    if type in ("text", "texts") and _is_text_list(items) and (type == "texts" or isinstance(value, str)):
        return list(items)
    what = "a table [map] of keys and columns" if key == "map" else _DESCRIPTIONS[type]
    raise UsageError(f"{name}: {key}: must be {what}")


def merge_words(key: str, kept: Sequence[str], given: Sequence[str]) -> list[str]:
    """Return the words of an option in a mapping file and on the command line; those given there win."""
    if OPTION_TYPES[key] == "pairs":
        paths = {word.partition("=")[0] for word in given}
        return [*(word for word in kept if word.partition("=")[0] not in paths), *given]
    return [*kept, *given] if OPTION_TYPES[key] == "texts" and key != "date_format" else list(given)


def format_mapping_file(words: Words) -> str:
    """Return the text of a mapping file, the inverse of `parse_mapping_file`."""
    lines, tables = [], []
    for key, type in OPTION_TYPES.items():
        texts = list(words.get(key, ()))
        if type == "pairs" and texts:
            pairs: dict[str, list[str]] = {}
            for word in texts:
                path, _, text = word.rpartition("=") if key == "value" else word.partition("=")
                pairs.setdefault(path, []).append(text)
            table = {path: values[0] if len(values) == 1 else values for path, values in pairs.items()}
            tables.append(format_block(key, table))
        elif texts:
            value: Any = texts if type == "texts" else texts[-1]
            lines.append(f"{key} = {'true' if type == 'flag' else format_value(value)}\n")
    return "\n".join(["".join(lines), *tables] if lines else tables)


def split_role(word: str) -> tuple[str | None, str]:
    """Return the role, None if it is missing, and the actor of `buyer=stellantis`."""
    role, equals, actor = word.rpartition("=")
    return (role if equals else None), actor


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _flatten_table(file: str, option: str, table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield (key, texts) pairs with dotted keys: in TOML, `actor.buyer` is a table in a table."""
    for key, value in table.items():
        texts = [value] if isinstance(value, str) else value
        if isinstance(value, dict):
            yield from _flatten_table(file, option, value, f"{prefix}{key}.")
        elif _is_text_list(texts):
            yield prefix + key, texts
        else:
            what = "the name of a column, or a list of names" if option == "map" else "text"
            raise UsageError(f"{file}: [{option}] {prefix}{key}: must be {what}")
