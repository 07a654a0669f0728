"""A file of the user's as text: bounded, in whatever encoding it is likely to be in, and saying which."""

from __future__ import annotations

import codecs
import re
import stat
import unicodedata
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from hw2gui.errors import InputError, shortened

Encoding = Literal["utf-8", "utf-16", "latin-1", "windows-1256"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)

MAX_FILE_BYTES = 32 << 20

_NAMES: dict[str, str] = {"utf-8": "UTF-8", "utf-16": "UTF-16", "latin-1": "Latin-1", "windows-1256": "Windows-1256"}
_MARKS: tuple[tuple[bytes, Encoding, str], ...] = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_SAMPLE = 1 << 16
_NO_TEXT = ("Cc", "Cn", "Co", "Cs")  # control characters, and code points that are no characters
_MOST_STRANGE = 0.1  # share of these beyond which a file is no text; in a picture or an archive it is about a quarter


class Text(NamedTuple):
    """The lines of a file without their ends, the encoding it was read in, and a sentence on how that was found."""

    lines: list[str]
    encoding: Encoding
    note: str


def read_text(path: Path, encoding: Encoding | None = None) -> Text:
    """Read *path* in *encoding*. Without one: by its byte order mark, as UTF-16 if its zero bytes say so, as UTF-8, failing that Latin-1.

    InputError, one sentence, for what is no readable file, larger than 32 MiB, empty, not in the encoding asked for, or no text.
    """
    if encoding is not None and encoding not in ENCODINGS:
        raise InputError(f"the encoding '{shortened(str(encoding))}' is not known: choose one of {', '.join(ENCODINGS)}")
    content = _content(path)
    found, note, codec = _guess(content) if encoding is None else (encoding, "as chosen", _codec(content, encoding))
    try:
        text = content.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not in {_NAMES[found]} (byte {error.start:,}): choose another encoding") from error
    sample = text[:_SAMPLE]
    if sum(unicodedata.category(character) in _NO_TEXT for character in sample if character not in "\t\n\r") > _MOST_STRANGE * len(sample):
        raise InputError(f"{path.name} is not a text file: choose a table with two columns, saved as text (TSV or CSV)")
    if not text.strip():
        raise InputError(f"{path.name} is empty: choose a table with two columns")
    # Not splitlines, which also divides at characters that may be part of a text.
    return Text(re.split("\r\n|\n|\r", text), found, f"read as {_NAMES[found]}, {note}")


def is_control(character: str) -> bool:
    """Whether it is a control character or half a surrogate pair, which no text holds."""
    return unicodedata.category(character) in ("Cc", "Cs")


def _content(path: Path) -> bytes:
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise InputError(f"{path} is not a file: choose a table with two columns, saved as text (TSV or CSV)")
        if info.st_size > MAX_FILE_BYTES:
            raise InputError(f"{path.name} has {info.st_size / 2**20:.0f} MiB: choose a table of at most {MAX_FILE_BYTES >> 20} MiB")
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be opened ({getattr(error, 'strerror', None) or error}): choose another file") from error


def _guess(content: bytes) -> tuple[Encoding, str, str]:
    """The encoding, how it was found, and the name of its codec."""
    for mark, encoding, codec in _MARKS:
        if content.startswith(mark):
            return encoding, "as its byte order mark says", codec
    order = _zero_bytes(content)
    if order and _misfit(content, f"utf-16-{order}") is None:
        return "utf-16", "as its zero bytes show", f"utf-16-{order}"
    misfit = _misfit(content, "utf-8")
    if misfit is None:
        return "utf-8", "as every byte of it fits", "utf-8"
    return "latin-1", f"since byte {misfit:,} is no UTF-8: if letters look wrong, choose its encoding or save it as UTF-8", "latin-1"


def _misfit(content: bytes, codec: str) -> int | None:
    """Where the first byte stands that is not in *codec*; None if all of it is."""
    try:
        content.decode(codec)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _codec(content: bytes, encoding: Encoding) -> str:
    if encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return f"utf-16-{_zero_bytes(content) or 'le'}"
    return encoding


def _zero_bytes(content: bytes) -> str:
    """The byte order of UTF-16 without a mark, "le" or "be", since the high bytes of line ends, tabs and Latin letters are zero; or ""."""
    even, odd = content[:_SAMPLE:2].count(0), content[1:_SAMPLE:2].count(0)
    enough = min(len(content), _SAMPLE) / 20
    if max(even, odd) < max(1, enough) or 4 * min(even, odd) > max(even, odd):
        return ""
    return "le" if odd > even else "be"
