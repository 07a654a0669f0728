"""Files written whole or not at all: to a temporary name beside the target, synced, then renamed."""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_TEMPORARY = re.compile(r"\..*-[0-9a-f]{12}(\.[^.]*)?")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in *path*'s folder; on leaving without an error it becomes *path*.

    A crash or an error at any moment leaves the old file (or none), never half a new one. A link is followed: what it
    leads to is replaced. The file keeps the old one's permissions; a new one gets those that any new file gets.
    The temporary keeps the target's suffix, for writers that choose the format by it.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.stem[:40]}-{secrets.token_hex(6)}{target.suffix}")
    temporary.touch(exist_ok=False)
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def is_temporary(path: Path) -> bool:
    """Whether *path* has a name that `replacing` gives: a program that was killed while it wrote leaves such a file behind."""
    return _TEMPORARY.fullmatch(path.name) is not None


def remove_temporaries(folder: Path, *, but: str = "") -> None:
    """Remove what killed programs left in *folder*, where nobody writes now, *but* what was to be a file of that name."""
    for path in folder.iterdir():
        if is_temporary(path) and not (but and path.name.startswith(f".{Path(but).stem}-")):
            with suppress(OSError):
                path.unlink()


def write_bytes(path: Path, content: bytes) -> None:
    """Replace *path* with *content*, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Replace *path* with *text* in UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Replace *path* with *value* as JSON, whole or not at all. Raises ValueError for NaN and infinities, which JSON does not have."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    # Half a surrogate pair, which typing can produce, has no UTF-8; backslashreplace writes what JSON writes for it.
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """The content of the file *path*, of at most *most* bytes. Raises OSError, also for what is larger, and for a device or a pipe."""
    check_ordinary(path)
    with path.open("rb") as file:
        content = file.read() if most is None else file.read(most + 1)
    if most is not None and len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def check_ordinary(path: Path) -> None:
    """Raise OSError where *path* leads to a device or a pipe, whose reading might never end, or to nothing at all."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "It is no ordinary file", str(path))


def check_writable(path: Path) -> None:
    """Raise OSError where `replacing` could not write *path*. Nothing is left behind and no folder is made."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    folder = next(one for one in target.parents if one.exists())
    with tempfile.TemporaryFile(dir=folder):  # the system alone knows: permissions, a file in a folder's place, a medium that is read only
        pass


def reason(error: OSError) -> str:
    """What the system says of *error*, in a few words: "No space left on device"."""
    return error.strerror or str(error) or type(error).__name__
