"""The encoding of imported files: named, or detected and reported."""

import codecs
import re

from autotimeline.errors import AutotimelineError, UsageError

_UTF8_BOM = b"\xef\xbb\xbf"
_BEGINNING = 4_096  # bytes
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Western languages have no such run of letters; other code pages, read as CP1252, do.
_UNLIKELY = re.compile("[\u0080-\u024f]{3}")
# Bytes of UTF-8, in a file that has others, too.
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WORD = re.compile(r"[\w'-]*[^\x00-\x7f][\w'-]*")


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file, and a message if its encoding is detected and not UTF-8.

    Raises:
        UsageError: If there is no such encoding.
        AutotimelineError: If the bytes are not a text in the encoding.
    """
    if encoding:
        return _decode_as(data, name, encoding), ""
    if data[:2] in _UTF16_BOMS:
        return _decode_as(data, name, "utf-16"), f"{name}: read as UTF-16"
    beginning = data[:_BEGINNING]
    # A text may contain the character U+0000, but hardly in a quarter of its bytes.
    if 4 * beginning.count(b"\0") > len(beginning):
        line = data.count(b"\n", 0, data.find(b"\0")) + 1
        raise AutotimelineError(f"{name}:{line}: byte 0x00 is not text; if it is UTF-16, add --encoding utf-16-le")
    try:
        return data.removeprefix(_UTF8_BOM).decode(), ""
    except UnicodeDecodeError as error:
        position = error.start
    line = data.count(b"\n", 0, position) + 1
    invalid = f"byte 0x{data[position]:02x} is not UTF-8"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    word = _WORD.search(text.split("\n")[line - 1]) if text else None
    if not word or _UNLIKELY.search(text) or _UTF8.search(data):
        raise AutotimelineError(f"{name}:{line}: {invalid}; name the encoding with --encoding, or save it as UTF-8")
    return text, f'{name}: read as CP1252 ("{word[0]}" in line {line}); name another encoding with --encoding'


def _decode_as(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (LookupError, ValueError) as error:
        if isinstance(error, UnicodeError):
            position = getattr(error, "start", 0)
            line = data.count(b"\n", 0, position) + 1
            what = f"byte 0x{data[position]:02x} is not {encoding}"
            raise AutotimelineError(f"{name}:{line}: {what}; name another --encoding") from None
        raise UsageError(f"--encoding {encoding}: unknown encoding; write, for example, cp1252 or utf-16") from None
