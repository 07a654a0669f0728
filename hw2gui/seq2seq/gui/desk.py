"""What every page of the tab is given: the store, the window's services, and what the text was read as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hw2gui.seq2seq.gui.reader import Reader
from hw2gui.seq2seq.state import Seq2SeqState
from hw2gui.session.store import Store
from hw2gui.widgets.services import Services


@dataclass(frozen=True)
class Desk:
    """Shared by all pages."""

    store: Store[Seq2SeqState]
    services: Services
    reader: Reader


class Page(Protocol):
    """What the tab calls of a page's widget."""

    def show_state(self, before: Seq2SeqState | None, now: Seq2SeqState) -> None:
        """Show *now*; *before* is None when the page comes to the front."""
        ...
