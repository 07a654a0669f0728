"""Sessions written by earlier versions, brought to the present form step by step, as plain values and before anything is decoded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plain = dict[str, Any]

VERSION = 2
"""The form that is written now."""


def migrated(plain: Plain, version: int) -> Plain:
    """*plain*, written as *version*, in the form of :data:`VERSION`."""
    for step in range(version, VERSION):
        plain = _STEPS[step](plain)
    return plain


def _first(plain: Plain) -> Plain:
    """Version 1 kept the settings of the next training run beside the characters' other fields; they now have a form of their own,
    which begins at its defaults.
    """
    states = plain.get("states")
    if not isinstance(states, dict) or not isinstance(states.get("vision"), dict):
        return plain
    gone = ("data", "learning_rate", "batch_size", "epochs", "seed")
    vision = {name: value for name, value in states["vision"].items() if name not in gone}
    return {**plain, "states": {**states, "vision": vision}}


_STEPS: dict[int, Callable[[Plain], Plain]] = {1: _first}
"""What leads from each version to the next."""
