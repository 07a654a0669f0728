"""The interesting states of a tab, for the tour's pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stop:
    """One picture: a name for the file, a caption, the state to show, and what to do with the tab once it is shown (hover a cell)."""

    name: str
    caption: str
    state: Callable[[], Any]
    then: Callable[[Any], None] | None = None
