"""md5 sums of data files, computed once and remembered for as long as size and time of change stay the same."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from hw2gui import files, paths

_CHUNK = 1 << 20


def md5_of(path: Path) -> str:
    """The md5 sum of a file in hexadecimal. (It tells a damaged file; it is no defence against a forged one.)"""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def is_intact(path: Path, size: int, md5: str, *, fresh: bool = False) -> bool:
    """Whether the file has this size and md5 sum; False, too, if it cannot be read. With *fresh* the sum is computed though remembered."""
    try:
        stat = path.stat()
        if stat.st_size != size:
            return False
        key, known = str(path.resolve()), _remembered()
        seen = [stat.st_size, stat.st_mtime_ns, md5]
        if not fresh and known.get(key) == seen:
            return True
        if md5_of(path) != md5:
            return False
    except OSError:
        return False
    if known.get(key) != seen:
        _remember({**known, key: seen})
    return True


def _memory() -> Path:
    return paths.cache_folder() / "datasets" / "verified.json"


def _remembered() -> dict[str, object]:
    try:
        known = json.loads(_memory().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # nothing remembered yet, or nothing legible: sums are computed again
    return known if isinstance(known, dict) else {}


def _remember(known: dict[str, object]) -> None:
    try:
        files.write_json(_memory(), known)
    except OSError:
        return  # a cache that cannot be written costs time, nothing else
