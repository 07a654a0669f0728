"""Objects named by their import path, so that what is not needed yet is not loaded."""

from __future__ import annotations

import importlib
from typing import Any


def load(path: str) -> Any:
    """The object named "package.module:name"."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
