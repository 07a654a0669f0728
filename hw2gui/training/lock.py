"""A lock on a run's folder, held by the one process that trains there. The system lets go of it when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from hw2gui.errors import UnavailableError

_PATIENCE_S = 0.5
"""A look from another process (`is_locked`) holds the lock for an instant; so long it is waited for."""


class Lock:
    """The lock file *path*; its time of change is the holder's sign of life."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises `UnavailableError` if another process (or another loop of this one) has it."""
        end = time.monotonic() + _PATIENCE_S
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        while not _try(file):
            if time.monotonic() > end:
                os.close(file)
                name = self._path.parent.name
                raise UnavailableError(f"The run {name} is being trained by another program: wait for it, or stop it there.")
            time.sleep(0.02)
        self._file = file
        self.touch()

    def touch(self) -> None:
        """Show that the holder is alive."""
        if self._file is not None:
            os.utime(self._path)

    def release(self) -> None:
        """Let go; without the lock nothing happens."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock file *path*."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False  # never taken, or a folder that can only be read: nobody trains there
    try:
        return not _try(file, shared=True)
    finally:
        os.close(file)


def _try(file: int, *, shared: bool = False) -> bool:
    """Lock the open *file* if nobody has; closing it unlocks it. Shared, so that two who only look do not see each other."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
