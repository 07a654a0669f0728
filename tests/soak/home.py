"""Folders that go when the program that made them ends, whatever way it ends by itself."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from pathlib import Path

_KEPT: list[tempfile.TemporaryDirectory[str]] = []
"""Each is removed at exit, when this list goes."""


def folder(name: str) -> Path:
    """A new folder of this process."""
    made = tempfile.TemporaryDirectory(prefix=f"hw2gui-{name}-", ignore_cleanup_errors=True)
    _KEPT.append(made)
    return Path(made.name)


def own_home(name: str) -> str:
    """A home of this program's own; a process it spawns, which imports the same module again, shares it."""
    return str(folder(name)) if multiprocessing.parent_process() is None else os.environ["HW2GUI_HOME"]
