"""Memory that is free within the program, given back to the system; and what stays, left out of the search for garbage."""

from __future__ import annotations

import ctypes
import gc
import sys
from functools import lru_cache
from typing import Any


def give_back() -> bool:
    """Give the system every whole page that nothing is kept in; whether this C library can (glibc's ``malloc_trim``).

    glibc does so by itself at the end of its heap alone, and where small things that live long lie among large ones that do not, a
    process that uses no more than before holds ever more. Takes about a millisecond.
    """
    trim = _malloc_trim()
    if trim is None:
        return False
    trim(0)
    return True


def set_aside() -> None:
    """Leave all there is now out of Python's searches for garbage: what a window is made of stays as long as it.

    A search through all of it holds the window up for more than a frame, now and then, for nothing.
    """
    gc.freeze()


@lru_cache(maxsize=1)
def _malloc_trim() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None  # another C library
