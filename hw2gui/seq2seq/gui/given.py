"""What the tab gives the pages that measure and show data, and how they take a text to the playground."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from hw2gui.seq2seq.results import AttentionOverride
from hw2gui.session.store import Store
from hw2gui.widgets.services import Services

PLAYGROUND = "type"
"""The page on which a text is decoded."""


class Given(Protocol):
    """The tab's store and the window's services."""

    @property
    def store(self) -> Store[Any]:
        """Of a state with ``measure`` and ``data``, beside the playground's own fields."""
        ...

    @property
    def services(self) -> Services:
        """The window's."""
        ...


def open_in_playground(store: Store[Any], label: str, text: str, reference: str, model: str | None, epoch: int | None = None) -> None:
    """Decode *text* beside its *reference* there, with *model* (None: whichever is chosen); nothing is forced or replaced yet."""
    fresh = {"prefix": "", "override": AttentionOverride(), "chosen": 0, "pinned": None}
    own = {} if model is None else {"model": model, "epoch": epoch}
    store.replace(label, replace(store.state, page=PLAYGROUND, text=text, reference=reference, **own, **fresh))
