"""Where running programs keep what is on screen: each owns one slot, and a crash leaves its slot to be found.

A slot is ``slot-K.json`` with ``slot-K.lock`` beside it. The lock is the operating system's own and ends with the process, however it
ends; so a slot that has a file and can be locked was left by a crash (or a killed program, or a power failure).
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO

SLOTS = 16


class Slot:
    """One slot, held until :meth:`release`."""

    def __init__(self, path: Path, lock: IO[bytes]) -> None:
        self.path = path
        self._lock = lock
        self.was_left = path.exists()
        """Whether another program's work was in it when it was taken."""

    @property
    def _count(self) -> Path:
        return self.path.with_suffix(".starts")

    def begin_start(self) -> int:
        """Note that a program begins to start with what the slot holds; answer how many did so before and were never heard of again."""
        failed = 0
        with contextlib.suppress(OSError, ValueError):
            failed = int(self._count.read_text(encoding="ascii"))
        with contextlib.suppress(OSError):
            self._count.write_text(str(failed + 1), encoding="ascii")
        return failed

    def end_start(self) -> None:
        """The program has started, and the user can see it."""
        with contextlib.suppress(OSError):
            self._count.unlink(missing_ok=True)

    def release(self) -> None:
        """Let go of the slot."""
        self._lock.close()


def take(folder: Path, *, recover: bool) -> Slot:
    """Take a free slot of *folder*: with *recover* one that was left by a crash if there is any, else one that holds nothing.

    Raises OSError when the folder cannot be written, or when every slot is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"slot-{number}.json" for number in range(SLOTS)]
    for path in sorted(paths, key=lambda path: path.exists() != recover):
        if path.exists() and not recover:
            break
        lock = path.with_suffix(".lock").open("ab")
        if _locked(lock):
            return Slot(path, lock)
        lock.close()
    raise OSError(f"all {SLOTS} slots are taken")


if sys.platform == "win32":
    import msvcrt

    def _locked(lock: IO[bytes]) -> bool:
        try:
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(lock: IO[bytes]) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
