"""Whole sets of settings by name: what every subject's recipes share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from hw2gui.errors import InputError, shortened

R = TypeVar("R")


def find_in(recipes: Mapping[str, R], name: str) -> R:
    """The recipe called *name*; InputError with the known names otherwise."""
    try:
        return recipes[name]
    except KeyError:
        raise InputError(f"there is no recipe '{shortened(name)}': choose one of {', '.join(recipes)}") from None
